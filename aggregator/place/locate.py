"""Where an event is: its own coordinates, else its address, else its source's place; pure."""

from dataclasses import replace
from functools import lru_cache

from aggregator.event import Event, EventAttendanceMode, EventStatus, GeoCoordinates, Place, PostalAddress, Precision
from aggregator.place.address import complete_address
from aggregator.place.find import DISAGREEMENT, Found, find_address, find_default
from aggregator.place.gazetteer import Gazetteer
from aggregator.place.pins import is_default_pin, is_point, precision_of, repairs
from aggregator.place.sphere import metres_between
from aggregator.place.towns import SAME_POINT

ANOTHER_TOWN = 2_000.0
"""Metres from the address at which coordinates that are exactly a town's centre are that town's, not the event's."""


def locate(event: Event, default: Place, gazetteer: Gazetteer) -> Event:
    """The event with its place's point and precision; `default` is its source's place. An event that is only online
    gets no point. Doubts tell which coordinates were not believed. Locating twice is locating once.
    """
    if _is_only_online(event):
        return replace(event, location=replace(event.location, geo=None, precision=Precision.NONE))
    place, doubts = locate_place(event.location, default, gazetteer)
    new = tuple(doubt for doubt in doubts if doubt not in event.doubts)
    return replace(event, location=place, doubts=(*event.doubts, *new))


@lru_cache(maxsize=4096)
def locate_place(place: Place, default: Place, gazetteer: Gazetteer) -> tuple[Place, tuple[str, ...]]:
    """As `locate`, for a place alone; and the doubts. A place that already has a precision keeps its point.

    Kept, since an organiser's events are at few places.
    """
    told = complete_address(place) if place.precision is Precision.NONE else place
    found = find_address(told, default, gazetteer)
    geo, doubt = (told.geo, None) if told.geo is None else _judge(told.geo, found, gazetteer)
    if geo:
        precision = told.precision if told.precision is not Precision.NONE else _rate(geo, found, gazetteer)
        point = Found(address=found.address, geo=geo, precision=precision)
    else:
        point = found if found.geo else find_default(found, default, gazetteer)
    located = replace(told, address=point.address, geo=point.geo, precision=point.precision)
    return located, tuple(filter(None, (doubt, found.doubt)))


def _is_only_online(event: Event) -> bool:
    if event.event_attendance_mode is EventAttendanceMode.ONLINE or event.event_status is EventStatus.MOVED_ONLINE:
        return True
    location = event.location
    tells_place = location.name or location.geo or location.address != PostalAddress()
    return bool(event.virtual_location) and not tells_place


def _judge(geo: GeoCoordinates, found: Found, gazetteer: Gazetteer) -> tuple[GeoCoordinates | None, str | None]:
    """The coordinates that are believed, if any, and what was wrong with those that are told."""
    told = f"coordinates {geo.latitude:g},{geo.longitude:g}"
    if is_default_pin(geo):
        return None, f"{told} are a map's default, no place"
    if is_point(geo) and _agree(geo, found):
        centre = gazetteer.town_at(geo)
        if centre and found.geo and metres_between(geo, found.geo) > ANOTHER_TOWN:
            return None, f"{told} are the middle of {centre.label}, where the address is not"
        return geo, None
    if found.geo:
        meant = next((point for point in repairs(geo) if _agree(point, found)), None)
        if meant:
            return meant, f"{told} were read as {meant.latitude:g},{meant.longitude:g}, where the address is"
    return None, f"{told} are not where the address is" if is_point(geo) else f"{told} are no point on Earth"


def _agree(geo: GeoCoordinates, found: Found) -> bool:
    return found.geo is None or metres_between(geo, found.geo) <= DISAGREEMENT


def _rate(geo: GeoCoordinates, found: Found, gazetteer: Gazetteer) -> Precision:
    """A town's or postcode's centre is no more than that, however many digits tell it."""
    if gazetteer.town_at(geo):
        return Precision.TOWN
    if found.geo and metres_between(geo, found.geo) < SAME_POINT:
        return found.precision
    return precision_of(geo)
