"""Listings to compare, in a word."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from aggregator.event import Event, GeoCoordinates, Organization, Place, PostalAddress, Precision
from aggregator.match import Told
from aggregator.sift import Role

START = datetime(2027, 3, 2, 18, tzinfo=UTC)
ELM = GeoCoordinates(latitude=38.0, longitude=-97.0)


def a_place(
    name: str | None = "Elm Hall", *, north: float = 0, precision: Precision = Precision.ROOFTOP, street: str | None = None
) -> Place:
    """So many metres north of the middle of Elm."""
    geo = GeoCoordinates(latitude=ELM.latitude + north / 111_195, longitude=ELM.longitude)
    address = PostalAddress(street_address=street, address_locality="Elm", address_country="US")
    return Place(name=name, address=address, geo=geo, precision=precision)


IN_TOWN = a_place(None, precision=Precision.TOWN)


def told(name: str, source: str = "a.example", *, minutes: int = 0, role: Role = "organiser", **fields: Any) -> Told:
    """A listing of Elm Hall, unless said otherwise."""
    home, trust = fields.pop("home", ELM), fields.pop("trust", 50)
    host = fields.pop("host", None)
    event = Event(
        source=source,
        uid=fields.pop("uid", "1"),
        name=name,
        start_date=START + timedelta(minutes=minutes),
        time_zone="UTC",
        location=fields.pop("location", a_place()),
        organizer=Organization(name=host) if host else None,
    )
    return Told(event=replace(event, **fields), role=role, trust=trust, home=home)
