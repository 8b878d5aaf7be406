"""What of a listing is compared: name, day, rhythm, links, organiser, venue, point."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cached_property, lru_cache

from msgspec import Struct, structs

from aggregator.event import GeoCoordinates, Precision, When
from aggregator.match.cells import Cell, fine_cells, wide_cells
from aggregator.match.gist import Gist
from aggregator.match.links import links_of
from aggregator.match.told import Key, Told
from aggregator.match.words import Title, is_slip, read_title, stems_of, words_of
from aggregator.reading.text import fold

FINE = frozenset({Precision.ROOFTOP, Precision.STREET})
"""Points that are those of a venue."""

_LEGAL = frozenset({"inc", "llc", "ltd", "corp", "co"})
_ROOM = re.compile(r"\b([a-z]{2,7})\.? +#?([a-z]?\d+[a-z]?|[a-z])\b")
_ROOMS = ("room", "rm", "suite", "ste", "hall", "studio", "floor", "table", "field", "court")
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_BOUNDS = ("COUNT=", "UNTIL=", "WKST=", "DTSTART", "EXDATE")
_HOUSE_NUMBER = re.compile(r"\d+[a-z]?")


class Look(Struct, frozen=True, kw_only=True, dict=True):
    """What is the same for all dates of a series. Words are read when they are asked for: most listings meet no other.

    `tickets` are pages of one event on a ticketing platform, `pages` are other pages deep in a site, `links` are both.
    `geo` is None where it is unknown; `near` is where to look for it then. `cells` are small ones at a venue, large
    ones elsewhere, none where no place is known.
    """

    gist: Gist
    tickets: frozenset[str]
    pages: frozenset[str]
    links: frozenset[str]
    geo: GeoCoordinates | None
    near: GeoCoordinates | None
    is_fine: bool
    cells: Sequence[Cell]

    @cached_property
    def title(self) -> Title:
        """What is left of its name."""
        return read_title(self.gist.name)

    @cached_property
    def organiser(self) -> frozenset[str]:
        """Words of the organiser's name."""
        return _words(self.gist.organizer.name) - _LEGAL if self.gist.organizer else frozenset()

    @cached_property
    def venue(self) -> frozenset[str]:
        """Words of the venue's name."""
        return _words(self.gist.location.name)

    @cached_property
    def street(self) -> frozenset[str]:
        """Words of the street; one without a house number says little of where on it."""
        street = _words(self.gist.location.address.street_address)
        return street if any(map(_HOUSE_NUMBER.fullmatch, street)) else frozenset()

    @cached_property
    def town(self) -> frozenset[str]:
        """Words of the town's name."""
        return _words(self.gist.location.address.address_locality)

    @cached_property
    def room(self) -> str | None:
        """“b” of “Library, Room B”, in the venue's name or at the end of the event's."""
        return next(_rooms(self.gist), None)

    @cached_property
    def known(self) -> frozenset[str]:
        """Words that place and organiser bring in."""
        return self.organiser | self.venue | self.town

    @cached_property
    def stems(self) -> frozenset[str]:
        """Beginnings and ends of all words of its name but those of the host."""
        return stems_of(self.title.words - self.known or self.title.words or frozenset((self.title.joined,)))

    @cached_property
    def telling(self) -> frozenset[str]:
        """Of those words of its name that few others have."""
        return stems_of(self.title.telling - self.known)


class Traits(Struct, frozen=True, kw_only=True):
    """`day` is local; `minute` counts from the epoch, for a series from midnight, and is None for a date alone."""

    told: Told
    key: Key
    day: int
    minute: int | None
    rhythm: str | None
    look: Look


def read_traits(told: Told) -> Traits:
    """What is compared of it."""
    gist, start = told.gist, told.gist.start
    rhythm = _rhythm(gist, start) if gist.is_series else None
    return Traits(
        told=told,
        key=told.key,
        day=start.toordinal(),
        minute=_minute(start) if rhythm is None else _minute_of_day(start),
        rhythm=rhythm,
        look=_look(gist, told.home),
    )


