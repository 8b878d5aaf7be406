"""JSON Feed 1.x (https://jsonfeed.org/version/1.1)."""

import json
import re
from collections.abc import Iterator
from typing import Any

from aggregator.errors import ParseError
from aggregator.reading.feeds.member import Feed, Member

_VERSION = re.compile(r'\A\s*\{.{0,2000}?"version"\s*:\s*"https?:\\?/\\?/jsonfeed\.org\b', re.DOTALL)


def is_json_feed(text: str) -> bool:
    """Whether it says so near its beginning."""
    return bool(_VERSION.match(text))


def read_json_feed(text: str) -> Feed:
    """What extensions say (`_event: {"start": …}`) becomes elements ("_event:start")."""
    try:
        feed = json.loads(text)
        members = [member for member in feed["items"] if isinstance(member, dict)]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ParseError(f"this JSON feed cannot be read: {error}") from error
    return Feed(url=_text(feed.get("home_page_url")), members=tuple(map(_read_member, members)))


def _read_member(member: dict[str, Any]) -> Member:
    tags = member.get("tags")
    return Member(
        identifier=_text(member.get("id")),
        title=_text(member.get("title")),
        url=_text(member.get("url")) or _text(member.get("external_url")),
        description=next(filter(None, map(_text, map(member.get, ("content_html", "content_text", "summary")))), None),
        published=_text(member.get("date_published")),
        image=_text(member.get("image")) or _text(member.get("banner_image")),
        categories=tuple(filter(None, map(_text, tags))) if isinstance(tags, list) else (),
        elements=dict(_extensions(member)),
    )


def _extensions(member: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, extension in member.items():
        if name.startswith("_") and isinstance(extension, dict):
            for key, value in extension.items():
                if text := _text(value):
                    yield f"{name}:{key}".lower(), text


def _text(value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return str(value).strip() or None
