"""Towns and spots, and which of several towns of one name is meant; pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from aggregator.event import GeoCoordinates, Precision
from aggregator.place.regions import country_name, region_name
from aggregator.place.sphere import metres_between

DOMINANCE = 5
"""A town this many times as big as each other of its name is the one that is meant when no more is said."""
ONE_TOWN = 20_000.0
"""Metres: two of one name in one region that are nearer are one town, told twice."""
SAME_POINT = 15.0
"""Metres: coordinates this near to a town's centre are that centre, which is kept in steps of 11 m."""
CHOICES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A place that the gazetteer knows. `name` is the town's; region and country are short forms of ISO 3166."""

    name: str
    geo: GeoCoordinates
    precision: Precision
    region: str | None = None
    country: str | None = None
    time_zone: str | None = None

    @property
    def label(self) -> str:
        """The place as people write it: "Visalia, CA", "London, ON", "London, England", "Cork, Ireland"."""
        return label_of(self.name, self.region, self.country)


class Town(NamedTuple):
    """A row of the gazetteer, found under its own name or another; `population` 0 where none is known."""

    name: str
    country: str
    region: str
    latitude: float
    longitude: float
    population: int
    time_zone: str | None
    is_own_name: bool

    @property
    def geo(self) -> GeoCoordinates:
        return GeoCoordinates(latitude=self.latitude, longitude=self.longitude)

    def as_spot(self) -> Spot:
        """Its centre."""
        return Spot(
            name=self.name,
            geo=self.geo,
            precision=Precision.TOWN,
            region=self.region or None,
            country=self.country,
            time_zone=self.time_zone,
        )


def label_of(name: str, region: str | None, country: str | None) -> str:
    """Short forms where people know them; elsewhere the country's name, for "Salem, IN" is in Indiana."""
    if country is None:
        return name
    if region and country in ("US", "CA"):
        return f"{name}, {region}"
    if region and country in ("GB", "AU"):
        return f"{name}, {region_name(region, country)}"
    return f"{name}, {country_name(country)}"


def find_dominant(towns: Sequence[Town]) -> Town | None:
    """The one that is meant, or None when it could be another: none is much bigger, or the biggest only has the name
    as another name ("Victoria" of Hong Kong).
    """
    distinct = list(without_repeats(sorted(towns, key=lambda town: -town.population)))
    if not distinct:
        return None
    biggest, *others = distinct
    if any(town.population * DOMINANCE > biggest.population for town in others):
        return None
    if others and not biggest.population:
        return None
    if not biggest.is_own_name and any(town.is_own_name and town.population for town in others):
        return None
    return biggest


def list_choices(towns: Iterable[Town]) -> tuple[str, ...]:
    """What can be typed instead, likeliest first: by size, where another name counts for a tenth. Coordinates are
    said where a label alone would be several towns again.
    """
    by_likelihood = sorted(towns, key=lambda t: -t.population if t.is_own_name else -t.population / 10)
    distinct = list(without_repeats(by_likelihood))
    labels = [label_of(town.name, town.region, town.country) for town in distinct]
    choices = []
    for town, label in zip(distinct[:CHOICES], labels, strict=False):
        sharing = [other for other, its in zip(distinct, labels, strict=True) if its == label]
        is_clear = find_dominant(sharing) is town
        choices.append(label if is_clear else f"{label} ({town.latitude:.3f},{town.longitude:.3f})")
    return tuple(choices)


def without_repeats(towns: Iterable[Town]) -> Iterable[Town]:
    """The first of each: a town may be told twice, a little apart."""
    kept: list[Town] = []
    for town in towns:
        if not any(_are_one(town, other) for other in kept):
            kept.append(town)
    return kept


def _are_one(town: Town, other: Town) -> bool:
    same_region = (town.country, town.region) == (other.country, other.region)
    return same_region and metres_between(town.geo, other.geo) < ONE_TOWN
