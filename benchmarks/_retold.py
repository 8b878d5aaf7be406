"""One happening as its organiser, the venue, the chamber, the city and aggregators tell it: each with its own noise."""

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random

from _town import ZONE, Happening, shifted

from aggregator.event import Event, EventStatus, Organization, Place, PostalAddress, Precision
from aggregator.match import Told
from aggregator.sift import Role


@dataclass(slots=True)
class Speech:
    """How names are spelt."""

    backwards: bool = False


SPEAKS = Speech()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What one source says, and what it is in truth; `series` is the truth of the series that it is a date of."""

    told: Told
    truth: int
    trap: str
    series: int | None = None


def sources_of(happening: Happening, rng: Random) -> list[tuple[str, Role]]:
    """Who tells of it, at least one."""
    site = happening.town.site
    tellers: list[tuple[str, Role, float]] = [
        (happening.host.site, "organiser", 0.75),
        (f"chamber.{site}.example", "chamber", 0.4),
        (f"city.{site}.example", "aggregator", 0.25),
        (f"around.{site}.example", "aggregator", 0.4),
        ("everywhere.example", "aggregator", 0.2),
    ]
    if happening.house is happening.town.library:
        tellers.append((f"library.{site}.example", "venue", 0.8))
    chosen = [(source, role) for source, role, chance in tellers if rng.random() < chance]
    return chosen or [(happening.host.site, "organiser")]


def turned(name: str) -> str:
    """The name in words that nobody ever listed as common ones: each is spelt backwards."""
    return re.sub(r"[A-Za-z]+", lambda word: word[0][::-1].capitalize(), name)


def retell(happening: Happening, source: str, role: Role, rng: Random, *, keeps_start: bool = False) -> Listing:
    """The listing of one source. The organiser's own is told best; `keeps_start` is for what has to be told apart."""
    noise = 0.4 if role == "organiser" else 1.0
    uid = f"{rng.randrange(10**9)}"
    in_name = happening.room is not None and rng.random() < 0.7
    name = _name(happening, noise, rng, in_name=in_name)
    tells_room = rng.random() < (0.4 if in_name or not happening.trap else 1.0)
    event = Event(
        source=source,
        uid=uid,
        name=name,
        start_date=happening.start,
        time_zone=ZONE,
        end_date=None if rng.random() < 0.4 * noise else happening.start + timedelta(minutes=happening.minutes),
        location=_place(happening, noise, rng, tells_room=tells_room),
        organizer=_organizer(happening, role, rng),
        url=f"https://{source}/events/{uid}{rng.choice(['', '', '?utm_source=mail'])}",
        event_status=EventStatus.CANCELLED if name.lower().startswith("cancel") else EventStatus.SCHEDULED,
        rrule=happening.rrule,
        same_as=_tickets(happening, rng),
    )
    if not keeps_start and not happening.rrule:
        event = _moved(event, noise, rng)
    home = None if source == "everywhere.example" else happening.town.geo
    told = Told.of(event, role=role, trust=rng.choice([40, 50, 60]), home=home)
    return Listing(told=told, truth=happening.truth, trap=happening.trap)


def _organizer(happening: Happening, role: Role, rng: Random) -> Organization | None:
    """A chamber and an aggregator often name nobody, or themselves."""
    if role == "organiser":
        return Organization(name=happening.host.name)
    draw = rng.random()
    if draw < 0.45:
        return Organization(name=happening.host.name)
    return Organization(name=f"{happening.town.name} Chamber of Commerce") if draw < 0.6 and role == "chamber" else None


def _tickets(happening: Happening, rng: Random) -> tuple[str, ...]:
    if happening.ticket is None or rng.random() < 0.3:
        return ()
    if "eventbrite" in happening.ticket and rng.random() < 0.5:
        return (f"{happening.ticket}?aff=oddtdtcreator&utm_campaign=x",)
    return (happening.ticket.replace("lu.ma", "luma.com"),)


def _moved(event: Event, noise: float, rng: Random) -> Event:
    """Doors open earlier, minutes differ, or only the day is told."""
    draw = rng.random() / noise
    if draw < 0.05:
        return replace(event, start_date=event.start_date - timedelta(minutes=rng.choice([5, 10, 15])))
    if draw < 0.11:
        return replace(event, start_date=event.start_date - timedelta(minutes=30))
    if draw < 0.115:
        return replace(event, start_date=event.start_date - timedelta(minutes=60))
    if draw < 0.15:
        return replace(event, start_date=event.start_date.date(), end_date=None)  # type: ignore[attr-defined]
    return event


