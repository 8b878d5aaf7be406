"""What the demo's organisations publish, each in the format of its platform."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC
from email.utils import format_datetime
from html import escape
from typing import Any

from api.cli.demo.town import Meeting, Organisation
from api.cli.demo.vendors import VENDORS, one_line

STAMP = "%Y%m%dT%H%M%S"


def publish(organisation: Organisation) -> tuple[str, bytes]:
    """(content type, body) of its calendar."""
    writers: dict[str, tuple[str, Callable[[Organisation], str]]] = {
        "ics": ("text/calendar", _as_calendar),
        "rss": ("application/rss+xml", _as_rss),
        "tec": ("application/json", _as_tec),
        "jsonld": ("text/html", _as_jsonld),
        "microdata": ("text/html", _as_microdata),
        "h-event": ("text/html", _as_microformats),
        **VENDORS,
    }
    key = organisation.syntax if organisation.platform == "html" else organisation.platform
    content_type, write = writers[key]
    return f"{content_type}; charset=utf-8", write(organisation).encode()


def _as_calendar(organisation: Organisation) -> str:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Hobnob demo//EN", f"X-WR-CALNAME:{organisation.name}"]
    for meeting in organisation.meetings:
        lines += _as_vevent(meeting, organisation.host)
    return "\r\n".join((*lines, "END:VCALENDAR", ""))


def _as_vevent(meeting: Meeting, host: str) -> list[str]:
    zone = "TZID=America/Los_Angeles"
    rule = [f"RRULE:FREQ=WEEKLY;COUNT={meeting.weekly}"] if meeting.weekly > 1 else []
    return [
        "BEGIN:VEVENT",
        f"UID:{meeting.key}@{host}",
        f"DTSTAMP:{meeting.start.astimezone(UTC):{STAMP}}Z",
        f"DTSTART;{zone}:{meeting.start:{STAMP}}",
        f"DTEND;{zone}:{meeting.end:{STAMP}}",
        *rule,
        f"SUMMARY:{_in_calendar(meeting.name)}",
        f"DESCRIPTION:{_in_calendar(meeting.about)}",
        f"LOCATION:{_in_calendar(one_line(meeting.venue))}",
        f"URL:{meeting.url}",
        "END:VEVENT",
    ]


def _in_calendar(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


def _as_rss(organisation: Organisation) -> str:
    told = "".join(map(_as_rss_member, organisation.meetings))
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<rss version="2.0" xmlns:ev="http://purl.org/rss/1.0/modules/event/">'
        f"<channel><title>{escape(organisation.name)}</title><link>http://{organisation.host}/</link>"
        f"<description>Events</description>{told}</channel></rss>"
    )


def _as_rss_member(meeting: Meeting) -> str:
    return (
        f"<item><title>{escape(meeting.name)}</title><link>{meeting.url}</link><guid>{meeting.url}</guid>"
        f"<pubDate>{format_datetime(meeting.start.replace(day=1))}</pubDate>"
        f"<description>{escape(meeting.about)} {escape(meeting.price)}</description>"
        f"<ev:startdate>{meeting.start.isoformat()}</ev:startdate><ev:enddate>{meeting.end.isoformat()}</ev:enddate>"
        f"<ev:location>{escape(one_line(meeting.venue))}</ev:location></item>"
    )


def _as_tec(organisation: Organisation) -> str:
    told = [_as_tec_event(meeting) for meeting in organisation.meetings]
    return json.dumps({"events": told, "total": len(told), "total_pages": 1, "rest_url": organisation.url})


def _as_tec_event(meeting: Meeting) -> dict[str, Any]:
    end = meeting.start.replace(hour=23, minute=59, second=59) if meeting.is_whole_day else meeting.end
    venue = meeting.venue
    return {
        "id": int(meeting.key.replace("-", "0")),
        "status": "publish",
        "url": meeting.url,
        "title": escape(meeting.name),
        "description": f"<p>{escape(meeting.about)}</p>",
        "all_day": meeting.is_whole_day,
        "start_date": f"{meeting.start:%Y-%m-%d %H:%M:%S}",
        "end_date": f"{end:%Y-%m-%d %H:%M:%S}",
        "utc_start_date": f"{meeting.start.astimezone(UTC):%Y-%m-%d %H:%M:%S}",
        "utc_end_date": f"{end.astimezone(UTC):%Y-%m-%d %H:%M:%S}",
        "timezone": "America/Los_Angeles",
        "cost": meeting.price,
        "categories": [{"name": "Volunteering", "slug": "volunteering"}],
        "venue": {
            "venue": venue["name"],
            "address": venue.get("street", ""),
            "city": venue["town"],
            "state": "CA",
            "zip": venue["postcode"],
            "country": "United States",
            "geo_lat": venue.get("latitude"),
            "geo_lng": venue.get("longitude"),
        },
        "organizer": [],
        "image": False,
    }


def _as_jsonld(organisation: Organisation) -> str:
    told = [_as_schema_event(meeting, organisation) for meeting in organisation.meetings]
    script = json.dumps({"@context": "https://schema.org", "@graph": told}).replace("<", "\\u003c")
    return _page(organisation, f'<script type="application/ld+json">{script}</script>')


def _as_schema_event(meeting: Meeting, organisation: Organisation) -> dict[str, Any]:
    venue = meeting.venue
    return {
        "@type": "BusinessEvent",
        "name": meeting.name,
        "startDate": meeting.start.isoformat(),
        "endDate": meeting.end.isoformat(),
        "eventStatus": f"https://schema.org/Event{'Cancelled' if meeting.is_cancelled else 'Scheduled'}",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "url": meeting.url,
        "description": meeting.about,
        "organizer": {"@type": "Organization", "name": organisation.name, "url": f"http://{organisation.host}/"},
        "offers": {"@type": "Offer", "price": meeting.price, "priceCurrency": "USD"},
        "location": {
            "@type": "Place",
            "name": venue["name"],
            "address": {
                "@type": "PostalAddress",
                "streetAddress": venue.get("street"),
                "addressLocality": venue["town"],
                "addressRegion": "CA",
                "postalCode": venue["postcode"],
                "addressCountry": "US",
            },
            "geo": {"@type": "GeoCoordinates", "latitude": venue["latitude"], "longitude": venue["longitude"]},
        },
    }


def _as_microdata(organisation: Organisation) -> str:
    return _page(organisation, "".join(_microdata(meeting) for meeting in organisation.meetings))


def _microdata(meeting: Meeting) -> str:
    venue = meeting.venue
    return (
        f'<article itemscope itemtype="https://schema.org/Event"><h2><a itemprop="url" href="{meeting.url}">'
        f'<span itemprop="name">{escape(meeting.name)}</span></a></h2>'
        f'<time itemprop="startDate" datetime="{meeting.start.isoformat()}">{meeting.start:%A, %B %d}</time>'
        f'<meta itemprop="endDate" content="{meeting.end.isoformat()}">'
        f'<p itemprop="description">{escape(meeting.about)}</p>'
        '<div itemprop="location" itemscope itemtype="https://schema.org/Place">'
        f'<span itemprop="name">{escape(venue["name"])}</span>'
        '<div itemprop="address" itemscope itemtype="https://schema.org/PostalAddress">'
        f'<span itemprop="addressLocality">{venue["town"]}</span>, <span itemprop="addressRegion">CA</span> '
        f'<span itemprop="postalCode">{venue["postcode"]}</span></div>'
        f'<div itemprop="geo" itemscope itemtype="https://schema.org/GeoCoordinates">'
        f'<meta itemprop="latitude" content="{venue["latitude"]}">'
        f'<meta itemprop="longitude" content="{venue["longitude"]}">'
        "</div></div></article>"
    )


def _as_microformats(organisation: Organisation) -> str:
    return _page(organisation, "".join(_h_event(meeting) for meeting in organisation.meetings))


def _h_event(meeting: Meeting) -> str:
    venue = meeting.venue
    return (
        f'<div class="h-event"><a class="p-name u-url" href="{meeting.url}">{escape(meeting.name)}</a>'
        f'<time class="dt-start" datetime="{meeting.start.isoformat()}">{meeting.start:%B %d, %I:%M %p}</time> to '
        f'<time class="dt-end" datetime="{meeting.end.isoformat()}">{meeting.end:%I:%M %p}</time>'
        f'<p class="p-summary">{escape(meeting.about)}</p><div class="p-location h-card"><span class="p-name">'
        f'{escape(venue["name"])}</span> <span class="p-street-address">{venue["street"]}</span> '
        f'<span class="p-locality">{venue["town"]}</span> <span class="p-region">CA</span> '
        f'<span class="p-postal-code">{venue["postcode"]}</span></div></div>'
    )


def _page(organisation: Organisation, told: str) -> str:
    name = escape(organisation.name)
    return f'<!doctype html><html lang="en"><head><title>{name}</title></head><body><h1>{name}</h1>{told}</body></html>'


def site_maps(organisations: tuple[Organisation, ...]) -> Iterator[tuple[tuple[str, str], tuple[str, bytes]]]:
    """((host, path), (content type, body)) of every page that the demo serves."""
    for organisation in organisations:
        if organisation.rule is None:
            yield (organisation.host, organisation.path), publish(organisation)
