"""What two tellings of an event differ in, as an answer would have it."""

from typing import Any

from aggregator.event import Event
from aggregator.render.event import event_members
from aggregator.render.words import told

Difference = dict[str, dict[str, Any]]
"""Name of a member -> its value `before` and `after`."""


def differences(before: Event, after: Event) -> Difference:
    """Members in the words of the API, free of people's addresses and numbers."""
    old, new = _members(before), _members(after)
    return {name: {"before": old[name], "after": value} for name, value in new.items() if value != old[name]}


def _members(event: Event) -> dict[str, Any]:
    return {"startDate": told(event.start_date), "endDate": told(event.end_date), **event_members(event)}
