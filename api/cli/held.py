"""What a run that was held back would change, as the operator is told it."""

from typing import Any

from aggregator.collect import Held
from aggregator.event import Event
from aggregator.render import event_members
from aggregator.render.difference import differences
from api.routes.sources import run_json

Told = dict[str, Any]


def tell_held(held: Held) -> Told:
    """In the words of the API, free of people's addresses and numbers."""
    changes, stored = held.changes, held.stored
    back = [stored[uid].event for uid in changes.seen_again if stored[uid].withdrawn_at is not None]
    touched = {*changes.unseen, *(event.uid for event in changes.changed), *changes.expired}
    return {
        "run": run_json(held.run),
        "new": [_tell(event) for event in (*changes.new, *back)],
        "changed": [_tell_change(stored[event.uid].event, event) for event in changes.changed],
        "gone": [_tell(stored[uid].event) for uid in changes.unseen],
        "same": sum(one.withdrawn_at is None and uid not in touched for uid, one in stored.items()),
    }


def _tell(event: Event) -> Told:
    ends = event.end_date and event.end_date.isoformat()
    return {"startDate": event.start_date.isoformat(), "endDate": ends, "event": event_members(event)}


def _tell_change(before: Event, after: Event) -> Told:
    return {"identifier": after.uid, "name": event_members(before)["name"], "fields": differences(before, after)}
