"""What the demo's organisations publish on the platforms of vendors."""

import json
from collections.abc import Callable
from datetime import UTC
from html import escape
from typing import Any

from api.cli.demo.town import Meeting, Organisation

CLOCK = "%I:%M %p"


def one_line(venue: dict[str, Any]) -> str:
    """A venue as an address on one line."""
    parts = (venue["name"], venue.get("street"), venue["town"], f"CA {venue['postcode']}")
    return ", ".join(part for part in parts if part)


def _number(meeting: Meeting) -> int:
    return int(meeting.key.replace("-", "0"))


def _as_growthzone(organisation: Organisation) -> str:
    told = "".join(
        f"<EventDisplay><EventID>{_number(m)}</EventID><Name>{escape(m.name)}</Name><Status>APPROVED</Status>"
        f"<StartDate>{m.start:%Y-%m-%dT%H:%M:%S}</StartDate><EndDate>{m.end:%Y-%m-%dT%H:%M:%S}</EndDate>"
        f"<IsAllDayEvent>false</IsAllDayEvent><Slug>event</Slug>"
        f"<Description>{escape(f'<p>{m.about}</p>')}</Description>"
        f"<LocationDesc>{escape(one_line(m.venue))}</LocationDesc><MapCity>{m.venue['town']}</MapCity>"
        f"<AdmissionDesc>{escape(m.price)}</AdmissionDesc></EventDisplay>"
        for m in organisation.meetings
    )
    return f'<?xml version="1.0" encoding="utf-8"?><ArrayOfEventDisplay>{told}</ArrayOfEventDisplay>'


def _as_squarespace(organisation: Organisation) -> str:
    told = [
        {
            "id": m.key,
            "fullUrl": f"/events/{m.key}",
            "title": escape(m.name),
            "startDate": int(m.start.timestamp() * 1000),
            "endDate": int(m.end.timestamp() * 1000),
            "body": f"<p>{escape(m.about)}</p>",
            "location": {
                "addressTitle": m.venue["name"],
                "addressLine1": m.venue.get("street", ""),
                "addressLine2": f"{m.venue['town']}, CA {m.venue['postcode']}",
                "addressCountry": "United States",
            },
        }
        for m in organisation.meetings
    ]
    site = {"timeZone": "America/Los_Angeles"}
    collection = {"type": 11, "fullUrl": organisation.path}
    return json.dumps({"website": site, "collection": collection, "upcoming": told, "past": [], "pagination": {}})


def _as_mobilize(organisation: Organisation) -> str:
    told = [
        {
            "id": _number(m),
            "title": m.name,
            "description": m.about,
            "timezone": "America/Los_Angeles",
            "timeslots": [
                {"id": _number(m), "start_date": int(m.start.timestamp()), "end_date": int(m.end.timestamp())}
            ],
            "location": {
                "venue": m.venue["name"],
                "address_lines": [m.venue.get("street", ""), ""],
                "locality": m.venue["town"],
                "region": "CA",
                "country": "US",
                "postal_code": m.venue["postcode"],
            },
            "address_visibility": "PUBLIC",
            "is_virtual": False,
            "event_type": "COMMUNITY",
            "browser_url": m.url,
            "sponsor": {"id": 1, "name": organisation.name, "slug": "creek"},
        }
        for m in organisation.meetings
    ]
    return json.dumps({"count": len(told), "next": None, "previous": None, "data": told})


def _as_sierraclub(organisation: Organisation) -> str:
    told = [
        {
            "Id": m.key,
            "eventName": m.name,
            "startDate": f"{m.start:%Y-%m-%d}",
            "startTime": f"{m.start:{CLOCK}}".lstrip("0"),
            "endDate": f"{m.end:%Y-%m-%d}",
            "endTime": f"{m.end:{CLOCK}}".lstrip("0"),
            "status": "Active",
            "location": one_line(m.venue),
            "description": f"<p>{escape(m.about)}</p>",
            "urlToShare": m.url,
            "entityName": organisation.name,
            "eventCategory": "Outing",
            "cost": m.price,
        }
        for m in organisation.meetings
    ]
    return json.dumps({"message": "", "eventList": told})


def _as_civicplus(organisation: Organisation) -> str:
    told = "".join(
        f"<item><title>{escape(m.name)}</title><link>http://{organisation.host}/Calendar.aspx?EID={_number(m)}</link>"
        f"<description>{escape(m.about)}</description>"
        f"<calendarEvent:EventDates>{m.start:%B %d, %Y}</calendarEvent:EventDates>"
        f"<calendarEvent:EventTimes>{m.start:{CLOCK}} - {m.end:{CLOCK}}</calendarEvent:EventTimes>"
        f"<calendarEvent:Location>{escape(one_line(m.venue))}</calendarEvent:Location></item>"
        for m in organisation.meetings
    )
    space = f'xmlns:calendarEvent="http://{organisation.host}/Calendar.aspx"'
    return f'<?xml version="1.0"?><rss version="2.0" {space}><channel><title>Calendar</title>{told}</channel></rss>'


