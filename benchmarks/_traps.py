"""What looks alike and is not: each function makes the happenings of one trap, for a town and a free number."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count
from random import Random

from _retold import Listing, retell, sources_of
from _town import Happening, House, Town, at, shifted, some_name, some_start, some_ticket

Trap = Callable[[tuple[Town, ...], Iterator[int], Random], Iterator[Listing]]


def _base(town: Town, numbers: Iterator[int], rng: Random, trap: str, name: str = "") -> Happening:
    return Happening(
        truth=next(numbers),
        name=name or some_name(rng),
        town=town,
        house=rng.choice(town.houses[1:]),
        host=rng.choice(town.hosts),
        start=some_start(rng),
        trap=trap,
    )


def _told(happening: Happening, rng: Random, *, keeps_start: bool = False) -> Iterator[Listing]:
    for source, role in sources_of(happening, rng):
        yield retell(happening, source, role, rng, keeps_start=keeps_start)


def open_houses(towns: tuple[Town, ...], numbers: Iterator[int], rng: Random) -> Iterator[Listing]:
    """Three open houses of three hosts in one hour, one of them next door to another."""
    town = rng.choice(towns)
    start = some_start(rng)
    first, second = rng.sample(town.houses[1:], 2)
    next_door = House(name="Jessup Annex", street="1000 Side St", geo=shifted(first.geo, rng.uniform(90, 300), rng))
    for house, host in zip((first, second, next_door), rng.sample(town.hosts, 3), strict=True):
        minutes = rng.choice([0, 0, 30])
        yield from _told(
            replace(
                _base(town, numbers, rng, "three open houses", "Open House"),
                house=house,
                host=host,
                start=start + timedelta(minutes=minutes),
            ),
            rng,
        )


def rooms(towns: tuple[Town, ...], numbers: Iterator[int], rng: Random) -> Iterator[Listing]:
    """One name at one hour in two rooms of one house."""
    one = _base(rng.choice(towns), numbers, rng, "rooms of one venue")
    for room in rng.choice([("Room A", "Room B"), ("Room 1", "Room 2"), ("Studio 1", "Studio 3")]):
        happening = replace(one, truth=next(numbers), room=room)
        yield from _told(happening, rng, keeps_start=True)


def two_days(towns: tuple[Town, ...], numbers: Iterator[int], rng: Random) -> Iterator[Listing]:
    """A group that meets on Tuesdays and on Thursdays, told by dates, or as two series."""
    one = _base(rng.choice(towns), numbers, rng, "a group on two days")
    is_series = rng.random() < 0.4
    for days in (1, 3) if is_series else (1, 3, 8, 10):
        start = at(days, one.start.hour, one.start.minute)
        rule = ("FREQ=WEEKLY",) if is_series else ()
        yield from _told(replace(one, truth=next(numbers), start=start, rrule=rule), rng)


def sold_out(towns: tuple[Town, ...], numbers: Iterator[int], rng: Random) -> Iterator[Listing]:
    """One name, once with its status and once without; the next week's is another."""
    one = _base(rng.choice(towns), numbers, rng, "(SOLD OUT)")
    for week in range(2):
        happening = replace(one, truth=next(numbers), start=one.start + timedelta(weeks=week))
        status = rng.choice(["{} (SOLD OUT)", "SOLD OUT: {}", "CANCELLED - {}", "{} **SOLD OUT**", "{} - POSTPONED"])
        told = replace(happening, name=status.format(happening.name))
        yield retell(happening, one.host.site, "organiser", rng)
        yield retell(told, f"chamber.{one.town.site}.example", "chamber", rng)


def series(towns: tuple[Town, ...], numbers: Iterator[int], rng: Random) -> Iterator[Listing]:
    """One source tells the series, others its single dates."""
    one = _base(rng.choice(towns), numbers, rng, "a series against its dates")
    yield retell(replace(one, rrule=("FREQ=WEEKLY;COUNT=8",)), one.host.site, "organiser", rng)
    for week in range(4):
        happening = replace(one, truth=next(numbers), start=one.start + timedelta(weeks=week))
        for who, role in ((f"chamber.{one.town.site}.example", "chamber"), ("everywhere.example", "aggregator")):
            yield replace(retell(happening, who, role, rng), series=one.truth)  # type: ignore[arg-type]


