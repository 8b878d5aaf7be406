"""Microformats: h-event and classic hCalendar, to Drafts."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from aggregator.draft import Draft
from aggregator.reading.html import Node, Tree, absolute, ancestors, attribute, text_of, tokens
from aggregator.reading.structured.microformat_dates import end_of, moment_of

_CLASSIC_ROOTS = frozenset({"vevent", "vcard", "hreview", "hreview-aggregate", "vtodo", "hentry", "hproduct"})
_NAMES = {"summary": "name", "dtstart": "start", "dtend": "end"} | {
    name: name
    for name in ("category", "description", "duration", "geo", "location", "organizer", "photo", "status", "uid", "url")
}
"""hCalendar's class names, and what h-event calls the same."""

_ADDRESS = ("street-address", "locality", "region", "postal-code", "country-name", "latitude", "longitude")


@dataclass(frozen=True, slots=True)
class _Marked:
    """An element under a root and the classes of it that are properties, without their prefix."""

    element: Node
    names: frozenset[str]


def read_microformats(tree: Tree, base: str) -> Iterator[Draft]:
    """A draft for every .h-event and .vevent; of a property told several times the first counts."""
    owned = _owned_elements(tree)
    for root in tree.css(".h-event, .vevent:not(.h-event)"):
        is_new = "h-event" in tokens(root, "class")
        elements = (*owned.get(root.mem_id, ()), *_included(tree, root))
        marked = [_marked(element, is_new=is_new) for element in elements]
        draft = _draft(root, [one for one in marked if one.names], base)
        if draft.name or draft.start_date:
            yield draft


def _owned_elements(tree: Tree) -> dict[int, list[Node]]:
    """The elements with a class within each microformat that are its own, not those of another within it."""
    owned: dict[int, list[Node]] = defaultdict(list)
    owners: dict[int, int] = {}
    told = tree.css(".h-event [class], .vevent [class]")  # lexbor reads `:is(…) [class]` as children only
    for element in {element.mem_id: element for element in told}.values():
        below: list[int] = []
        for above in ancestors(element):
            owner = owners.get(above.mem_id) or (above.mem_id if _is_root(above) else None)
            if owner:
                owners |= dict.fromkeys(below, owner)
                owned[owner].append(element)
                break
            below.append(above.mem_id)
    return owned


def _is_root(element: Node) -> bool:
    return any(name in _CLASSIC_ROOTS or name.startswith("h-") for name in tokens(element, "class"))


def _included(tree: Tree, root: Node) -> Iterator[Node]:
    """What the include pattern, `itemref` and a table cell's `headers` add (microformats.org/wiki/include-pattern)."""
    addresses = (attribute(link, "href") or attribute(link, "data") or "" for link in root.css(".include"))
    names = {*tokens(root, "itemref"), *tokens(root, "headers"), *(text.partition("#")[2] for text in addresses)}
    if any(names):
        for place in tree.css("[id]"):
            if attribute(place, "id") in names:
                yield from place.css("[class]")


def _marked(element: Node, *, is_new: bool) -> _Marked:
    classes = tokens(element, "class")
    if is_new:
        return _Marked(element, frozenset(name[name.index("-") + 1 :] for name in classes if _is_prefixed(name)))
    return _Marked(element, frozenset(_NAMES[name] for name in classes if name in _NAMES))


def _is_prefixed(name: str) -> bool:
    return name.startswith(("p-", "u-", "dt-", "e-"))


def _draft(root: Node, marked: list[_Marked], base: str) -> Draft:
    found: dict[str, Node] = {}
    for one in marked:
        for name in one.names:
            found.setdefault(name, one.element)
    get = found.get
    start = moment_of(found["start"]) if "start" in found else None
    place = get("location")
    organizer = get("organizer")
    return Draft(
        identifier=_words(get("uid")),
        name=_words(get("name")) if marked else text_of(root) or None,
        start_date=start,
        end_date=end_of(found["end"], start) if "end" in found else None,
        duration=_words(get("duration")),
        event_status=_words(get("status")),
        location_name=_place_name(place) if place else None,
        location_text=_place_text(place) if place else None,
        street_address=_part(place, "street-address"),
        address_locality=_part(place, "locality"),
        address_region=_part(place, "region"),
        postal_code=_part(place, "postal-code"),
        address_country=_part(place, "country-name"),
        latitude=_coordinate(place or get("geo"), 0),
        longitude=_coordinate(place or get("geo"), 1),
        organizer=_place_name(organizer) or _words(organizer) if organizer else None,
        url=absolute(attribute(root, "href") if not marked else _link(get("url")), base),
        description=_words(get("description") or get("content")),
        image=absolute(_link(get("photo") or get("featured")), base),
        keywords=tuple(words for one in marked if "category" in one.names and (words := _words(one.element))),
    )


def _words(element: Node | None) -> str | None:
    """A text property: by the value-class pattern, else the attribute that stands for the words, else the words."""
    if element is None:
        return None
    values = [value for value in element.css(".value") if value.mem_id != element.mem_id]
    if values:
        return " ".join(text_of(value) for value in values) or None
    kept = {"abbr": "title", "data": "value", "input": "value", "img": "alt", "area": "alt"}.get(element.tag or "")
    return (attribute(element, kept) if kept else None) or text_of(element) or None


def _link(element: Node | None) -> str | None:
    """The address the element leads to, or the first within it, or its words when they are one."""
    if element is None:
        return None
    for place in (element, element.css_first("a[href], img[src]")):
        for name in ("href", "src", "data", "title", "value"):
            address = attribute(place, name) if place else None
            if address:
                return address
    words = text_of(element)
    return words if words.startswith("http") else None


def _place_name(place: Node) -> str | None:
    return _words(place.css_first(".fn, .p-name, .p-org"))


def _place_text(place: Node) -> str | None:
    """The place in one line, when neither its name nor its address is marked."""
    is_marked = _place_name(place) or any(_part(place, name) for name in _ADDRESS)
    return None if is_marked else _words(place)


def _part(place: Node | None, name: str) -> str | None:
    if place is None:
        return None
    return _words(next((part for part in place.css(f".{name}, .p-{name}") if part.mem_id != place.mem_id), None))


def _coordinate(place: Node | None, axis: int) -> str | None:
    """Latitude (0) or longitude (1), each marked, or both as "36.7;-119.8" in one .geo."""
    if place is None:
        return None
    marked = _part(place, ("latitude", "longitude")[axis])
    geo = place.css_first(".geo, .p-geo, .h-geo")
    both = (_words(geo) or "").split(";") if geo else []
    return marked or (both[axis].strip() if len(both) == 2 else None)
