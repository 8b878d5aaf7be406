"""No person's e-mail address or telephone number is in any stored or served byte, wherever a page wrote it."""

import json
import re
import sqlite3
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from aggregator.place.gazetteer import Gazetteer
from aggregator.settings import Settings
from aggregator.source import Source
from api.app import create_app

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
OPERATOR = "events@operator.example"
TOKEN = "t" * 32
MAIL, PHONE = "jane.roe@planted.example", "(559) 555-0142"
CONTACT = f"Jane Roe, {MAIL}, {PHONE}"
ADDRESS = re.compile(rb"[\w.+-]+(?:@|%40|&#64;)[\w-]+(?:\.[\w-]+)+")
NUMBER = re.compile(rb"\(?559\)?[ .-]?555[ .-]?0142")
SERVED = (
    *("/v1/events", "/v1/events.ics", "/v1/events.rss", "/v1/events.geojson", "/v1/events.csv", "/v1/events.jsonld"),
    *("/v1/sources", "/v1/sources/ics/runs", "/v1/sources/html/runs", "/v1/sources/rss/runs", "/v1/sources/tec/runs"),
    *("/v1/events.atom", "/v1/events.json", "/v1/events.md", "/v1/events.txt", "/v1/groups", "/v1/changes", "/v1/plan"),
    *("/metrics", "/docs", "/about", "/openapi.json", "/v1/events?q=jane"),
)

