"""Markdown and plain text: a list to paste into a letter, a page or a paper."""

import re
from collections.abc import Iterable

from aggregator.store import Hit
from api.feeds.feed import Channel, Format
from api.feeds.rss import lines_of
from api.words import Told, mark

LONGEST = 280
"""Characters of a description; a list is no place for all of it."""

_SIGNS = re.compile(r"([\\`*_{}\[\]<>()#+!|~&-])")
_UNSAFE = re.compile(r"[\s<>\"\\()]")


def write_text(told: Told, country: str | None, site: str) -> str:
    """An event in plain text, a line each: name, when, where, cost, visitors, organiser, what it is, and its link."""
    name, url = f"{mark(told)}{told['name']}", told["url"] or f"{site}/v1/events/{told['id']}"
    return join_lines([name, *_short(told, country), url])


def write_link(words: str, url: str) -> str:
    """A link in Markdown that no letter of the words or of the address ends early."""
    target = _UNSAFE.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), url)
    return f"[{escape_markdown(words)}]({target})"


def join_lines(lines: Iterable[str]) -> str:
    """A line each, whatever is in them: no page can make a line of its own."""
    return "\n".join(" ".join(line.split()) for line in lines)


def _as_markdown(channel: Channel, hit: Hit) -> bytes:
    told = channel.members(hit)
    link = write_link(f"{mark(told)}{told['name']}", told["url"] or f"{channel.site}/v1/events/{hit.id}")
    rest = "".join(f"  \n  {escape_markdown(line)}" for line in _short(told, channel.country))
    return f"- **{link}**{rest}\n".encode("utf-8", "replace")


def _as_text(channel: Channel, hit: Hit) -> bytes:
    text = write_text(channel.members(hit), channel.country, channel.site)
    return f"{text}\n\n".encode("utf-8", "replace")


def _short(told: Told, country: str | None) -> list[str]:
    """When, where, cost, visitors and organiser, and as much of the description as a list bears; a line each."""
    whole = lines_of({**told, "description": None}, country)
    about = " ".join((told["description"] or "").split())
    cut = about if len(about) <= LONGEST else f"{about[: LONGEST - 1].rpartition(' ')[0]}…"
    return [*whole, *([cut] if cut else [])]


def escape_markdown(text: str) -> str:
    """No letter of a page is markup of ours (CommonMark 2.4)."""
    return _SIGNS.sub(r"\\\1", " ".join(text.split()))


def _head_of_markdown(channel: Channel) -> bytes:
    return f"# {escape_markdown(channel.title)}\n\n".encode()


def _head_of_text(channel: Channel) -> bytes:
    return f"{channel.title}\n\n".encode()


def _tail(channel: Channel) -> bytes:
    return f"\n{channel.notes}\n".encode() if channel.notes else b""


MARKDOWN = Format(
    suffix="md",
    media_type="text/markdown; charset=utf-8",
    about="A list in Markdown, to paste into a page or a letter.",
    head=_head_of_markdown,
    event=_as_markdown,
    tail=_tail,
)
TEXT = Format(
    suffix="txt",
    media_type="text/plain; charset=utf-8",
    about="A list in plain text, to paste or to print.",
    head=_head_of_text,
    event=_as_text,
    tail=_tail,
)
