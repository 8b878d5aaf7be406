"""Wire: what parent and child say to each other. The trusted parent pickles, the child writes JSON."""

import json
import re
import struct
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import timedelta
from functools import cached_property
from itertools import islice
from operator import attrgetter
from typing import Any, overload

from aggregator.errors import ParseError
from aggregator.reading.private import without_people
from aggregator.source import Draft, Follow, Page, Parse, Request

MAX_DRAFTS = 5000
MAX_REQUESTS = 1000
MAX_ANSWER = 32 << 20
"""Bytes of JSON."""

HALF = MAX_ANSWER // 2 - 100
"""Bytes for drafts, and as many for requests; the rest is for what is around them."""

HISTORY = timedelta(days=60)
"""Twice as long as an event is told after its end."""

_DRAFTS, _REQUESTS = b'{"drafts":[', b'],"requests":['
LENGTH = struct.Struct(">I")
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d(?![\d])", re.ASCII)
_NAMES = tuple(field.name for field in fields(Draft))
_VALUES = attrgetter(*_NAMES)
_encode = json.JSONEncoder(separators=(",", ":")).encode
MANY = frozenset(field.name for field in fields(Draft) if str(field.type).startswith("tuple"))
FLAGS = frozenset(field.name for field in fields(Draft) if str(field.type).startswith("bool"))
_UNSAID = tuple(field.default for field in fields(Draft))


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What a child is to do with one page."""

    parse: Parse
    follow: Follow | None
    page: Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a page gave. `is_cut` when there was more than may be kept."""

    drafts: Sequence[Draft]
    requests: tuple[Request, ...]
    is_cut: bool = False


class Kept(Sequence[Draft]):
    """Drafts of a reading of our own, read when they are looked at: of most pages that did not change none is."""

    def __init__(self, told: bytes) -> None:
        self._told = told

    @cached_property
    def _said(self) -> list[dict[str, Any]]:
        said: list[dict[str, Any]] = json.loads(self._told)
        return said

    def __len__(self) -> int:
        return len(self._said)

    @overload
    def __getitem__(self, at: int) -> Draft: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[Draft]: ...

    def __getitem__(self, at: int | slice) -> Draft | Sequence[Draft]:
        return tuple(map(_hear_draft, self._said[at])) if isinstance(at, slice) else _hear_draft(self._said[at])


def read_page(task: Task) -> bytes:
    """The answer to a task: the first MAX_DRAFTS drafts and MAX_REQUESTS requests, each as far as HALF reaches.

    What is long past is left out before it is counted: calendars that keep their history begin with it. What would lead
    to a person is left out too: a reading is kept.
    """
    requests = task.follow(task.page) if task.follow else ()
    eve = (task.page.fetched_at - HISTORY).date().isoformat()
    drafts = (without_people(draft) for draft in task.parse(task.page) if not _ended_before(draft, eve))
    return _write(drafts, requests)


def _ended_before(draft: Draft, day: str) -> bool:
    """Whether a draft of one date is over by then; as text, so only what begins as ISO 8601 does is compared."""
    if draft.rrule or draft.r_dates or draft.schedule or draft.duration:
        return False
    return _is_day_before(draft.start_date, day) and (not draft.end_date or _is_day_before(draft.end_date, day))


def _is_day_before(told: str | None, day: str) -> bool:
    return bool(told and told[:10] < day and _ISO_DAY.match(told))


def write_reading(reading: Reading) -> bytes:
    """A reading as JSON, to be kept; `read_kept` is its inverse."""
    return _write(reading.drafts, reading.requests, is_cut=reading.is_cut)


def tell_error(error: BaseException) -> bytes:
    """The answer when a parser raised."""
    return json.dumps({"error": type(error).__name__, "message": str(error)[:2000]}).encode()


def read_reading(answer: bytes) -> Reading:
    """ParseError when the answer is an error or is not of the agreed shape: the child may be anyone's by now."""
    try:
        said = json.loads(answer)
        if "error" in said:
            raise ParseError(
                str(said["message"]) if said["error"] == "ParseError" else f"{said['error']}: {said['message']}"
            )
        return Reading(
            drafts=tuple(_hear_draft(draft) for draft in islice(said["drafts"], MAX_DRAFTS)),
            requests=tuple(_hear_request(request) for request in islice(said["requests"], MAX_REQUESTS)),
            is_cut=said["is_cut"] is True,
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ParseError(f"the child's answer is not of the agreed shape ({type(error).__name__}: {error})") from error


def read_kept(reading: bytes) -> Reading:
    """What `write_reading` wrote. It is parted without being read: no string of JSON holds a bare quotation mark."""
    drafts, _, rest = reading.removeprefix(_DRAFTS).rpartition(_REQUESTS)
    said = json.loads(b'{"requests":[' + rest)
    return Reading(
        drafts=Kept(b"[" + drafts + b"]"),
        requests=tuple(map(_hear_request, said["requests"])),
        is_cut=said["is_cut"],
    )


def _write(drafts: Iterable[Draft], requests: Iterable[Request], *, is_cut: bool = False) -> bytes:
    kept, cuts_drafts = _keep(map(_say_draft, drafts), MAX_DRAFTS)
    following, cuts_requests = _keep(map(_say_request, requests), MAX_REQUESTS)
    cuts = json.dumps(is_cut or cuts_drafts or cuts_requests)
    return b"".join((_DRAFTS, kept.encode(), _REQUESTS, following.encode(), f'],"is_cut":{cuts}}}'.encode()))


def _keep(parts: Iterable[str], most: int) -> tuple[str, bool]:
    """As many parts as fit, joined, and whether any were left out."""
    kept: list[str] = []
    size = 0
    for part in parts:
        size += len(part) + 1
        if len(kept) == most or size > HALF:
            return ",".join(kept), True
        kept.append(part)
    return ",".join(kept), False


def _say_draft(draft: Draft) -> str:
    return _encode(
        {
            name: value
            for name, value, unsaid in zip(_NAMES, _VALUES(draft), _UNSAID, strict=True)
            if value is not unsaid and value != unsaid
        }
    )


def _say_request(request: Request) -> str:
    body = None if request.body is None else b64encode(request.body).decode()
    return json.dumps([request.url, request.method, body, request.headers, request.completes])


def _hear_draft(said: dict[str, Any]) -> Draft:
    return Draft(**{name: _hear_field(name, value) for name, value in said.items()})


def _hear_field(name: str, value: Any) -> Any:
    if name in MANY:
        return tuple(_text(part) for part in value)
    return bool(value) if name in FLAGS else _text(value)


def _hear_request(said: list[Any]) -> Request:
    url, method, body, headers, completes = said
    if not _text(url).lower().startswith(("http://", "https://")):
        raise ValueError(f"a page may not lead to {url[:80]!r}")
    return Request(
        url=url,
        method="POST" if method == "POST" else "GET",
        body=None if body is None else b64decode(body),
        headers=tuple((_text(name), _text(value)) for name, value in headers),
        completes=None if completes is None else _text(completes),
    )


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{type(value).__name__} where text is due")
    return value
