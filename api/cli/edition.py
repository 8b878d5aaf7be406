"""What is done for `hobnob digest letter`: a letter of a place, for an editor to send by other means."""

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from aggregator.errors import QueryError
from aggregator.place.gazetteer import Gazetteer
from aggregator.settings import load_settings
from aggregator.store import Reader, Widget
from api.cli.archive import publish
from api.cli.events import read_more
from api.cli.known import open_known_reader
from api.cli.letters import somebody
from api.cli.tools import now_in_utc
from api.digest.archive import read_name
from api.digest.edition import Edition, compose_edition
from api.digest.gather import Writer
from api.digest.happening import Happening
from api.digest.printed import WRITERS, Printed
from api.digest.wish import SEARCH, canonical
from api.query import parse_query


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What the editor says by options, beside the search."""

    pins: tuple[str, ...]
    left_out: frozenset[str]
    note: str
    title: str | None


def print_letter(
    named: dict[str, str | None],
    more: Sequence[str],
    widget: str | None,
    words: Words,
    *,
    most: int,
    format_: str,
    name: str | None,
) -> None:
    """Needs no sender, and keeps nothing but what is published under a name."""
    if format_ not in WRITERS:
        raise QueryError("format", format_, f"is none of {', '.join(WRITERS)}")
    if name is not None:
        read_name(name)
    settings, now = load_settings(), now_in_utc()
    gazetteer = Gazetteer.open(settings.places)
    given = [(name, value) for name, value in named.items() if value is not None] + read_more(more)
    with open_known_reader(settings.store) as store:
        saved = _saved(store, widget) if widget else None
        pairs = _join([pair for pair in saved.query.items() if pair[0] in SEARCH] if saved else [], given)
        asked = parse_query(pairs, now=now, settings=settings, gazetteer=gazetteer)
        query, zone = canonical(asked, settings), ZoneInfo(asked.window["timeZone"])
        writer = Writer(store, settings, gazetteer, somebody(settings))
        edition = _edition(words, saved)
        found = asyncio.run(writer.find(query, now))
        pinned = asyncio.run(_find_pins(writer, edition, words.pins, now))
    found = replace(found, title=edition.title or found.title)
    letter = compose_edition(found, pinned, edition, now=now, zone=zone, most=most, site=settings.base_url)
    if letter is None:
        print("Nothing is to be told, so there is no letter.")
        return
    printed = Printed(letter=letter, note=edition.note, search_url=f"{settings.base_url}/?{query}", at=now)
    if name is not None:
        publish(name, printed, settings)
    sys.stdout.write(WRITERS[format_](printed))


def _saved(store: Reader, name: str) -> Widget:
    found = store.widgets(name)
    if not found:
        raise QueryError("widget", name[:80], "there is no such widget; `hobnob widget list` names them")
    return found[0]


def _join(saved: list[tuple[str, str]], given: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """What is said now wins over what is saved."""
    return list((dict(saved) | dict(given)).items())


def _edition(words: Words, saved: Widget | None) -> Edition:
    return Edition(
        pins=(*words.pins, *(one for one in (saved.pins if saved else ()) if one not in words.pins)),
        picks=frozenset(saved.picks if saved else ()),
        left_out=words.left_out,
        blocked=frozenset(saved.blocked if saved else ()),
        note=words.note,
        title=words.title or (saved.title if saved else None),
    )


async def _find_pins(writer: Writer, edition: Edition, named: Sequence[str], now: datetime) -> list[Happening]:
    """Pins of a widget are dropped when they are over; QueryError for one that was named now."""
    found = []
    for one in edition.pins:
        its = await writer.next_of(one, now)
        if its is None and one in named:
            raise QueryError("pin", one[:40], "there is no such event, or it is over")
        if its is not None:
            found.append(its)
    return found
