"""From what an editor gives to a Widget, and from a Widget to the question that it asks; pure but for the look-ups."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from difflib import get_close_matches
from typing import Any

from aggregator.errors import QueryError
from aggregator.place.gazetteer import Gazetteer
from aggregator.settings import Settings
from aggregator.store import Widget
from api.parameters import SCHEMAS
from api.query import parse_query

LAYOUTS = ("list", "compact", "calendar")
LINKS = ("source", "page")
MOST_NAMED = 50
LONGEST_TITLE = 120
NOT_ASKED = ("cursor", "fields", "include", "updated_since", "tz")
SHARED = tuple(name for name in SCHEMAS if name not in NOT_ASKED)
"""The parameters of the search that a widget may ask by."""

DEFAULT_LIMIT = "10"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_ID = re.compile(r"[a-z0-9]{1,40}")
_MEMBERS = ("query", "layout", "link", "title", "pins", "picks", "blocked")

Pairs = list[tuple[str, str]]


def read_widget(
    name: str,
    told: Mapping[str, Any],
    sources: Iterable[str],
    *,
    now: datetime,
    settings: Settings,
    gazetteer: Gazetteer,
) -> Widget:
    """QueryError names the first member that cannot be. A blocked source has to be one: a slip would show a rival."""
    if not _NAME.fullmatch(name):
        raise QueryError("name", name[:80], "small letters, digits and hyphens, 63 at most, such as library-main")
    for member in told:
        if member not in _MEMBERS:
            raise QueryError(str(member)[:40], "", f"not known here; {', '.join(_MEMBERS)}")
    widget = Widget(
        name=name,
        query=_read_query(told.get("query", {})),
        layout=_read_word(told, "layout", LAYOUTS),
        link=_read_word(told, "link", LINKS),
        title=_read_title(told.get("title")),
        pins=_read_ids(told, "pins"),
        picks=_read_ids(told, "picks"),
        blocked=_read_sources(told, set(sources)),
        updated_at=now,
    )
    parse_query(pairs_of(widget), now=now, settings=settings, gazetteer=gazetteer)
    return widget


def pairs_of(widget: Widget) -> Pairs:
    """The parameters of its search; what its blocked sources tell is left out."""
    blocked = [("source", ",".join(f"!{name}" for name in widget.blocked))] if widget.blocked else []
    return [*widget.query.items(), *blocked]


def told_of(widget: Widget) -> dict[str, Any]:
    """As the editor has it; all but name and time can be saved again."""
    return {
        "name": widget.name,
        "query": dict(widget.query),
        "layout": widget.layout,
        "link": widget.link,
        "title": widget.title,
        "pins": list(widget.pins),
        "picks": list(widget.picks),
        "blocked": list(widget.blocked),
        "updatedAt": widget.updated_at.isoformat(),
    }


def _read_query(value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        raise QueryError("query", str(value)[:40], 'an object is wanted, such as {"near": "Visalia, CA"}')
    for name, text in value.items():
        if name not in SHARED:
            near = get_close_matches(str(name), SHARED, n=2)
            raise QueryError(f"query.{str(name)[:40]}", str(text)[:40], "no parameter of a widget", near)
        if not isinstance(text, str):
            raise QueryError(f"query.{name}", str(text)[:40], "a text is wanted, as it would stand in an address")
    return value


def _read_word(told: Mapping[str, Any], name: str, words: tuple[str, ...]) -> str:
    word = told.get(name, words[0])
    if word not in words:
        raise QueryError(name, str(word)[:40], f"is none of {', '.join(words)}")
    return str(word)


def _read_title(title: object) -> str | None:
    if title is None:
        return None
    if not isinstance(title, str) or not title.strip() or len(title) > LONGEST_TITLE or not title.isprintable():
        raise QueryError("title", str(title)[:40], f"a line of at most {LONGEST_TITLE} characters, or null")
    return title.strip()


def _read_ids(told: Mapping[str, Any], name: str) -> tuple[str, ...]:
    ids = _read_texts(told, name)
    for one in ids:
        if not _ID.fullmatch(one):
            raise QueryError(name, one[:40], "no id of an event; /v1/events tells them")
    return ids


def _read_sources(told: Mapping[str, Any], known: set[str]) -> tuple[str, ...]:
    names = _read_texts(told, "blocked")
    for one in names:
        if one not in known:
            near = get_close_matches(one, known, n=2)
            raise QueryError("blocked", one[:80], "there is no such source; /v1/sources lists them", near)
    return names


def _read_texts(told: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = told.get(name, [])
    if not isinstance(value, list) or len(value) > MOST_NAMED or not all(isinstance(one, str) for one in value):
        raise QueryError(name, str(value)[:40], f"a list of at most {MOST_NAMED} texts is wanted")
    return tuple(dict.fromkeys(value))