def begun(series: Traits, start: When) -> Traits:
    """What is compared of one date of a series, which begins then: all but the time is the series'."""
    return Traits(
        told=series.told,
        key=series.key,
        day=start.toordinal(),
        minute=_minute(start),
        rhythm=None,
        look=series.look,
    )


def dated(date: Traits, told: Told) -> Traits:
    """The same under its own name."""
    return structs.replace(date, told=told, key=told.key)


def _minute(start: When) -> int | None:
    """From the epoch; None for a date alone."""
    return int(start.timestamp()) // 60 if isinstance(start, datetime) else None


def _minute_of_day(start: When) -> int | None:
    return start.hour * 60 + start.minute if isinstance(start, datetime) else None


def _look(gist: Gist, home: GeoCoordinates | None) -> Look:
    tickets, pages = links_of(link for link in (gist.url, gist.virtual_location, *gist.same_as) if link)
    place, near = gist.location, gist.location.geo or home
    is_fine = place.geo is not None and place.precision in FINE
    return Look(
        gist=gist,
        tickets=tickets,
        pages=pages,
        links=tickets | pages if tickets else pages,
        geo=place.geo,
        near=near,
        is_fine=is_fine,
        cells=_cells(near, is_fine=is_fine),
    )


def _cells(near: GeoCoordinates | None, *, is_fine: bool) -> Sequence[Cell]:
    if near is None:
        return ()
    return fine_cells(near) if is_fine else wide_cells(near)


def _words(text: str | None) -> frozenset[str]:
    return frozenset(words_of(fold(text))) if text else frozenset()


def _rooms(gist: Gist) -> Iterator[str]:
    for text in (gist.location.name, gist.name):
        for word, room in _ROOM.findall(fold(text)) if text else ():
            if _is_room(word):
                yield room


@lru_cache(maxsize=10_000)
def _is_room(word: str) -> bool:
    return word in _ROOMS or any(is_slip(word, known) for known in _ROOMS)


def _rhythm(gist: Gist, start: When) -> str:
    """The rule without its bounds, so that it is one whichever date it is told from."""
    if gist.r_dates or len(gist.rrule) > 1:
        return f"{sorted(gist.rrule)} from {start.toordinal()}"
    parts = {part.strip() for part in gist.rrule[0].upper().removeprefix("RRULE:").split(";")}
    parts = {part for part in parts if part and not part.startswith(_BOUNDS) and part != "INTERVAL=1"}
    return ";".join(sorted(parts | _implied(start, parts)))


def _implied(start: When, parts: set[str]) -> set[str]:
    """What a rule takes from its start: the weekday, the day of the month, and which week of every second."""
    told = {part.partition("=")[0] for part in parts}
    implied = set()
    if "FREQ=WEEKLY" in parts and "BYDAY" not in told:
        implied.add(f"BYDAY={_WEEKDAYS[start.weekday()]}")
    if "FREQ=MONTHLY" in parts and not told & {"BYDAY", "BYMONTHDAY"}:
        implied.add(f"BYMONTHDAY={start.day}")
    if "FREQ=YEARLY" in parts:
        implied.add(f"FROM={start.month}-{start.day}")
    if "INTERVAL" in told:
        implied.add(f"PHASE={_phase(start, parts)}")
    return implied


def _phase(start: When, parts: set[str]) -> str:
    told = next(part.removeprefix("INTERVAL=") for part in parts if part.startswith("INTERVAL="))
    steps = max(1, int(told)) if told.isdecimal() else 1
    if "FREQ=WEEKLY" in parts:
        return str((start.toordinal() - 1) // 7 % steps)
    return str((start.year * 12 + start.month) % steps) if "FREQ=MONTHLY" in parts else str(start.toordinal())
