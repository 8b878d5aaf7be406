"""What the public suggested: seen, accepted and rejected by the operator, from the command line and by the API."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from rich.console import Console

from aggregator.errors import QueryError, StoreError
from aggregator.event import Kind
from aggregator.place.gazetteer import Gazetteer
from aggregator.settings import Settings, load_settings
from aggregator.store import Reader
from aggregator.store.store import Store
from aggregator.suggest import KeptSuggestion, Standing, Subject, Suggestion
from aggregator.suggest.event import event_of, own_source
from aggregator.veto import is_vetoed
from api.cli.editing import Asked, correct_field, read_why
from api.cli.known import open_known_reader, open_known_store
from api.cli.tools import now_in_utc
from api.cli.words import count, plain

READER = "a reader"
Told = dict[str, Any]


def list_suggestions(store: Reader) -> list[Told]:
    """All, those that wait first."""
    kept = sorted(store.suggestions(), key=lambda one: (one.standing is not Standing.WAITING, one.number))
    return [
        {
            "number": one.number,
            "at": one.at.isoformat(),
            "type": one.suggestion.subject.value,
            "told": dict(one.suggestion.told),
            "standing": one.standing.value,
            "reason": one.reason,
            "settledAt": one.settled_at and one.settled_at.isoformat(),
        }
        for one in kept
    ]


def accept_suggestion(store: Store, settings: Settings, number: str, kind: str | None, now: datetime) -> str:
    """A new event or group is told from now on, a fix corrects; what was done, in words."""
    one, gazetteer = _waiting(store, number), Gazetteer.open(settings.places)
    suggestion = one.suggestion
    if suggestion.subject is Subject.FIX:
        asked = _asked(store, suggestion)
        override = correct_field(store, gazetteer, asked, now)
        store.settle_suggestion(one.number, Standing.ACCEPTED, None, now)
        return f"{number}: accepted: {override.field} of {asked.event} is “{override.value}”"
    source = own_source(settings.base_url, settings.place, gazetteer, _read_kind(kind))
    event = event_of(suggestion, one.number, source, gazetteer, one.at)
    if is_vetoed(event, store.vetoes()):
        raise StoreError(f"{number}: a veto: it is not to be told; `hobnob sources vetoes` lists them")
    store.accept_suggested(one.number, event, source, now)
    return f"{number}: accepted: “{event.name}” is told by the source {source.name}"


def reject_suggestion(store: Store, number: str, why: str, now: datetime) -> str:
    """The reason is kept; what was done, in words."""
    one = _waiting(store, number)
    store.settle_suggestion(one.number, Standing.REJECTED, read_why(why), now)
    return f"{number}: rejected"


def print_suggestions(*, is_all: bool) -> None:
    """The command: a paragraph each."""
    console = Console(soft_wrap=True, highlight=False)
    with open_known_reader(load_settings().store) as store:
        listed = [told for told in list_suggestions(store) if is_all or told["standing"] == Standing.WAITING]
    for told in listed:
        reason = f": {told['reason']}" if told["reason"] else ""
        console.print(
            plain(f"{told['number']} {told['type']}, {told['at'][:10]}, {told['standing']}{reason}"), markup=False
        )
        for name, text in told["told"].items():
            console.print(f"    {plain(f'{name}: {text}')}", markup=False)
    done = "hobnob suggestions accept NUMBER, or reject NUMBER --why REASON" if listed else "nothing waits"
    console.print(f"{count(len(listed), 'suggestion')}: {done}", markup=False)


def run_settling(settle: Callable[[Store, Settings, datetime], str]) -> None:
    """The commands that settle one."""
    settings = load_settings()
    with open_known_store(settings.store) as store:
        print(settle(store, settings, now_in_utc()))


def _waiting(store: Store, number: str) -> KeptSuggestion:
    for one in store.suggestions():
        if str(one.number) == number and one.standing is Standing.WAITING:
            return one
    raise StoreError(f"{number[:40]}: no such suggestion waits; `hobnob suggestions list` has those that do")


def _asked(store: Store, suggestion: Suggestion) -> Asked:
    told = suggestion.told
    why = told.get("note") or "a reader suggested it"
    return Asked(_event(store, told["about"]), told["field"], told["value"], why[:300], READER)


def _event(store: Store, about: str) -> str:
    """The event that is meant; of a group its series, where it has one."""
    group = next((kept.group for kept in store.groups() if kept.group.id == about), None)
    if group is None:
        return about
    ids = set(store.ids_of(group.listings).values())
    if len(ids) != 1:
        raise StoreError(f"{group.name}: is told by {len(ids)} events; correct those with `hobnob correct`")
    return ids.pop()


def _read_kind(kind: str | None) -> Kind:
    if kind is not None and kind not in set(Kind):
        raise QueryError("kind", kind[:40], f"is none of {', '.join(Kind)}")
    return Kind(kind or Kind.OTHER)