def _place(happening: Happening, noise: float, rng: Random, *, tells_room: bool) -> Place:
    house, town = happening.house, happening.town
    name = f"{house.name}, {happening.room}" if happening.room and tells_room else house.name
    address = PostalAddress(
        street_address=house.street, address_locality=town.name, address_region="KS", address_country="US"
    )
    is_told = bool(happening.trap and happening.room and tells_room)
    draw = rng.random() / noise
    if draw < 0.06 and not is_told:
        return Place()
    if draw < 0.22:
        known = name if is_told else rng.choice([name, None])
        return Place(name=known, address=replace(address, street_address=None), geo=town.geo, precision=Precision.TOWN)
    geo = shifted(house.geo, rng.uniform(30, 150), rng) if rng.random() < 0.5 * noise else house.geo
    shown = None if rng.random() < 0.12 * noise and not is_told else _house_name(name, noise, rng)
    where = replace(address, street_address=None) if rng.random() < 0.3 * noise else address
    return Place(name=shown, address=where, geo=geo, precision=rng.choice([Precision.ROOFTOP, Precision.STREET]))


def _house_name(name: str, noise: float, rng: Random) -> str:
    draw = rng.random() / noise
    if draw < 0.08:
        return f"The {name}"
    return name.replace("Center", "Ctr") if draw < 0.3 else name


def _name(happening: Happening, noise: float, rng: Random, *, in_name: bool) -> str:
    """Each sort of noise by itself, so that some names have three."""
    name = turned(happening.name) if SPEAKS.backwards else happening.name
    if in_name:
        name = f"{name}{rng.choice([' - ', ', ', ' ('])}{happening.room}"
        name += ")" if "(" in name else ""
    for chance, change in _CHANGES:
        if rng.random() < chance * noise:
            name = change(name, happening, rng)
    return name


def _typo(name: str, _: Happening, rng: Random) -> str:
    """Two letters change places, one is left out, or one is doubled."""
    at = [i for i in range(1, len(name) - 2) if name[i].isalpha() and name[i + 1].isalpha() and name[i - 1].isalpha()]
    if not at:
        return name
    i = rng.choice(at)
    return rng.choice(
        [name[:i] + name[i + 1] + name[i] + name[i + 2 :], name[:i] + name[i + 1 :], name[:i] + name[i] + name[i:]]
    )


def _status(name: str, _: Happening, rng: Random) -> str:
    return rng.choice(
        [f"{name} (SOLD OUT)", f"CANCELLED: {name}", f"{name} - Sold Out!", f"{name} [FULL]", f"NEW! {name}"]
    )


def _by(name: str, happening: Happening, rng: Random) -> str:
    host = happening.host.name
    return rng.choice(
        [f"{host} presents: {name}", f"{host}: {name}", f"{name} hosted by {host}", f"{name} with {host}"]
    )


def _at(name: str, happening: Happening, rng: Random) -> str:
    return rng.choice([f"{name} at {happening.house.name}", f"{name} @ {happening.house.name}"])


def _price(name: str, _: Happening, rng: Random) -> str:
    return rng.choice([f"{name} - $10", f"{name} (Free)", f"FREE: {name}", f"{name} ($5-$15)"])


def _when(name: str, happening: Happening, rng: Random) -> str:
    start = happening.start
    return rng.choice([f"{name} - {start:%B} {start.day}", f"{name} {start:%m/%d/%Y}", f"{start:%A}: {name}"])


def _more(name: str, happening: Happening, rng: Random) -> str:
    more = ["meet your neighbors", f"in {happening.town.name}", "all are welcome", "a fun evening for everyone"]
    return f"{name}: {rng.choice(more)}"


def _upper(name: str, *_: object) -> str:
    return name.upper()


def _ands(name: str, *_: object) -> str:
    return name.replace("&", "and").replace(" and ", " & ")


_CHANGES = (
    (0.1, _typo),
    (0.06, _more),
    (0.15, _at),
    (0.1, _by),
    (0.06, _when),
    (0.06, _price),
    (0.07, _status),
    (0.12, _upper),
    (0.2, _ands),
)
