"""Suggestion -> Event, by the way that every draft takes; pure."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from aggregator.errors import HobnobError, QueryError
from aggregator.event import Event, Kind, Place
from aggregator.normalize import normalize
from aggregator.place.gazetteer import Gazetteer
from aggregator.place.locate import locate
from aggregator.source import Draft, Page, Request, Source
from aggregator.suggest.suggestion import SUGGESTED, Subject, Suggestion, source_name


def draft_of(suggestion: Suggestion, number: int) -> Draft:
    """As a page would tell it; of a fix there is none."""
    told = suggestion.told
    return Draft(
        identifier=f"suggestion-{number}",
        name=told.get("name"),
        start_date=told.get("startDate"),
        end_date=told.get("endDate"),
        schedule=told.get("rhythm"),
        location_text=told.get("location"),
        organizer=told.get("organizer"),
        url=told.get("url"),
        description=told.get("description"),
        price=told.get("price"),
    )


def own_source(base_url: str, place: str | None, gazetteer: Gazetteer, kind: Kind = Kind.OTHER) -> Source:
    """The site's own source for what is of this kind; what names no town is at the site's place, on its clock."""
    request = Request(url=base_url)
    source = Source(name=source_name(kind), kind=kind, platform=SUGGESTED, request=request, parse=parse_nothing)
    if place is None:
        return source
    spot = gazetteer.resolve(place)
    home = Place(geo=spot.geo, precision=spot.precision)
    return replace(source, time_zone=spot.time_zone, location=home)


def parse_nothing(_: Page) -> Iterator[Draft]:
    """There is no page: people tell it."""
    return iter(())


def event_of(suggestion: Suggestion, number: int, source: Source, gazetteer: Gazetteer, now: datetime) -> Event:
    """By the way that every draft takes; QueryError for what is no event."""
    try:
        event = normalize(draft_of(suggestion, number), source, now=now, gazetteer=gazetteer)
    except (HobnobError, ValueError) as error:
        name = "rhythm" if suggestion.subject is Subject.GROUP else "startDate"
        raise QueryError(name, suggestion.told.get(name, "")[:40], str(error)) from error
    return locate(event, source.location, gazetteer)
