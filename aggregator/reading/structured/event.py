"""Events in schema.org nodes, to Drafts."""

import re
from collections.abc import Iterator
from dataclasses import replace

from aggregator.draft import Draft
from aggregator.reading.html import absolute
from aggregator.reading.structured.json_repair import Json
from aggregator.reading.structured.offers import currency_of, price_of
from aggregator.reading.structured.place import NOWHERE, find_place
from aggregator.reading.structured.schedule import Schedule, read_schedule
from aggregator.reading.structured.values import (
    Node,
    all_nodes,
    first_node,
    is_event,
    is_reference,
    last_word,
    link,
    nodes,
    text,
    texts,
    types_of,
)

_ODD_TIME = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:T(?:(\d\d)-\4-(\d\d)-\d\d|(\d\d?):(\d\d)(?::\d\d)?([+-]\d{1,2}:\d\d)?))?", re.ASCII
)
"""What EventON (WordPress) writes: 2019-9-18T10-10-30-00 (the hour twice, then minutes), 2021-3-4T9:00-5:00."""
_AFTER_DAY = ("", "T", " ")
_AFTER_HOUR = ("", ":")
_CHILDREN = ("subEvent", "subEvents", "hasCourseInstance")
_INHERITED = ("name", "location", "organizer", "image", "eventStatus", "eventAttendanceMode", "startDate")


def read_events(roots: list[Json], base: str) -> Iterator[Draft]:
    """A draft for every event among the nodes, in the page's order; relative addresses are made absolute on `base`.

    What a sub-event leaves out its parent says. A series told date by date is told by its dates alone, and an event
    that is only named as the `superEvent` of another is not told. The nodes are changed (references are linked).
    """
    found = all_nodes(roots)
    link(found)
    events = [node for node in found if is_event(node) and not is_reference(node)]
    parents = {id(child): event for event in events for child in _children(event) if child is not event}
    context = {id(above) for event in events for above in nodes(event.get("superEvent"))}
    for event in events:
        if id(event) in context or _is_told_by_children(event):
            continue
        yield from _drafts(event, parents.get(id(event)), base)


def _children(event: Node) -> list[Node]:
    return [child for name in _CHILDREN if name in event for child in nodes(event[name])]


def _is_told_by_children(event: Node) -> bool:
    dated = [child for child in _children(event) if "startDate" in child]
    if not dated:
        return False
    name = text(event, "name")
    return "eventseries" in types_of(event) or all(text(child, "name") in (None, name) for child in dated)


def _drafts(event: Node, parent: Node | None, base: str) -> Iterator[Draft]:
    if parent is not None:
        event = {**{key: parent[key] for key in _INHERITED if key in parent}, **event}
    draft = _draft(event, parent, base)
    schedules = [read_schedule(one, event) for one in nodes(event.get("eventSchedule"))]
    for schedule in schedules:
        yield _scheduled(draft, schedule)
    if not schedules and (draft.name or draft.start_date):
        yield draft


def _scheduled(draft: Draft, schedule: Schedule) -> Draft:
    """The draft as its schedule says. The event's own end may be that of the whole series, so that it is left out."""
    return replace(
        draft,
        start_date=schedule.start,
        end_date=schedule.end if schedule.rrule or schedule.end else draft.end_date,
        duration=schedule.duration or draft.duration,
        time_zone=schedule.time_zone or draft.time_zone,
        schedule=schedule.words,
        rrule=(schedule.rrule,) if schedule.rrule else (),
        except_dates=schedule.except_dates,
    )


