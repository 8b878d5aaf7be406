"""What is done for `hobnob match`."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import Console

from aggregator.errors import QueryError, StoreError
from aggregator.event import Event
from aggregator.match import Key, Say, Word
from aggregator.render import event_members
from aggregator.schedule import standings
from aggregator.settings import Settings, load_settings
from aggregator.store.matching import Standing
from aggregator.store.store import Store
from api.cli.chosen import load_sources
from api.cli.known import open_known_store
from api.cli.tools import now_in_utc
from api.cli.words import count, plain


def show_questions() -> None:
    """A pair a paragraph: the two listings, then what was compared; as the last matching found them."""
    settings, console = load_settings(), Console(soft_wrap=True, highlight=False)
    with open_known_store(settings.store) as store:
        asked = store.questions()
        known = store.told({key for pair in asked for key in (pair.one, pair.other)})
        for pair in asked:
            for key in (pair.one, pair.other):
                console.print(f"{_spell(key)}  {plain(_name(known.get(key)))}", markup=False)
            for one in pair.verdict.evidence:
                console.print(f"    {one.points:+.1f} {plain(one.why)}", markup=False)
    told = "hobnob match join ONE OTHER, or split ONE OTHER" if asked else "nothing is to be decided"
    console.print(f"{count(len(asked), 'pair')}: {told}", markup=False)


def decide(one: str, other: str, catalogs: Sequence[Path] | None, *, is_same: bool) -> None:
    """Keep the word, and tell the events by it at once."""
    settings = load_settings()
    with open_known_store(settings.store) as store:
        pair = Pair(one, other, is_same)
        print(settle_pair(store, read_standings(settings, catalogs), pair, now_in_utc()))


class Pair(NamedTuple):
    """Two listings, each `SOURCE/IDENTIFIER`, and a person's word on them."""

    one: str
    other: str
    is_same: bool


def settle_pair(store: Store, standing: Mapping[str, Standing], pair: Pair, now: datetime) -> str:
    """Keep the word, and tell the events by it at once; what was done, in words."""
    first, second = (_read_key(store, text) for text in pair[:2])
    if first == second:
        raise QueryError("other", pair.other, "is the same listing")
    store.say(Word(one=first, other=second, say=Say.SAME if pair.is_same else Say.NOT_SAME, said_at=now))
    changed = store.match(standing, now)
    return f"{'joined' if pair.is_same else 'split'}; {count(changed, 'event')} told otherwise now"


def list_questions(store: Store) -> list[dict[str, Any]]:
    """Pairs that may be one happening: both listings as they are told, and what was compared."""
    asked = store.questions()
    told = store.told({key for pair in asked for key in (pair.one, pair.other)})
    pairs = [pair for pair in asked if pair.one in told and pair.other in told]
    return [
        {
            "one": _listing(told[pair.one]),
            "other": _listing(told[pair.other]),
            "score": pair.verdict.score,
            "evidence": [{"about": e.about, "points": e.points, "why": e.why} for e in pair.verdict.evidence],
        }
        for pair in pairs
    ]


def _listing(event: Event) -> dict[str, Any]:
    ends = event.end_date and event.end_date.isoformat()
    key = _spell((event.source, event.uid))
    return {"key": key, "startDate": event.start_date.isoformat(), "endDate": ends, "event": event_members(event)}


def read_standings(settings: Settings, catalogs: Sequence[Path] | None) -> dict[str, Standing]:
    """Whose word each source's is."""
    return standings(load_sources(settings, catalogs))


def _read_key(store: Store, text: str) -> Key:
    """The source's name has no slash; what comes after the first one is the source's own identifier."""
    source, _, uid = text.partition("/")
    if (source, uid) not in store.told([(source, uid)]):
        raise StoreError(f"{text}: there is no such listing; `hobnob match review` shows how they are written")
    return source, uid


def _spell(key: Key) -> str:
    return "/".join(key)


def _name(event: Event | None) -> str:
    return f"{event.name}, {event.start_date:%Y-%m-%d}" if event else ""
