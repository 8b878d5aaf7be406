"""Which share of events tells a field; pure."""

from collections.abc import Callable, Iterable, Mapping

from aggregator.event import Event, Precision

_TELLS: Mapping[str, Callable[[Event], object]] = {
    "end": lambda event: event.end_date and not event.end_date_assumed,
    "time": lambda event: not event.is_all_day,
    "place": lambda event: event.location.precision not in (Precision.NONE, Precision.REGION),
    "street": lambda event: event.location.precision in (Precision.ROOFTOP, Precision.STREET),
    "page": lambda event: event.url,
    "description": lambda event: event.description,
    "organizer": lambda event: event.organizer and event.organizer.name,
    "price": lambda event: event.offers or event.is_accessible_for_free is not None,
    "image": lambda event: event.image,
}


def fills_of(events: Iterable[Event]) -> dict[str, float]:
    """From nothing to one, to three decimals, by field; empty when there is no event."""
    told = list(events)
    return {name: round(sum(bool(tells(e)) for e in told) / len(told), 3) for name, tells in _TELLS.items() if told}