def _draft(event: Node, parent: Node | None, base: str) -> Draft:
    get = event.get
    place = find_place(get("location"), base) if "location" in event else NOWHERE
    organizer = first_node(get("organizer"))
    name = text(event, "name", "summary", "headline")
    offers = get("offers")
    return Draft(
        identifier=_name_of(event, base),
        name=name,
        start_date=_start(event),
        end_date=_time(text(event, "endDate", "dtend")),
        duration=text(event, "duration"),
        super_event=_series(event, parent, base),
        event_status=_word(event, "eventStatus"),
        previous_start_date=_time(text(event, "previousStartDate")),
        event_attendance_mode=_word(event, "eventAttendanceMode"),
        location_name=place.location_name if place.location_name != name else None,
        location_text=place.location_text,
        street_address=place.street_address,
        address_locality=place.address_locality,
        address_region=place.address_region,
        postal_code=place.postal_code,
        address_country=place.address_country,
        latitude=place.latitude,
        longitude=place.longitude,
        virtual_location=place.virtual_location,
        organizer=text(organizer, "name") if organizer else text(event, "organizer"),
        organizer_url=absolute(text(organizer, "url", "@id"), base) if organizer else None,
        url=_address(event, base),
        description=text(event, "description", "about"),
        image=_image(event["image"], base) if "image" in event else None,
        keywords=tuple(_keywords(get("keywords"))) if "keywords" in event else (),
        price=price_of(offers) if offers else None,
        price_currency=currency_of(offers) if offers else None,
        is_accessible_for_free=_truth(event["isAccessibleForFree"]) if "isAccessibleForFree" in event else None,
        same_as=tuple(url for one in texts(get("sameAs")) if (url := absolute(one, base))) if "sameAs" in event else (),
    )


def _start(event: Node) -> str | None:
    day = _time(text(event, "startDate", "dtstart"))
    time = text(event, "startTime") if day and len(day) == len("2026-08-25") else None
    return f"{day}T{time.strip()}" if time else day


def _time(words: str | None) -> str | None:
    """The page's words, but for months, days and offsets of one digit and a plugin's own notation, made ISO."""
    if words is None or (
        words[7:8] == "-" and words[9:10].isdigit() and words[10:11] in _AFTER_DAY and words[13:14] in _AFTER_HOUR
    ):
        return words
    odd = _ODD_TIME.fullmatch(words.strip())
    if odd is None:
        return words
    day = f"{odd[1]}-{odd[2].zfill(2)}-{odd[3].zfill(2)}"
    hour, minute, offset = odd[4] or odd[6], odd[5] or odd[7], odd[8]
    if hour is None:
        return day
    if offset:
        offset = offset[0] + offset[1:].zfill(5)
    return f"{day}T{hour.zfill(2)}:{minute}{offset or ''}"


def _name_of(node: Node, base: str) -> str | None:
    """The name that the page gives the node, one that no other page can give to another."""
    told, name = text(node, "identifier"), node.get("@id")
    if told or not isinstance(name, str):
        return told
    return name if name.startswith(("urn:", "tag:")) else absolute(name, base)


def _word(event: Node, name: str) -> str | None:
    """A term of schema.org without its IRI: "EventCancelled"."""
    value = event.get(name)
    if isinstance(value, str):
        return last_word(value) or None
    if isinstance(value, dict):
        value = value.get("@id") or value.get("@value") or value.get("name")
    found = next(texts(value), None)
    return last_word(found) if found else None


def _series(event: Node, parent: Node | None, base: str) -> str | None:
    """What the event is a part of, where the page gives it a name of its own."""
    above = parent or first_node(event.get("superEvent"))
    if above is None:
        return None
    return _name_of(above, base) or absolute(text(above, "url"), base)


def _address(event: Node, base: str) -> str | None:
    """The event's own page."""
    url = event.get("url")
    if isinstance(url, str) and (found := absolute(url, base)):
        return found
    for value in (url, event.get("@id"), event.get("mainEntityOfPage")):
        node = first_node(value)
        told = text(node, "@id", "url") if node else next(texts(value), None)
        if told and (found := absolute(told, base)):
            return found
    return None


def _image(value: Json, base: str) -> str | None:
    for node in nodes(value):
        found = absolute(text(node, "url", "contentUrl", "@id"), base)
        if found:
            return found
    return absolute(next(texts(value), None), base)


def _keywords(value: Json) -> Iterator[str]:
    for words in texts(value):
        yield from (word.strip() for word in words.split(",") if word.strip())


def _truth(value: Json) -> bool | None:
    """True or false in any of JSON, text and "https://schema.org/True"; None when it is not said."""
    if isinstance(value, bool):
        return value
    word = last_word(next(texts(value), "")).lower()
    return {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}.get(word)
