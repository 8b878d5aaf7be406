"""Where a schema.org event is: the many shapes of `location`."""

from collections.abc import Iterator
from dataclasses import dataclass

from aggregator.reading.html import absolute
from aggregator.reading.structured.json_repair import Json
from aggregator.reading.structured.values import Node, first_node, nodes, text, texts, types_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts:
    """The page's words for a place, by the names that Draft has for them."""

    location_name: str | None = None
    location_text: str | None = None
    street_address: str | None = None
    address_locality: str | None = None
    address_region: str | None = None
    postal_code: str | None = None
    address_country: str | None = None
    latitude: str | None = None
    longitude: str | None = None
    virtual_location: str | None = None


NOWHERE = Whereabouts()


def find_place(location: Json, base: str) -> Whereabouts:
    """The first place of a `location` and the first address to join online; NOWHERE when it says nothing.

    A location may be text, an address of the web, a Place, a PostalAddress, a VirtualLocation, or a list of these.
    """
    if isinstance(location, dict) and location.get("@type") == "Place":
        return _described(location, None)
    virtual = next(_virtual(location, base), None)
    for place in nodes(location):
        if "virtuallocation" not in types_of(place):
            found = _described(place, virtual)
            if found != NOWHERE:
                return found
    plain = next((words for words in _plain(location) if not is_address(words)), None)
    return Whereabouts(location_text=plain, virtual_location=virtual)


def is_address(words: str) -> bool:
    """Whether the words are nothing but an address of the web."""
    return words.lstrip()[:4].lower() == "http" and "://" in words and len(words.split()) == 1


def _virtual(location: Json, base: str) -> Iterator[str]:
    for place in nodes(location):
        if "virtuallocation" in types_of(place):
            found = absolute(text(place, "url", "@id", "name"), base)
            if found:
                yield found
    yield from (words.strip() for words in _plain(location) if is_address(words))


def _plain(location: Json) -> Iterator[str]:
    for one in location if isinstance(location, list) else [location]:
        if isinstance(one, str) and one.strip():
            yield one


def _described(place: Node, virtual: str | None) -> Whereabouts:
    address = first_node(place.get("address")) or (place if "postaladdress" in types_of(place) else {})
    geo = first_node(place.get("geo")) or place
    name, *more = (text(place, "name", "legalName") or "").splitlines() or [""]
    if is_address(name):
        name, virtual = "", virtual or name.strip()
    plain = ", ".join(more) if more and not address else None
    if not address:
        plain = next(_plain(place.get("address")), plain)
    street = address.get("streetAddress")
    return Whereabouts(
        location_name=name or None,
        location_text=plain if plain and plain != name and not is_address(plain) else None,
        street_address=(", ".join(texts(street)) or None)
        if isinstance(street, list)
        else text(address, "streetAddress"),
        address_locality=text(address, "addressLocality"),
        address_region=text(address, "addressRegion"),
        postal_code=text(address, "postalCode"),
        address_country=text(address, "addressCountry"),
        latitude=text(geo, "latitude"),
        longitude=text(geo, "longitude"),
        virtual_location=virtual,
    )