def tickets_twice(towns: tuple[Town, ...], numbers: Iterator[int], rng: Random) -> Iterator[Listing]:
    """One link for two shows a day."""
    one = replace(_base(rng.choice(towns), numbers, rng, "one link twice a day"), ticket=some_ticket(rng))
    later = rng.choice([60, 90, 120, 150, 240])
    for minutes in (0, later):
        happening = replace(one, truth=next(numbers), start=one.start + timedelta(minutes=minutes), minutes=45)
        yield from _told(happening, rng, keeps_start=True)


def one_evening(towns: tuple[Town, ...], numbers: Iterator[int], rng: Random) -> Iterator[Listing]:
    """Events of one host at one hour in one house, with a word in common or not."""
    one = _base(rng.choice(towns), numbers, rng, "one host, one evening")
    words = rng.choice(
        [("Marketing", "Finance", "Hiring"), ("Pottery", "Weaving", "Glass"), ("Toddlers", "Teens", "Adults")]
    )
    names = [rng.choice(["Breakout: {}", "{} Track", "Hands-on {}", "Story Hour for {}"])] * 3
    for name, word in zip(names, words, strict=True):
        yield from _told(replace(one, truth=next(numbers), name=name.format(word)), rng)


def two_towns(towns: tuple[Town, ...], numbers: Iterator[int], rng: Random) -> Iterator[Listing]:
    """One name at one hour in two neighbouring towns, told by sources of both."""
    first = rng.randrange(len(towns) - 1)
    name, start = some_name(rng), some_start(rng)
    for town in towns[first : first + 2]:
        yield from _told(replace(_base(town, numbers, rng, "one name in two towns", name), start=start), rng)


def often_called(towns: tuple[Town, ...], numbers: Iterator[int], rng: Random) -> Iterator[Listing]:
    """What everybody calls so, by three hosts of one town at one hour."""
    town, start = rng.choice(towns), some_start(rng)
    name = rng.choice(["Coffee", "Board Meeting", "Yoga", "Networking Breakfast", "Book Club", "Live Music"])
    houses, hosts = rng.sample(town.houses[1:], 3), rng.sample(town.hosts, 3)
    for house, host in zip(houses, hosts, strict=True):
        happening = _base(town, numbers, rng, "often called so", name)
        yield from _told(replace(happening, house=house, host=host, start=start), rng)


def days_on_end(towns: tuple[Town, ...], numbers: Iterator[int], rng: Random) -> Iterator[Listing]:
    """The same every day, or every week, as copies."""
    one = _base(rng.choice(towns), numbers, rng, "copies on other days")
    step = rng.choice([1, 1, 7])
    for times in range(4):
        yield from _told(replace(one, truth=next(numbers), start=one.start + timedelta(days=step * times)), rng)


def half_hours(towns: tuple[Town, ...], numbers: Iterator[int], rng: Random) -> Iterator[Listing]:
    """Tours of one name that begin every 30 or 45 minutes, told by the same two sources."""
    one = _base(rng.choice(towns), numbers, rng, "every half hour")
    step = rng.choice([30, 45])
    tellers = sources_of(one, rng)[:2]
    for times in range(3):
        happening = replace(one, truth=next(numbers), start=one.start + timedelta(minutes=step * times), minutes=step)
        for source, role in tellers:
            yield retell(happening, source, role, rng, keeps_start=True)


TRAPS: tuple[Trap, ...] = (
    open_houses,
    rooms,
    two_days,
    sold_out,
    series,
    tickets_twice,
    one_evening,
    two_towns,
    often_called,
    days_on_end,
    half_hours,
)


def make_listings(least: int, rng: Random, towns: tuple[Town, ...]) -> list[Listing]:
    """So many listings at least: each trap in turn is a third of them, the rest is what towns do."""
    numbers = count()
    listings: list[Listing] = []
    while len(listings) < least / 3:
        for trap in TRAPS:
            listings += trap(towns, numbers, rng)
    while len(listings) < least:
        happening = _base(rng.choice(towns), numbers, rng, "")
        if rng.random() < 0.2:
            happening = replace(happening, house=happening.town.library)
        if rng.random() < 0.15:
            happening = replace(happening, room=rng.choice(["Room A", "Room 2", "Studio 1"]))
        if rng.random() < 0.4:
            happening = replace(happening, ticket=some_ticket(rng))
        listings += _told(happening, rng)
    rng.shuffle(listings)
    return listings