def _as_trumba(organisation: Organisation) -> str:
    told = "".join(
        f"<item><title>{escape(m.name)}</title><link>{m.url}</link><guid>http://uid.trumba.com/event/{_number(m)}</guid>"
        f"<description>{escape(m.about)}</description><category>{m.start:%Y/%m/%d (%a)}</category>"
        f"<x-trumba:localstart>{m.start:%Y-%m-%dT%H:%M:%S}</x-trumba:localstart>"
        f"<x-trumba:localend>{m.end:%Y-%m-%dT%H:%M:%S}</x-trumba:localend>"
        f"<x-trumba:location>{escape(one_line(m.venue))}</x-trumba:location></item>"
        for m in organisation.meetings
    )
    space = 'xmlns:x-trumba="http://schemas.trumba.com/rss/x-trumba"'
    return f'<?xml version="1.0"?><rss version="2.0" {space}><channel><title>Events</title>{told}</channel></rss>'


def _as_toastmasters(organisation: Organisation) -> str:
    clubs = [
        {
            "Identification": {"Id": {"Value": number, "DisplayFriendlyFormat": str(number)}, "Name": club["name"]},
            "Address": {
                "Street": club["venue"].get("street"),
                "City": club["venue"]["town"],
                "PrimaryRegion": {"Value": "California"},
                "PostalCode": club["venue"]["postcode"],
            },
            "Location": club["venue"]["name"],
            "MeetingDay": club["day"],
            "MeetingTime": club["time"],
        }
        for number, club in enumerate(organisation.told["club"], 1_000_001)
    ]
    return json.dumps({"Clubs": clubs})


def _as_meeting_list(organisation: Organisation) -> str:
    rows = [
        f'{club["name"]},"{club["day"]}",{club["time"]},"{club["venue"]["name"]}",'
        f"{club['venue'].get('street', '')},{club['venue']['town']},CA"
        for club in organisation.told["club"]
    ]
    return "\n".join(["name,day,time,venue,address,city,region", *rows, ""])


def _as_own_json(organisation: Organisation) -> str:
    """A home-made answer that only a recipe can read."""
    told = [
        {"what": m.name, "from": m.start.isoformat(), "to": m.end.isoformat(), "at": one_line(m.venue), "more": m.url}
        for m in organisation.meetings
    ]
    return json.dumps({"result": {"rows": told}})


def _as_own_page(organisation: Organisation) -> str:
    """A home-made page that marks nothing up."""
    told = "".join(
        f'<li><h3><a href="{m.url}">{escape(m.name)}</a></h3><p class="when">{m.start:%A, %B %d, %Y, %I:%M %p} - '
        f'{m.end:%I:%M %p}</p><p class="where">{escape(one_line(m.venue))}</p></li>'
        for m in organisation.meetings
    )
    return (
        f'<!doctype html><html><body><h1>{escape(organisation.name)}</h1><ul class="coming">{told}</ul></body></html>'
    )


def _as_wildapricot(organisation: Organisation) -> str:
    told = "".join(
        f"<item><title>{escape(m.name)}</title><link>http://{organisation.host}/event-{_number(m)}</link>"
        f"<guid>http://{organisation.host}/event-{_number(m)}</guid>"
        f"<pubDate>{m.start.astimezone(UTC):%a, %d %b %Y %H:%M:%S GMT}</pubDate>"
        f"<description>{escape(f'<p>{m.about}</p><p>Where: {one_line(m.venue)}</p>')}</description></item>"
        for m in organisation.meetings
    )
    head = f"<title>{escape(organisation.name)}</title><generator>Wild Apricot</generator>"
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{told}</channel></rss>'


VENDORS: dict[str, tuple[str, Callable[[Organisation], str]]] = {
    "civicplus": ("application/rss+xml", _as_civicplus),
    "css": ("text/html", _as_own_page),
    "growthzone": ("application/xml", _as_growthzone),
    "json": ("application/json", _as_own_json),
    "meeting_list": ("text/csv", _as_meeting_list),
    "mobilize": ("application/json", _as_mobilize),
    "sierraclub": ("application/json", _as_sierraclub),
    "squarespace": ("application/json", _as_squarespace),
    "toastmasters": ("application/json", _as_toastmasters),
    "trumba": ("application/rss+xml", _as_trumba),
    "wildapricot": ("application/rss+xml", _as_wildapricot),
}
"""Content type and writer by platform."""
