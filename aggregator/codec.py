"""Event <-> JSON, as the store keeps it and matching reads it: exact, and the same text for the same event."""

from datetime import datetime
from hashlib import blake2b
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from aggregator.event import Event, When

_EVENT = TypeAdapter(Event)
_EVENTS = TypeAdapter(tuple[Event, ...])
_TIMES = ("start_date", "end_date", "previous_start_date", "r_dates", "except_dates")
_to_json = _EVENT.serializer.to_json


def write_event(event: Event) -> bytes:
    """Only what differs from the default, so that a new field changes no stored text."""
    return _to_json(event, exclude_defaults=True)


def read_event(told: str | bytes) -> Event:
    """Times are again in the event's zone, not at a bare offset, so that a rule keeps its clock time."""
    return put_in_zone(_EVENT.validate_json(told))


def write_events(events: tuple[Event, ...]) -> bytes:
    """A JSON array of `write_event`."""
    return _EVENTS.dump_json(events, exclude_defaults=True)


def read_events(told: bytes) -> tuple[Event, ...]:
    """What `write_events` was given."""
    return tuple(map(put_in_zone, _EVENTS.validate_json(told)))


def content_hash(told: bytes) -> bytes:
    """16 bytes that differ when the event does."""
    return blake2b(told, digest_size=16).digest()


def put_in_zone(event: Event) -> Event:
    """Its times in its own zone; ZoneInfo's errors when there is no such zone.

    It is for an event that nobody else has yet: it is changed, since to copy it takes half of the time of reading it.
    """
    zone = ZoneInfo(event.time_zone)

    def at(when: When) -> When:
        return when.astimezone(zone) if isinstance(when, datetime) else when

    for name in _TIMES:
        if told := getattr(event, name):
            object.__setattr__(event, name, tuple(map(at, told)) if isinstance(told, tuple) else at(told))
    return event