CALENDAR = f"""BEGIN:VCALENDAR
VERSION:2.0
X-WR-CALNAME:Elm {CONTACT}
BEGIN:VEVENT
UID:1@uid.example
DTSTART:20260610T170000Z
DTEND:20260610T180000Z
SUMMARY:Mixer {MAIL}
LOCATION:Elm Hall\\, 1 Main St\\, Fresno\\, CA {PHONE}
DESCRIPTION:Write to {MAIL} or call {PHONE}. jane.roe [at] planted.example
ORGANIZER;CN={MAIL}:mailto:{MAIL}
ATTENDEE;CN=Jane Roe:mailto:{MAIL}
CONTACT:{CONTACT}
COMMENT:{CONTACT}
X-ALT-DESC;FMTTYPE=text/html:<a href="mailto:{MAIL}">Jane</a>
CATEGORIES:Coffee,{MAIL}
URL:mailto:{MAIL}
ATTACH;FMTTYPE=image/png:https://elm.example/a.png?by={MAIL}
CONFERENCE;VALUE=URI:https://meet.example/1?user={MAIL}
END:VEVENT
BEGIN:VEVENT
UID:2@uid.example
SUMMARY:No start {MAIL}
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")
LINKED = {
    "@context": "https://schema.org",
    "@type": "Event",
    "name": f"Class by {MAIL}",
    "startDate": "2026-06-11T18:00:00-07:00",
    "description": f"<p>Ask <a href='mailto:{MAIL}'>Jane</a>, jane.roe&#64;planted.example, {PHONE}</p>",
    "organizer": {"@type": "Person", "name": MAIL, "email": MAIL, "telephone": PHONE, "url": f"mailto:{MAIL}"},
    "performer": {"@type": "Person", "name": "Jane Roe", "email": MAIL},
    "location": {"@type": "Place", "name": f"Elm Hall {PHONE}", "telephone": PHONE, "address": f"1 Main St {MAIL}"},
    "offers": {"@type": "Offer", "price": "5", "description": CONTACT, "url": f"https://elm.example/?for={MAIL}"},
    "image": "https://elm.example/jane.roe%40planted.example.png",
    "keywords": [MAIL, "coffee"],
    "sameAs": f"https://elm.example/?u={MAIL}",
}
FEED = f"""<?xml version="1.0"?><rss version="2.0" xmlns:ev="http://purl.org/rss/1.0/modules/event/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>{MAIL}</title><link>http://rss.example/</link>
<managingEditor>{MAIL} (Jane)</managingEditor><item><title>Walk with {MAIL}</title><author>{MAIL} (Jane Roe)</author>
<dc:creator>{MAIL}</dc:creator><link>http://rss.example/?to={MAIL}</link><guid isPermaLink="false">9</guid>
<description>&lt;p&gt;Call {PHONE} &amp;#64; {MAIL}&lt;/p&gt;</description><category>{MAIL}</category>
<ev:startdate>2026-06-12T10:00:00-07:00</ev:startdate><ev:location>Park {PHONE}</ev:location>
<ev:organizer>{MAIL}</ev:organizer></item></channel></rss>"""
TEC = {
    "events": [
        {
            "id": 7, "status": "publish", "url": f"https://tec.example/e/?by={MAIL}", "title": f"Lunch {PHONE}",
            "description": f"<p>{CONTACT}</p>", "start_date": "2026-06-13 12:00:00", "end_date": "2026-06-13 13:00:00",
            "timezone": "America/Los_Angeles", "cost": f"$5, pay {MAIL}", "website": f"mailto:{MAIL}",
            "organizer": [{"organizer": f"Jane {MAIL}", "email": MAIL, "phone": PHONE, "website": f"mailto:{MAIL}"}],
            "venue": {"venue": f"Elm Hall {PHONE}", "address": f"1 Main St {MAIL}", "city": "Fresno", "phone": PHONE},
            "categories": [{"name": MAIL, "slug": "x"}], "tags": [{"name": PHONE, "slug": "y"}],
        }
    ],
    "total": 1, "total_pages": 1, "rest_url": "https://tec.example/",
}  # fmt: skip


@pytest.fixture
async def collector(web_site: Any, open_collector: Callable[..., Any], a_source: Any) -> AsyncIterator[Any]:
    bodies = {
        "ics": CALENDAR,
        "html": f'<html><script type="application/ld+json">{json.dumps(LINKED)}</script><p>{CONTACT}</p></html>',
        "rss": FEED,
        "tec": json.dumps(TEC),
    }
    sources: list[Source] = [a_source(name, f"http://{name}.example/calendar", name) for name in bodies]
    for source in sources:
        web_site.pages[source.request.url.removeprefix("http://")] = bodies[source.name].encode()
    hosts = tuple(f"{name}.example" for name in bodies)
    async with open_collector(web_site.port, NOW, hosts=hosts) as collector:
        runs = await collector.run_all(sources)
        assert [(run.source, run.kept) for run in runs] == [("ics", 1), ("html", 1), ("rss", 1), ("tec", 1)]
        yield collector


def found(body: bytes) -> set[bytes]:
    """What looks like an address or a number of somebody."""
    allowed = (OPERATOR.encode(), b"@uid.example", b"7@tec.example", b"@hobnob")
    addresses = {one for one in ADDRESS.findall(body) if not any(word in one for word in allowed)}
    return addresses | set(NUMBER.findall(body)) | set(re.findall(rb"planted", body))


def stored_values(path: str) -> Iterator[tuple[str, bytes]]:
    """Every value of every table, inflated where it is deflated."""
    with closing(sqlite3.connect(path)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            for row in connection.execute(f"SELECT * FROM {table}"):  # noqa: S608
                for value in row:
                    body = value if isinstance(value, bytes) else str(value).encode()
                    with suppress(zlib.error):
                        body = zlib.decompress(body)
                    yield table, body


def test_what_is_planted_would_be_found() -> None:
    assert found(CALENDAR.encode()) == {MAIL.encode(), PHONE.encode(), b"planted"}


async def test_no_stored_byte_leads_to_a_person(collector: Any) -> None:
    values = list(stored_values(str(collector.store._address)))

    assert {table for table, body in values if b"Elm Hall" in body} >= {"listings", "events", "pages"}
    assert [(table, found(body)) for table, body in values if found(body)] == []


@pytest.mark.parametrize("path", SERVED)
async def test_no_served_byte_leads_to_a_person(collector: Any, shared_gazetteer: Gazetteer, path: str) -> None:
    app = create_app(collector.store, Settings(contact=OPERATOR, admin_token=TOKEN), shared_gazetteer, now=lambda: NOW)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://hobnob.example") as client:
        answer = await client.get(path, headers={"Authorization": f"Bearer {TOKEN}"})

    assert answer.status_code == 200
    assert found(answer.content.replace(b"\r\n ", b"")) == set()
