"""An editor's word on events: `hobnob correct`, `hide` and `unhide`, and the same for the API."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple

from rich.console import Console

from aggregator.correct import Override
from aggregator.correct.read import read_field, read_patch
from aggregator.errors import QueryError
from aggregator.place.gazetteer import Gazetteer
from aggregator.reading.text import clean_line, without_contacts
from aggregator.settings import load_settings
from aggregator.store.correcting import Correction
from aggregator.store.store import Store
from api.cli.known import open_known_store
from api.cli.sources import read_day
from api.cli.tools import now_in_utc
from api.cli.words import count, plain

LONGEST_WHY = 300
NOBODY = "the operator"
Told = dict[str, Any]


class Asked(NamedTuple):
    """A correction as a person types it."""

    event: str
    field: str
    value: str
    why: str
    by: str | None = None
    until: str | None = None


def correct_field(store: Store, gazetteer: Gazetteer, asked: Asked, now: datetime) -> Override:
    """Keep an editor's word and tell the event by it; QueryError for what makes no sense, StoreError for no event."""
    told, field = store.uncorrected(id_of(asked.event)), read_field(asked.field)
    correction = Correction(
        field=field,
        value=without_contacts(asked.value.strip()),
        patch=read_patch(field, asked.value, told, gazetteer),
        why=read_why(asked.why),
        by=_name(asked.by),
        until=_end(asked.until, now),
    )
    return store.correct(id_of(asked.event), correction, now)


def hide_event(store: Store, event: str, why: str, by: str | None, now: datetime) -> str:
    """Tell nobody of an event; what was done, in words."""
    hidden = store.hide(id_of(event), read_why(why), _name(by), now)
    return f"{id_of(event)}: hidden, {count(hidden, 'listing')}; what other sources tell of it is hidden too"


def unhide_event(store: Store, event: str, now: datetime) -> str:
    """Tell of it again; what was done, in words."""
    shown = store.unhide(id_of(event), now)
    return f"{id_of(event)}: told again, {count(shown, 'listing')}"


def undo_correction(store: Store, number: str, now: datetime) -> str:
    """Take a correction back; what was done, in words."""
    if not number.isascii() or not number.isdecimal() or len(number) > 15:
        raise QueryError("number", number[:40], "is no number of a correction; `hobnob correct` lists them")
    override = store.undo(int(number), now)
    return f"{number}: {override.field} of {override.source}/{override.uid} is its source's again"


def tell_correction(override: Override) -> str:
    """What was done, in words."""
    until = f" until {override.until:%Y-%m-%d}" if override.until else ""
    return (
        f"{override.number}: {override.field} is “{override.value}”{until}; `hobnob correct --undo {override.number}`"
    )


def list_corrections(store: Store) -> list[Told]:
    """As the operator sees them."""
    ids = store.ids_of({override.key for override in store.overrides()})
    return [_correction(override, ids.get(override.key)) for override in store.overrides()]


def list_hides(store: Store) -> list[Told]:
    """As the operator sees them."""
    names = {hide.source: store.stored_listings(hide.source) for hide in store.hides()}
    return [
        {
            "event": hide.event,
            "source": hide.source,
            "identifier": hide.uid,
            "name": names[hide.source][hide.uid].event.name if hide.uid in names[hide.source] else None,
            "why": hide.why,
            "by": hide.by,
            "since": hide.since.isoformat(),
        }
        for hide in store.hides()
    ]


def run_correct(words: list[str], why: str | None, by: str | None, until: str | None, undo: str | None) -> None:
    """The command: one correction, one taken back, or all of them listed."""
    with _opened() as store:
        if undo is not None:
            print(undo_correction(store, undo, now_in_utc()))
        elif not words:
            _print_lines(_line(told) for told in list_corrections(store))
        elif len(words) != 3:
            raise QueryError("words", " ".join(words)[:80], "EVENT FIELD VALUE are wanted")
        else:
            gazetteer = Gazetteer.open(load_settings().places)
            event, field, value = words
            asked = Asked(event, field, value, why or "", by or getpass.getuser(), until)
            print(tell_correction(correct_field(store, gazetteer, asked, now_in_utc())))


def run_hide(event: str | None, why: str | None, by: str | None) -> None:
    """The command: hide one, or list what is hidden."""
    with _opened() as store:
        if event is None:
            _print_lines(
                f"{told['event']} {told['name'] or told['identifier']}: {told['why']}" for told in list_hides(store)
            )
        else:
            print(hide_event(store, event, why or "", by or getpass.getuser(), now_in_utc()))


def run_unhide(event: str) -> None:
    """The command."""
    with _opened() as store:
        print(unhide_event(store, event, now_in_utc()))


def id_of(event: str) -> str:
    """The id, or the end of an event's address."""
    return event.rstrip("/").rpartition("/")[2]


def read_why(why: str) -> str:
    """A reason that may be shown to anybody: no address or number of a person."""
    told = without_contacts(clean_line(why))
    if not told or len(told) > LONGEST_WHY:
        raise QueryError("why", why[:40], f"a reason of 1 to {LONGEST_WHY} characters is wanted")
    return told


def _name(by: str | None) -> str:
    return without_contacts(clean_line(by or ""))[:100] or NOBODY


def _end(until: str | None, now: datetime) -> datetime | None:
    end = read_day(until) if until else None
    if end is not None and end <= now:
        raise QueryError("until", str(until), "is over already")
    return end


def _correction(override: Override, event_id: str | None) -> Told:
    return {
        "number": override.number,
        "event": event_id,
        "source": override.source,
        "identifier": override.uid,
        "field": override.field.value,
        "value": override.value,
        "why": override.why,
        "by": override.by,
        "since": override.since.isoformat(),
        "until": override.until and override.until.isoformat(),
    }


def _line(told: Told) -> str:
    until = f" until {told['until'][:10]}" if told["until"] else ""
    return f"{told['number']} {told['event']} {told['field']} = {told['value']}{until}: {told['why']} ({told['by']})"


def _print_lines(lines: Iterator[str]) -> None:
    console = Console(soft_wrap=True, highlight=False)
    for line in lines:
        console.print(plain(line), markup=False)


@contextmanager
def _opened() -> Iterator[Store]:
    with open_known_store(load_settings().store) as store:
        yield store
