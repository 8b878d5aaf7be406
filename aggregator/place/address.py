"""A place told in one line -> Place."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

from aggregator.event import GeoCoordinates, Place, PostalAddress
from aggregator.place.nowhere import LONGEST, is_nowhere, is_online
from aggregator.place.regions import country_code, region_code, regions_named
from aggregator.place.street import holds_number, is_room, is_street, mend_line_ends, name_and_street, split_town

__all__ = ["complete_address", "country_of_postcode", "is_online", "parse_place"]

_BETWEEN_PARTS = re.compile(r"\s*[,;\n|•]\s*|\s+[@–—~-]\s+|\s*@\s+")
_BRACKETS = re.compile(r"\s*\(([^()]*,[^()]*)\)\s*$")
_POINT = re.compile(r"[\s,(@]*(-?\d{1,2}\.\d{3,})\s*,\s*(-?\d{1,3}\.\d{3,})\s*\)?\s*$")
_POSTCODES = {
    "US": re.compile(r"(?:^|\s)(\d{5}(?:-\d{4})?)$"),
    "CA": re.compile(r"(?:^|\s)([ABCEGHJ-NPR-TVXY]\d[A-Z]\s?-?\d[A-Z]\d)$", re.IGNORECASE),
    "GB": re.compile(r"(?:^|\s)([A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2})$"),
    "IE": re.compile(r"(?:^|\s)((?:[AC-FHKNPRTV-Y]\d\d|D6W)\s?[0-9AC-FHKNPRTV-Y]{4})$"),
    "AU": re.compile(r"(?:^|\s)(\d{4})$"),
    "NZ": re.compile(r"(?:^|\s)(\d{4})$"),
}
_TELLING = ("CA", "GB", "IE")
"""Countries whose postcodes look like no other's."""
_NAMED_AS_THEIR_TOWN = frozenset({("US", "NY"), ("NZ", "AUK"), ("NZ", "WGN"), ("NZ", "NSN"), ("NZ", "GIS")})
"""Regions whose name, right after a street, is their town's."""
_DISTRICT = re.compile(r"[^\W\d][^\d]*\s\d{1,2}")
"""A town with the number of its postal district: "Dublin 2"."""
_LEADING_POSTCODE = re.compile(r"(?:[A-Z]{1,2}[- ])?(\d{4}\s?[A-Z]{2}|\d{4,6})(?:\s+(?=[^\W\d])|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tail:
    """What the end of an address told, and the parts that are left before it."""

    parts: tuple[str, ...]
    country: str | None = None
    region: str | None = None
    postcode: str | None = None


def parse_place(text: str) -> Place:
    """What one line, or a few, tell of a place; Place() for "TBD", "Zoom" and the like.

    The end of the text is trusted only where it names a country, a region or a postcode; a name alone stays a name.
    """
    text = text.strip()[:LONGEST]
    if is_nowhere(text):
        return Place()
    if _POSTCODES["US"].fullmatch(text):
        return Place(address=PostalAddress(postal_code=text))
    text, geo = _take_point(text)
    whole = [part for part in map(_trim, _BETWEEN_PARTS.split(_BRACKETS.sub(r", \1", mend_line_ends(text)))) if part]
    tail = _read_tail(whole)
    if tail.country is None:
        tail = _read_tail(_without_chatter(whole))
    parts, locality = _take_locality(tail)
    name, street = name_and_street(parts, tail.country)
    address = PostalAddress(
        street_address=street,
        address_locality=locality,
        address_region=tail.region,
        postal_code=tail.postcode,
        address_country=tail.country,
    )
    return Place(name=name, address=address, geo=geo)


def complete_address(place: Place) -> Place:
    """The place with what its address says in the wrong fields ("Visalia, CA 93291" as the street or the town)."""
    told = place.address
    locality, region = told.address_locality or "", told.address_region or ""
    is_in_street = told.street_address and not (locality or told.postal_code)
    if not (is_in_street or "," in locality or holds_number(locality + region)):
        return place
    values = (getattr(told, field.name) for field in fields(told))
    read = parse_place(", ".join(filter(None, values)))
    if not (read.address.address_locality or read.address.postal_code):
        return place
    return replace(place, name=place.name or read.name, address=read.address, geo=place.geo or read.geo)


def country_of_postcode(code: str) -> str | None:
    """The country whose postcodes look like this and like no other's; None for digits alone."""
    return next((country for country in _TELLING if _POSTCODES[country].fullmatch(code.strip())), None)


def _read_tail(parts: Sequence[str]) -> _Tail:
    tail = _take_region(_take_postcode(_take_country(_Tail(parts=tuple(parts)))))
    *before, last = tail.parts or ("",)
    pattern = _POSTCODES.get(tail.country or "")
    if before and tail.region and not tail.postcode and pattern and pattern.fullmatch(last):
        return replace(tail, parts=tuple(before), postcode=last)
    return tail


def _without_chatter(parts: Sequence[str]) -> Sequence[str]:
    """The parts up to a region with its postcode, or one that follows a street and its town: "12 Oak St, Chicago,
    Illinois Second session".
    """
    for place in range(1, len(parts)):
        words = parts[place].split()
        for count in (2, 1):
            name, code = " ".join(words[:count]), words[count : count + 1]
            if not regions_named(name) or (len(name) <= 3 and not name.isupper()):
                continue
            if code and _POSTCODES["US"].fullmatch(code[0]):
                return [*parts[:place], f"{name} {code[0]}"]
            if place > 1 and any(map(holds_number, parts[:place])):
                return [*parts[:place], name]
    return parts


def _trim(part: str) -> str:
    return " ".join(part.split()).strip(" .,:*") if part.endswith((".", ",", ":", "*")) else " ".join(part.split())


def _take_point(text: str) -> tuple[str, GeoCoordinates | None]:
    point = _POINT.search(text)
    if point is None:
        return text, None
    return text[: point.start()], GeoCoordinates(latitude=float(point[1]), longitude=float(point[2]))


def _take_country(tail: _Tail) -> _Tail:
    """ "CA" and "Georgia" are regions, unless a region or postcode of that country stands before them."""
    if not tail.parts:
        return tail
    *before, last = tail.parts
    words = last.split()
    for count in range(min(len(words), 4), 0, -1):
        name = " ".join(words[-count:])
        country = country_code(name)
        if country is None:
            continue
        left = (*before, " ".join(words[:-count])) if len(words) > count else tuple(before)
        is_alone = len(words) == count and before
        if (is_alone and not regions_named(name)) or (left and _ends_within(left, country)):
            return _Tail(parts=left, country=country)
    return tail


def _ends_within(parts: Sequence[str], country: str) -> bool:
    """Whether the text before a country's name ends in a postcode or region of that country."""
    pattern = _POSTCODES.get(country)
    if pattern and pattern.search(parts[-1]):
        return True
    return any(region_code(name, country) for _, name in _last_words(parts[-1]))


def _take_postcode(tail: _Tail) -> _Tail:
    if not tail.parts:
        return tail
    *before, last = tail.parts
    countries = (tail.country,) if tail.country else (*_TELLING, "US", "AU")
    for country in countries:
        pattern = _POSTCODES.get(country or "")
        found = pattern.search(last) if pattern else None
        if not found:
            continue
        rest = last[: found.start()].rstrip(" .,")
        parts = (*before, rest) if rest else tuple(before)
        if tail.country or country in _TELLING or (parts and _ends_within(parts, country or "")):
            return _Tail(parts=parts, country=country, postcode=found[1])
    return _take_leading_postcode(tail)


def _take_leading_postcode(tail: _Tail) -> _Tail:
    """ "12459 Berlin", and a part that is digits alone, where the country is told and writes them so."""
    if not tail.country or tail.country in _POSTCODES:
        return tail
    for place in range(len(tail.parts) - 1, max(-1, len(tail.parts) - 3), -1):
        part = tail.parts[place]
        found = _LEADING_POSTCODE.match(part)
        if found:
            parts = (*tail.parts[:place], part[found.end() :], *tail.parts[place + 1 :])
            return _Tail(parts=tuple(filter(None, parts)), country=tail.country, postcode=found[1])
    return tail


def _take_region(tail: _Tail) -> _Tail:
    if not tail.parts:
        return tail
    *before, last = tail.parts
    is_sure = bool(tail.country or before)
    for rest, name in _last_words(last):
        found = [(c, code) for c, code in regions_named(name) if tail.country in (None, c)]
        if not found or not _may_be_region(rest, name, last, is_sure=is_sure):
            continue
        if rest and name == "NE" and not tail.postcode:
            continue
        country, code = found[0]
        parts = (*before, rest) if rest else tuple(before)
        if not rest and before and (country, code) in _NAMED_AS_THEIR_TOWN and is_street(before[-1]):
            parts = (*before, name)
        if parts:
            return _Tail(parts=parts, country=country, region=code, postcode=tail.postcode)
    return tail


def _may_be_region(rest: str, name: str, part: str, *, is_sure: bool) -> bool:
    """A short form in running text is in capitals ("or", "in" are words); a lone phrase needs more than a name."""
    if not rest:
        return True
    if len(name) <= 3:
        return name.isupper() and (is_sure or not part.isupper())
    return is_sure


def _last_words(part: str) -> list[tuple[str, str]]:
    """The part split before its last three, two and one words."""
    words = part.split()
    return [
        (" ".join(words[:-count]).rstrip(" ,."), " ".join(words[-count:])) for count in (3, 2, 1) if len(words) >= count
    ]


def _take_locality(tail: _Tail) -> tuple[Sequence[str], str | None]:
    """The part before region or postcode; else one that follows a street."""
    parts = tail.parts
    if not parts:
        return parts, None
    *before, last = parts
    if tail.country or tail.postcode or tail.region:
        is_district = tail.country not in (None, "US", "CA") and _DISTRICT.fullmatch(last) and not is_room(last)
        if is_district or not (holds_number(last) or is_street(last)):
            return before, last
        street, town = split_town(last, " ".join(filter(None, (tail.region, tail.postcode))))
        return ([*before, street], town) if town else (parts, None)
    follows_street = any(is_street(part) and holds_number(part) for part in before[-2:])
    if follows_street and not holds_number(last) and not is_room(last):
        return before, last
    return parts, None
