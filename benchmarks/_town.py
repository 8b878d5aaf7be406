"""Invented towns, and what happens there: the truth that `_retold` then tells in many ways. All names are made up."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import cos, radians
from random import Random
from zoneinfo import ZoneInfo

from aggregator.event import GeoCoordinates

ZONE = "America/Chicago"
FIRST_DAY = date(2027, 3, 1)
DAYS = 90

_FIRST = "Elm Oak Cedar Maple Birch Willow Alder Aspen Hazel Rowan Juniper Laurel Linden Sumac Tamarack Spruce"
_SECOND = "Valley Ridge Falls Grove Creek Hollow Springs Harbor Bluff Prairie Crossing Heights"
_FAMILIES = "Abernathy Bellweather Corrigan Dunmore Ellsworth Fairbanks Galloway Hathaway Ingram Jessup Kettering"
_TRADES = "Brewing Books Bakery Arts Outdoors Fitness Theatre Gardens Records Robotics Quilters Cyclists Rowing"
_STREETS = "Main First Second Third Church Mill Depot Market Water School Pine Walnut Lincoln Jackson"
_HOUSES = "Hall|Brewery|Community Center|Museum|Theater|Church|Gallery|Ballroom|Lodge|Park"
_TOPICS = """
Harvest Lantern Beekeeping Kombucha Bluegrass Sourdough Watercolor Genealogy Astronomy Origami Salsa Ukulele Chess
Robotics Pottery Kayak Mushroom Birding Poetry Improv Mosaic Cider Quilting Fermentation Podcast Startup Spanish Solar
Composting Wildflower Woodcarving Accordion Calligraphy Dragon Firefly Gingerbread Heritage Ice Jazz Lavender Maple
Nonprofit Orchard Pancake Quiz Railroad Sunflower Tulip Veterans Winter Zydeco Bike Budget Pickleball Tax
"""
_FORMS = (
    "Gala|Workshop|Festival|101|Night|Social|Fair|Jam|for Beginners|Swap|Open Mic|Dinner|Run|Lecture|Showcase|Expo|Club"
    "|Mixer|Parade|Cleanup|Tasting|Bootcamp|Roundtable|Fundraiser|Luncheon|Meetup|Demo|Auction"
)
_OFTEN = (
    "Business After Hours|Farmers Market|Coffee Connections|Trivia Night|Story Time|Book Club|Yoga in the Park|Job Fair"
    "|Ribbon Cutting|Blood Drive|Lunch & Learn|City Council Meeting|Young Professionals Mixer|Open Mic Night"
    "|Toastmasters|Women in Leadership Luncheon|Live Music|Bingo Night|Community Cleanup|Craft Night"
)
FIRST, SECOND, FAMILIES, TRADES = _FIRST.split(), _SECOND.split(), _FAMILIES.split(), _TRADES.split()
STREETS, TOPICS, HOUSES = _STREETS.split(), _TOPICS.split(), _HOUSES.split("|")
FORMS, OFTEN = _FORMS.split("|"), _OFTEN.split("|")


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """A venue: where it is, and what it is called."""

    name: str
    street: str
    geo: GeoCoordinates


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """Who invites, and its site."""

    name: str
    site: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """A town with its houses and hosts."""

    name: str
    site: str
    geo: GeoCoordinates
    houses: tuple[House, ...]
    hosts: tuple[Host, ...]

    @property
    def library(self) -> House:
        return self.houses[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """What really takes place; `truth` is one number for each, `trap` is which trap it is part of."""

    truth: int
    name: str
    town: Town
    house: House
    host: Host
    start: datetime
    minutes: int = 90
    room: str | None = None
    ticket: str | None = None
    rrule: tuple[str, ...] = ()
    trap: str = ""


def shifted(geo: GeoCoordinates, metres: float, rng: Random) -> GeoCoordinates:
    """A point so far away, in any direction."""
    east, north = rng.uniform(-1, 1), rng.uniform(-1, 1)
    length = (east * east + north * north) ** 0.5 or 1.0
    north, east = metres * north / length / 111_195, metres * east / length / 111_195 / cos(radians(geo.latitude))
    return GeoCoordinates(latitude=round(geo.latitude + north, 6), longitude=round(geo.longitude + east, 6))


def make_towns(count: int, rng: Random) -> tuple[Town, ...]:
    """Towns with other names, 25 km and more apart."""
    names = [f"{one} {other}" for other in SECOND for one in FIRST]
    rng.shuffle(names)
    return tuple(_town(names[number % len(names)], number, rng) for number in range(count))


def _town(name: str, number: int, rng: Random) -> Town:
    geo = GeoCoordinates(
        latitude=round(36 + number // 16 * 0.3 + rng.uniform(-0.03, 0.03), 5),
        longitude=round(-97 + number % 16 * 0.4 + rng.uniform(-0.03, 0.03), 5),
    )
    site = f"{name.lower().replace(' ', '')}{number}"
    library = _house(f"{name} Public Library", geo, rng)
    named = rng.sample([f"{who} {what}" for who in FAMILIES for what in HOUSES], 14)
    hosts = rng.sample([f"{who} {what}" for who in FAMILIES for what in TRADES], 14)
    return Town(
        name=name,
        site=site,
        geo=geo,
        houses=(library, *(_house(house, geo, rng) for house in named)),
        hosts=tuple(Host(name=who, site=f"{who.lower().replace(' ', '')}.{site}.example") for who in hosts),
    )


def _house(name: str, geo: GeoCoordinates, rng: Random) -> House:
    street = f"{rng.randint(1, 999)} {rng.choice(STREETS)} {rng.choice(['St', 'Ave', 'Rd'])}"
    return House(name=name, street=street, geo=shifted(geo, rng.uniform(100, 3500), rng))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant in the towns' zone, days after the first."""
    return datetime.combine(FIRST_DAY + timedelta(days=day), time(hour, minute), tzinfo=ZoneInfo(ZONE))


def some_start(rng: Random) -> datetime:
    """Mostly in the evening, on the hour or half past it, as most things are."""
    return at(
        rng.randrange(DAYS), rng.choice([7, 9, 10, 10, 12, 14, 17, 18, 18, 19, 19, 20]), rng.choice([0, 0, 0, 30])
    )


def some_name(rng: Random) -> str:
    """One in four is what things are often called."""
    if rng.random() < 0.25:
        return rng.choice(OFTEN)
    topics = " ".join(rng.sample(TOPICS, rng.choice([1, 1, 2])))
    return f"{topics} {rng.choice(FORMS)}"


def some_ticket(rng: Random) -> str:
    """A page of one event on a ticketing platform."""
    number = rng.randrange(10**11, 10**12)
    kind = rng.choice(["eventbrite", "luma", "meetup"])
    if kind == "eventbrite":
        return f"https://www.eventbrite.com/e/an-evening-tickets-{number}"
    if kind == "luma":
        return f"https://{rng.choice(['lu.ma', 'luma.com'])}/{number:x}"
    return f"https://www.meetup.com/some-group/events/{number // 1000}/"
