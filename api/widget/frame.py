"""The widget as a page of its own, for an <iframe>: whole without JavaScript, and it loads nothing."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from itertools import groupby
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from aggregator.settings import Settings
from api.web.language import Language
from api.widget.modules import find_module, read_text
from api.widget.shown import Showing
from api.widget.told import Row

THEMES = ("auto", "light", "dark")


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a frame looks, whatever is in it; a calendar has no room in it and is a list."""

    language: Language
    theme: str = THEMES[0]
    layout: str = "list"


def write_frame(look: Look, showing: Showing, rows: Sequence[Row], settings: Settings) -> str:
    """HTML; its times name their zone, since nobody knows whose clock the reader looks at."""
    base = f"{settings.base_url}/"
    saved_title = showing.saved.title if showing.saved else None
    place, say = showing.asked.place, look.language.say
    return _write(
        look,
        title=saved_title or (say("title.near", place=place.label) if place else say("nav.events")),
        is_titled=saved_title is not None,
        groups=_group(rows, look),
        base=base,
        zones=", ".join(sorted({row.zone for row in rows if row.zone})),
        links=[{**link, "href": _whole(base, link)} for link in showing.links],
    )


def write_problem(look: Look, problem: str, settings: Settings) -> str:
    """The same page where there is nothing to show: why, for the editor, and a link for the reader."""
    say = look.language.say
    more = {"href": f"{settings.base_url}/", "text": say("widget.more")}
    return _write(
        look, title=say("nav.events"), is_titled=False, groups=[], base="", zones="", links=[more], problem=problem
    )


@cache
def frame_policy() -> str:
    """A Content-Security-Policy: its own style and its own module, by their hashes, in anybody's page."""
    style, script = (b64encode(sha256(text.encode()).digest()).decode() for text in (_style(), _script()))
    return (
        f"default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors *"
    )


def _write(look: Look, *, problem: str | None = None, **told: Any) -> str:
    return (
        _templates()
        .get_template("embed.html.jinja")
        .render(
            lang=look.language.code,
            theme=look.theme,
            say=look.language.say,
            style=_style(),
            script=_script(),
            problem=problem,
            **told,
        )
    )


def _group(rows: Sequence[Row], look: Look) -> list[tuple[str, list[Row]]]:
    """By the heading that they stand under; a compact list has none."""
    if look.layout == "compact":
        return [("", list(rows))] if rows else []
    return [(day, list(group)) for day, group in groupby(rows, key=lambda row: row.day)]


def _whole(base: str, link: dict[str, str]) -> str:
    """A calendar is subscribed to by an address that a phone knows as one."""
    whole = base + link["href"]
    return f"webcal:{whole.partition(':')[2]}" if link["part"] == "subscribe" else whole


@cache
def _templates() -> Environment:
    return Environment(loader=PackageLoader("api", "widget"), autoescape=True, undefined=StrictUndefined)


@cache
def _style() -> str:
    return read_text("embed.css")


@cache
def _script() -> str:
    return find_module("height").body.decode()
