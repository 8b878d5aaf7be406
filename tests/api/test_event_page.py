"""`/events/{id}` and `/v1/events/{id}.ics`: one event, what is said of it and how sure, and its way into a calendar."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from urllib.parse import parse_qs, parse_qsl, urlsplit
from zoneinfo import ZoneInfo

import httpx
import icalendar
import pytest
from selectolax.lexbor import LexborHTMLParser

from aggregator.event import (
    Authority,
    Event,
    EventStatus,
    Evidence,
    Kind,
    Offer,
    Organization,
    Place,
    PostalAddress,
    Precision,
    Statement,
    Visitors,
    VisitorTerms,
)
from aggregator.store.matching import Standing
from aggregator.store.store import Store

pytestmark = pytest.mark.anyio

START = datetime(2026, 10, 9, 18, tzinfo=ZoneInfo("America/Los_Angeles"))
RULE = Evidence(about="visitsAllowed", quote="Visit up to two times.", authority=Authority.ORGANIZATION)
HALL = Place(
    name="Elm Hall",
    address=PostalAddress(street_address="12 Oak St", address_locality="Visalia", address_region="CA",
                          postal_code="93291", address_country="US"),
    precision=Precision.POSTCODE,
)  # fmt: skip


def mixer(**more: object) -> Event:
    told = {
        "source": "chamber", "uid": "mixer", "name": "Autumn Mixer", "url": "https://chamber.example/mixer",
        "location": HALL,
        "organizer": Organization(name="Elm Valley Chamber", url="https://chamber.example"),
        "description": "Come and meet.\nBring cards & a friend.", "end_date": START + timedelta(hours=2),
        "same_as": ("https://www.library.example/m", "javascript:alert(1)"),
        "offers": (Offer(price=Decimal(5), price_currency="USD", description="$5 members, $10 guests"),),
        "visitor_terms": VisitorTerms(
            visitors=Visitors.OPEN, visits_allowed=2, guest_fee=Decimal(10),
            evidence=(Evidence(about="visitors", quote="Guests are welcome."), RULE,
                      Evidence(about="guestFee", quote="Guests are welcome.")),
        ),
    }  # fmt: skip
    return Event(start_date=START, time_zone="America/Los_Angeles", **told | more)  # type: ignore[arg-type]


@pytest.fixture
def open_mixer(
    changing_town: Store, add: Callable[..., None], api: Callable[..., httpx.AsyncClient]
) -> Callable[..., tuple[httpx.AsyncClient, str]]:
    """A client, and the id of the mixer, otherwise as told."""

    def make(**more: object) -> tuple[httpx.AsyncClient, str]:
        add(changing_town, Kind.CHAMBER, (mixer(**more),))
        return api(changing_town), id_of(changing_town, "mixer")

    return make


def id_of(store: Store, uid: str) -> str:
    sql = "SELECT id FROM events JOIN listings USING (event) WHERE uid = ?"
    return str(store._look_up(lambda link: link.execute(sql, (uid,)).fetchone())[0])


async def show(client: httpx.AsyncClient, path: str, **asked: str) -> LexborHTMLParser:
    answer = await client.get(path, params=asked or None)
    assert answer.status_code == 200, answer.text
    return LexborHTMLParser(answer.text)


def texts(page: LexborHTMLParser, selector: str) -> list[str]:
    return [" ".join(node.text().split()) for node in page.css(selector)]


async def test_a_page_says_when_where_and_how_sure_the_place_is(
    open_mixer: Callable[..., tuple[httpx.AsyncClient, str]],
) -> None:
    client, one = open_mixer()
    page = await show(client, f"/events/{one}")

    assert texts(page, ".moment") == ["Friday, October 9, 2026, 6:00 pm – 8:00 pm PDT"]
    assert page.css_first("address").inner_html == "Elm Hall<br>12 Oak St<br>Visalia, CA 93291"
    assert texts(page, ".honest") == [
        "Only the postcode is known to us for sure: distances are measured from its middle."
    ]
    assert texts(page, ".paragraph") == ["Come and meet.", "Bring cards & a friend."]


async def test_each_sentence_on_visitors_is_quoted_once_with_who_says_so(
    open_mixer: Callable[..., tuple[httpx.AsyncClient, str]],
) -> None:
    client, one = open_mixer()
    page = await show(client, f"/events/{one}")

    assert texts(page, ".evidence dt") == ["Visitors welcome, Guests pay $10", "2 visits before joining"]
    assert texts(page, ".evidence dd") == ["Guests are welcome. said on its page",
                                           "Visit up to two times. rule of the organisation"]  # fmt: skip
    assert "$5 members, $10 guests" in texts(page, ".big")


async def test_who_comes_in_a_wheelchair_reads_what_is_said_of_the_way_in(
    open_mixer: Callable[..., tuple[httpx.AsyncClient, str]],
) -> None:
    quote = Statement(source="chamber", quote="Step-free entrance on Oak Street.")
    client, one = open_mixer(location=replace(HALL, wheelchair_accessible=True, accessibility_evidence=(quote,)))
    page = await show(client, f"/events/{one}")

    assert texts(page, ".access") == ["Wheelchairs get in. Step-free entrance on Oak Street."]


async def test_all_pages_that_tell_it_are_linked_but_what_is_no_page(
    open_mixer: Callable[..., tuple[httpx.AsyncClient, str]],
) -> None:
    client, one = open_mixer()
    page = await show(client, f"/events/{one}")

    links = [(node.text(), node.attributes["href"]) for node in page.css(".pages a")]
    assert links == [("chamber.example", "https://chamber.example/mixer"),
                     ("library.example", "https://www.library.example/m")]  # fmt: skip
    assert "javascript" not in page.css_first("body").html


async def test_calendars_of_others_are_given_the_same_times(
    open_mixer: Callable[..., tuple[httpx.AsyncClient, str]],
) -> None:
    client, one = open_mixer()
    page = await show(client, f"/events/{one}")
    ours, google, outlook = (str(node.attributes["href"]) for node in page.css(".buttons a"))

    asked = dict(parse_qsl(urlsplit(google).query))
    assert (asked["text"], asked["dates"]) == ("Autumn Mixer", "20261010T010000Z/20261010T030000Z")
    assert asked["location"] == "Elm Hall, 12 Oak St, Visalia, CA 93291"
    asked = dict(parse_qsl(urlsplit(outlook).query))
    assert (asked["startdt"], asked["enddt"]) == ("2026-10-10T01:00:00+00:00", "2026-10-10T03:00:00+00:00")
    calendar = icalendar.Calendar.from_ical((await client.get(ours)).content)
    (told,) = calendar.walk("VEVENT")
    assert (told["SUMMARY"], told.decoded("DTSTART")) == ("Autumn Mixer", START)


async def test_whole_days_end_on_the_day_after_in_calendars_of_others(client: httpx.AsyncClient, town: Store) -> None:
    page = await show(client, f"/events/{id_of(town, 'River Clean-up')}")
    _, google, outlook = (str(node.attributes["href"]) for node in page.css(".buttons a"))

    assert texts(page, ".moment") == ["Saturday, October 17, 2026, All day – Sun, Oct 18"]
    assert parse_qs(urlsplit(google).query)["dates"] == ["20261017/20261019"]
    assert parse_qs(urlsplit(outlook).query)["allday"] == ["true"]


async def test_one_date_of_a_series_is_shown_where_it_is_asked_for(client: httpx.AsyncClient, town: Store) -> None:
    one = id_of(town, "Weekly Sort")
    page = await show(client, f"/events/{one}", on="2026-10-27")
    first = await show(client, f"/events/{one}")

    assert texts(page, ".moment")[0].startswith("Tuesday, October 27, 2026")
    assert texts(first, ".moment")[0].startswith("Tuesday, October 13, 2026")
    assert texts(page, ".dates [aria-current]") == ["Tuesday, October 27"]
    assert len(texts(page, ".dates li")) == 4
    this, every = (str(node.attributes["href"]) for node in page.css(".buttons a")[:2])
    assert (await client.get(this)).content.count(b"BEGIN:VEVENT") == 1
    assert (await client.get(every)).content.count(b"BEGIN:VEVENT") == 4
    assert page.css_first("link[rel=canonical]").attributes["href"] == f"https://hobnob.example/events/{one}"


async def test_a_list_leads_to_the_very_date(client: httpx.AsyncClient) -> None:
    page = await show(client, "/", near="Visalia, CA", q="Weekly Sort")

    links = [str(node.attributes["href"]) for node in page.css(".card h3 a")]
    assert [link.partition("?")[2] for link in links] == [
        "on=2026-10-13", "on=2026-10-20", "on=2026-10-27", "on=2026-11-03",
    ]  # fmt: skip


async def test_programs_find_the_event_in_schema_orgs_words(
    open_mixer: Callable[..., tuple[httpx.AsyncClient, str]],
) -> None:
    client, one = open_mixer(description="</script><script>alert(1)</script>")
    page = await show(client, f"/events/{one}")

    (block,) = page.css("script[type='application/ld+json']")
    told = json.loads(block.text())
    assert (told["@context"], told["@type"], told["name"]) == ("https://schema.org", "Event", "Autumn Mixer")
    assert told["@id"] == f"https://hobnob.example/events/{one}"
    assert told["description"] == "</script><script>alert(1)</script>"
    assert told["location"]["address"]["postalCode"] == "93291"
    assert page.css_first("meta[property='og:title']").attributes["content"] == "Autumn Mixer"


async def test_what_is_cancelled_says_so_first(open_mixer: Callable[..., tuple[httpx.AsyncClient, str]]) -> None:
    client, one = open_mixer(event_status=EventStatus.CANCELLED)

    assert texts(await show(client, f"/events/{one}"), "h1") == ["Cancelled Autumn Mixer"]


async def test_a_merged_id_leads_on_in_every_form(
    changing_town: Store, add: Callable[..., None], api: Callable[..., httpx.AsyncClient]
) -> None:
    add(changing_town, Kind.CHAMBER, (mixer(),))
    add(changing_town, Kind.VOLUNTEER, (mixer(uid="copy", source="volunteers"),))
    changing_town.match({"chamber": Standing(), "volunteers": Standing(role="aggregator")}, START)
    ids = id_of(changing_town, "mixer"), id_of(changing_town, "copy")
    (merged,) = (one for one in ids if changing_town.merged_into(one))
    (survivor,) = (one for one in ids if one != merged)

    client = api(changing_town)
    page = await client.get(f"/events/{merged}", params={"lang": "es"})
    calendar = await client.get(f"/v1/events/{merged}.ics")

    assert (page.status_code, page.headers["location"]) == (301, f"/events/{survivor}?lang=es")
    assert (calendar.status_code, calendar.headers["location"]) == (301, f"/v1/events/{survivor}.ics")
    assert (await client.get(f"/events/{survivor}")).status_code == 200


async def test_an_event_that_is_not_there_is_told_on_a_page(client: httpx.AsyncClient) -> None:
    page, calendar = await client.get("/events/nosuch"), await client.get("/v1/events/nosuch.ics")

    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert (calendar.status_code, calendar.headers["content-type"]) == (404, "application/problem+json")


@pytest.mark.parametrize("asked", [{"on": "soon"}, {"near": "Visalia, CA"}])
async def test_what_a_page_does_not_know_is_refused(
    client: httpx.AsyncClient, town: Store, asked: dict[str, str]
) -> None:
    answer = await client.get(f"/events/{id_of(town, 'Mixer')}", params=asked)

    assert answer.status_code == 422


async def test_a_page_is_not_sent_twice(client: httpx.AsyncClient, town: Store) -> None:
    path = f"/events/{id_of(town, 'Mixer')}"
    first = await client.get(path)

    assert (await client.get(path, headers={"If-None-Match": first.headers["etag"]})).status_code == 304
