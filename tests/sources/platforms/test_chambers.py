"""What chambers' own vendors publish: catalogues in XML, feeds whose titles are dates, answers to a POST."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

import pytest

from aggregator.collect.drafts import Told, merge
from aggregator.errors import ParseError
from aggregator.source import Draft, Page, Request, dated
from sources.load import source_at
from sources.platforms import chambernation, growthzone, membershipworks, weblink

CATALOGUE = """<?xml version="1.0"?><ArrayOfEventDisplay>
<EventDisplay><EventID>18231</EventID><Name>Coffee &amp;amp; Contacts</Name><Status>APPROVED</Status>
<StartDate>2026-12-08T07:30:00Z</StartDate><EndDate>2026-12-08T08:30:00</EndDate><IsAllDayEvent>false</IsAllDayEvent>
<Slug>coffee-12-08-2026</Slug><Description>&lt;p&gt;Meet owners.&lt;/p&gt;</Description>
<LocationDesc>Elm Hall&lt;br/&gt;12 Oak St, Visalia, CA</LocationDesc><MapCity>Dummy</MapCity>
<AdmissionDesc>$10</AdmissionDesc>
<ContactDesc>Pat Doe</ContactDesc><ContactEmail>pat@elm.example</ContactEmail></EventDisplay>
<EventDisplay><EventID>18232</EventID><Name>Fair</Name><Status>APPROVED</Status><StartDate>2026-12-09T00:00:00</StartDate>
<EndDate>2026-12-10T00:00:00</EndDate><IsAllDayEvent>true</IsAllDayEvent><MapAddr1>1 Main St</MapAddr1>
<MapCity>Visalia</MapCity><AdmissionDesc>FLOAT ENTRIES: $250</AdmissionDesc></EventDisplay>
<EventDisplay><EventID>90001</EventID><Name>Weekly Lunch</Name><Status>PENDING</Status>
<StartDate>2028-03-02T12:00:00</StartDate></EventDisplay></ArrayOfEventDisplay>"""
COFFEE = Draft(
    identifier="18231",
    name="Coffee &amp; Contacts",
    start_date="2026-12-08T07:30:00",
    end_date="2026-12-08T08:30:00",
    description="<p>Meet owners.</p>",
    location_text="Elm Hall<br/>12 Oak St, Visalia, CA",
    price="$10",
    url="https://business.elm.example/events/details/coffee-12-08-2026-18231",
)
OLD_CARD = """<div class="card gz-events-card"><h5 class="card-title gz-card-title">
<a href="/events/details/leads-lunch-12-10-2026-18240">Leads Lunch</a></h5><p class="gz-events-description">Bring ca</p>
<li class="gz-card-date"><a><span content="2026-12-10T12:00">Thursday</span><meta content="2026-12-10T13:00"></a></li>
</div>"""
NEW_CARD = """<div class="card gz-events-card" itemscope itemtype="http://schema.org/Event"><h5 itemprop="name">
<a class="gz-card-title gz-event-card-title" itemprop="url"
href="/calendar/Details/wellness-1870999?sourceTypeId=Website">
Wellness</a></h5><meta itemprop="startDate" content="12/13/2026 5:30:00 PM">
<meta itemprop="endDate" content="12/13/2026 6:30:00 PM"><p itemprop="about">Free and open to all ...</p></div>"""
EVENT_CALENDAR = """BEGIN:VCALENDAR
PRODID:-//ChamberMaster//Event Calendar 2.0//EN
X-PUBLISHED-TTL:P1H
BEGIN:VEVENT
UID:e.4565.1589001
DTSTART;TZID=America/Los_Angeles:20261213T173000
SUMMARY:Wellness
LOCATION:Elm Hall
END:VEVENT
END:VCALENDAR
"""
OWN_PAGE = """<html><body><div class="gz-event-details"><h1 class="gz-pagetitle">Morning Walk</h1>
<div class="gz-event-time">Wednesday, December 9, 2026 (8:30 AM - 10:00 AM) (PST)</div>
<div class="gz-event-location"><h5>Location</h5><p>River Gate</p></div>
<div class="gz-event-address"><span class="gz-street-address">12 Oak St</span>, <span class="gz-city">Visalia</span>
<span class="gz-state">CA</span> <span class="gz-postalcode">93291</span></div>
<div class="gz-event-description"><h5>Description</h5><p>Bring water.</p><p>Dogs are welcome.</p></div>
<div class="gz-event-fees"><h5>Fees/Admission</h5><p><span class="gz-event-fees">$5 for guests</span></p></div>
</div></body></html>"""
WALK = Draft(
    name="Morning Walk",
    date_text="Wednesday, December 9, 2026 (8:30 AM - 10:00 AM) (PST)",
    location_text="River Gate",
    street_address="12 Oak St",
    address_locality="Visalia",
    address_region="CA",
    postal_code="93291",
    description="Bring water.\nDogs are welcome.",
    price="$5 for guests",
    url="https://business.elm.example/events/details/walk-7001",
)
MARKED = {
    "@context": "https://schema.org",
    "@type": "Event",
    "name": "Morning Walk",
    "startDate": "2026-12-09T08:30:00-08:00",
}
WEBLINK = """<newCalendarDatav3><event><ID>901</ID><Title>Ribbon Cutting</Title>
<StartDateTimeUtc>2026-12-13T16:00:00+00:00</StartDateTimeUtc><EndDateTimeUtc>2026-12-13T17:00:00+00:00</EndDateTimeUtc>
<Venue>Deli</Venue><Address1>1 Main St</Address1><City>Visalia</City><State>CA</State><Zip>93291</Zip></event>
</newCalendarDatav3>"""
TITLES = """<rss version="2.0"><channel><item>
<title>Ribbon Cutting: The Deli 12/21/2026 5:30 PM - 12/21/2026 7:00 PM</title>
<link>https://web.elm.example/cwt/external/wcpages/wcevents/eventdetail.aspx?EventID=901</link>
<pubDate>Mon, 02 Mar 2026 09:00:00 GMT</pubDate></item></channel></rss>"""
NATION: list[dict[str, Any]] = [
    {
        "calendar_date_id": "88123",
        "eventid": "4410",
        "name": "Leads at CafÃ© Uno",
        "startdate": "2026-12-07",
        "enddate": "2026-12-07",
        "start_time": "07:00:00",
        "end_time": "08:00:00",
        "cd_time_override_ind": "Y",
        "cd_start_time": "22:30:00",
        "cd_end_time": "01:30:00",
        "cd_cancelled_ind": "Y",
        "timezone": "PST",
        "address": "1 Main",
        "city": "Visalia",
    },
    {
        "calendar_date_id": "88124",
        "name": "Fair",
        "startdate": "2026-12-08",
        "start_time": "00:00:00",
        "end_time": "00:00:00",
    },
]
MEMBERS = [{"_id": "a1", "ttl": "Mixer", "sdp": 1796522400, "edp": 1796529600, "url": "event/mixer", "adn": "Elm Hall"}]
MIXER = Draft(identifier="a1", name="Mixer", start_date="1796522400", end_date="1796529600", location_name="Elm Hall")


def page(text: str, url: str = "https://business.elm.example/events") -> Page:
    return Page(request=Request(url=url), url=url, body=text.encode(), fetched_at=datetime(2026, 11, 1, tzinfo=UTC))


def test_the_catalogue_tells_what_is_approved_by_local_clocks_and_no_contacts() -> None:
    coffee, fair = growthzone.parse(page(CATALOGUE, "https://business.elm.example/api/events"))

    assert coffee == COFFEE
    assert (fair.start_date, fair.end_date, fair.price) == ("2026-12-09", "2026-12-10", None)
    assert (fair.street_address, fair.address_locality) == ("1 Main St", "Visalia")
    assert "pat@elm.example" not in repr((coffee, fair))


@pytest.mark.parametrize(
    ("card", "draft", "calendar"),
    [
        (
            OLD_CARD,
            Draft(
                identifier="18240",
                name="Leads Lunch",
                start_date="2026-12-10T12:00",
                end_date="2026-12-10T13:00",
                description="Bring ca",
                url="https://business.elm.example/events/details/leads-lunch-12-10-2026-18240",
            ),
            "https://business.elm.example/events/addtocalendar/leads-lunch-12-10-2026-18240?format=ICal",
        ),
        (
            NEW_CARD,
            Draft(
                identifier="1870999",
                name="Wellness",
                start_date="12/13/2026 5:30 PM",
                end_date="12/13/2026 6:30 PM",
                description="Free and open to all ...",
                url="https://business.elm.example/calendar/Details/wellness-1870999?sourceTypeId=Website",
            ),
            "https://business.elm.example/calendar/ICal/wellness-1870999.ics",
        ),
    ],
)
def test_cards_of_either_generation_lead_to_the_calendar_of_each_event(card: str, draft: Draft, calendar: str) -> None:
    told = page(card)

    assert list(growthzone.parse(told)) == [draft]
    assert [(r.url, r.completes) for r in growthzone.follow(told)] == [(calendar, draft.identifier)]


def test_an_events_calendar_is_read_although_it_breaks_the_rules() -> None:
    told = page(EVENT_CALENDAR, "https://business.elm.example/calendar/ICal/wellness-1870999.ics")

    (draft,) = growthzone.parse(told)

    assert growthzone.recognise(told)
    assert (draft.start_date, draft.location_text) == ("2026-12-13T17:30:00", "Elm Hall")


def test_a_print_list_is_read_page_by_page_until_one_is_empty() -> None:
    ((_, url),) = growthzone.fallbacks("https://business.elm.example/events/calendar")
    whole = page(OLD_CARD, "https://business.elm.example/events/calendar?rendermode=print&page=2")
    empty = page('<div class="gz-events-empty"></div>', whole.url)

    assert url.startswith("https://business.elm.example/events/calendar?rendermode=print&from={today:%m/%d/%Y}&to=")
    assert next(iter(growthzone.follow(whole))).url.endswith("rendermode=print&page=3#18240")
    assert list(growthzone.parse(empty)) == list(growthzone.follow(empty)) == []


def test_a_print_list_that_shows_its_last_page_again_has_no_further_one() -> None:
    first = page(OLD_CARD, "https://business.elm.example/events?rendermode=print&page=1")
    (second, *_) = growthzone.follow(first)
    again = replace(first, request=second, url=second.url.partition("#")[0])

    assert [request.completes for request in growthzone.follow(again)] == ["18240"]


def test_of_the_catalogue_what_lacks_a_place_an_end_or_words_is_completed_while_it_is_to_come() -> None:
    bare = """<EventDisplay><EventID>7</EventID><Name>Walk</Name><Slug>walk</Slug>
    <StartDate>{}T09:00:00</StartDate></EventDisplay>"""
    coming, past = bare.format("2026-11-20"), bare.format("2026-10-20").replace(">7<", ">8<")
    whole = CATALOGUE.replace("<ArrayOfEventDisplay>", f"<ArrayOfEventDisplay>{coming}{past}")
    url = "https://business.elm.example/events/addtocalendar/walk-7?format=ICal"

    assert list(growthzone.follow(page(whole))) == [Request(url=url, completes="7")]


@pytest.mark.parametrize(
    ("calendar", "own"),
    [
        ("/events/addtocalendar/walk-7001?format=ICal", "/events/details/walk-7001"),
        ("/calendar/ICal/walk-7001.ics", "/calendar/Details/walk-7001"),
    ],
)
def test_after_its_calendar_an_event_is_asked_for_its_page_which_tells_the_price(calendar: str, own: str) -> None:
    site = "https://business.elm.example"
    told = replace(page(EVENT_CALENDAR), request=Request(url=f"{site}{calendar}", completes="7001"))

    assert list(growthzone.follow(told)) == [Request(url=f"{site}{own}", completes="7001")]
    assert list(growthzone.follow(page(EVENT_CALENDAR, f"{site}{calendar}"))) == []
    assert list(growthzone.follow(replace(page(OWN_PAGE), request=Request(url=f"{site}{own}", completes="7001")))) == []


def test_an_events_own_page_tells_what_its_structured_data_leaves_out() -> None:
    url = "https://business.elm.example/events/details/walk-7001"
    marked = OWN_PAGE.replace("<h1", f"<script type='application/ld+json'>{json.dumps(MARKED)}</script><h1")

    assert list(growthzone.parse(page(OWN_PAGE, url))) == [WALK]
    (draft,) = growthzone.parse(page(marked, url))
    assert (draft.name, draft.start_date) == ("Morning Walk", "2026-12-09T08:30:00-08:00")
    assert (draft.price, draft.street_address) == ("$5 for guests", "12 Oak St")
    with pytest.raises(ParseError):
        list(growthzone.parse(page("<html><body><h1>Sign in</h1></body></html>", url)))


def test_card_calendar_and_page_fill_what_those_before_them_lack() -> None:
    site, teaser = "https://business.elm.example", "Bring wa ..."
    card = NEW_CARD.replace("Free and open to all ...", teaser).replace("wellness-1870999", "walk-7001")
    listing = page(card, f"{site}/calendar")
    (calendar,) = growthzone.follow(listing)
    of_calendar = replace(page(EVENT_CALENDAR, calendar.url), request=calendar)
    (own,) = growthzone.follow(of_calendar)
    pages = (listing, of_calendar, replace(page(OWN_PAGE, own.url), request=own))
    told = [Told(request=p.request, drafts=tuple(growthzone.parse(p)), at=p.fetched_at) for p in pages]
    ((draft, _),) = merge(told)

    assert draft == replace(
        WALK,
        identifier="7001",
        name="Wellness",
        start_date="12/13/2026 5:30 PM",
        end_date="12/13/2026 6:30 PM",
        time_zone="America/Los_Angeles",
        location_text="Elm Hall",
        url=f"{site}/calendar/Details/walk-7001?sourceTypeId=Website",
    )


@pytest.mark.parametrize(
    ("listed", "day"),
    [
        ('<table class="gz-cal-grid"><li class="gz-cal-event"><a href="{}">Tour</a></li></table>', "12/10/2026"),
        ('<div class="mn-section"><div class="mn-title"><a href="{}">Tour</a></div></div>', "12/10/2026"),
        ('<div class="mn-calendar"><div class="mn-CalendarItem"><a href="{}">Tour</a></div></div>', None),
    ],
)
def test_lists_before_the_cards_tell_a_day_that_the_events_calendar_makes_a_time(listed: str, day: str | None) -> None:
    url = f"https://business.elm.example/events/details/tour{'-12-10-2026' if day else ''}-18240"
    told = page(listed.format(url))

    assert growthzone.recognise(told)
    assert list(growthzone.parse(told)) == [Draft(identifier="18240", name="Tour", date_text=day, url=url)]
    assert [request.completes for request in growthzone.follow(told)] == ["18240"]


def test_links_that_lead_to_no_event_are_no_listing() -> None:
    with pytest.raises(ParseError):
        list(growthzone.parse(page('<div class="mn-title"><a href="/list/member/elm-deli-77001">Elm Deli</a></div>')))


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ("https://business.elm.example/", "https://business.elm.example/api/events"),
        ("https://business.elm.example/events/calendar/2026-12-01", "https://business.elm.example/api/events"),
        ("https://business.elm.example/api/events", "https://business.elm.example/api/events"),
    ],
)
def test_any_address_of_the_site_leads_to_the_catalogue(given: str, asked: str) -> None:
    assert growthzone.request(given).url == asked


def test_the_xml_of_weblink_is_in_real_utc() -> None:
    told = page(WEBLINK)

    assert list(weblink.parse(told)) == [
        Draft(
            identifier="901",
            name="Ribbon Cutting",
            start_date="2026-12-13T16:00:00+00:00",
            end_date="2026-12-13T17:00:00+00:00",
            location_name="Deli",
            street_address="1 Main St",
            address_locality="Visalia",
            address_region="CA",
            postal_code="93291",
        )
    ]
    assert "startdate={today:%Y-%m-%d}%20" in weblink.request("https://web.elm.example/events").url


@pytest.mark.parametrize(
    ("title", "name", "start", "end"),
    [
        (
            "Ribbon Cutting: The Deli 12/21/2026 5:30 PM - 12/21/2026 7:00 PM",
            "Ribbon Cutting: The Deli",
            "12/21/2026 5:30 PM",
            "12/21/2026 7:00 PM",
        ),
        ("Lunch 12/21/2026 12:00 Noon - 12/21/2026 1:00 PM", "Lunch", "12/21/2026 12:00 PM", "12/21/2026 1:00 PM"),
        ("Winter Fair 12/19/2026 - 12/20/2026", "Winter Fair", "12/19/2026", "12/20/2026"),
        ("Board of Trade - 12/21/2026 5:30 PM", "Board of Trade", "12/21/2026 5:30 PM", None),
        ("Day of Service 12/21/2026", "Day of Service", "12/21/2026", None),
        ("Office closed", "Office closed", None, None),
    ],
)
def test_the_feed_of_weblink_has_its_dates_in_the_titles(
    title: str, name: str, start: str | None, end: str | None
) -> None:
    whole = TITLES.replace("Ribbon Cutting: The Deli 12/21/2026 5:30 PM - 12/21/2026 7:00 PM", title)

    assert list(weblink.parse(page(whole))) == [
        Draft(
            identifier="901",
            name=name,
            start_date=start,
            end_date=end,
            url="https://web.elm.example/cwt/external/wcpages/wcevents/eventdetail.aspx?EventID=901",
        )
    ]


def test_xml_of_weblink_whose_events_are_called_otherwise_is_not_taken_as_empty() -> None:
    renamed = WEBLINK.replace("StartDateTimeUtc", "Begins")

    assert list(weblink.parse(page("<newCalendarDatav3></newCalendarDatav3>"))) == []
    assert list(weblink.parse(page('<rss version="2.0"><channel></channel></rss>'))) == []
    with pytest.raises(ParseError):
        list(weblink.parse(page(renamed)))


def test_the_feed_of_weblink_is_the_way_where_its_xml_is_closed() -> None:
    ((name, url),) = weblink.fallbacks("https://web.elm.example/events")

    assert name == "weblink"
    assert weblink.request(url).url == url
    assert list(weblink.fallbacks(url)) == []


def test_chamber_nation_tells_overridden_clocks_nights_and_letters_that_were_read_wrongly() -> None:
    leads, fair = chambernation.parse(page(json.dumps(NATION)))

    assert leads == Draft(
        identifier="88123",
        super_event="4410",
        name="Leads at Café Uno",
        start_date="2026-12-07T22:30:00",
        end_date="2026-12-08T01:30:00",
        time_zone="America/Los_Angeles",
        event_status="cancelled",
        street_address="1 Main",
        address_locality="Visalia",
    )
    assert (fair.start_date, fair.end_date) == ("2026-12-08", "2026-12-08")


@pytest.mark.parametrize(
    ("told", "start", "end"),
    [
        ({"enddate": "0000-00-00", "start_time": "09:00", "end_time": "10:30"}, "T09:00:00", "T10:30:00"),
        ({"enddate": "", "start_time": "09:00:00", "end_time": ""}, "T09:00:00", None),
        ({"enddate": "2026-12-10", "start_time": "", "end_time": "10:00:00"}, "", "2026-12-10"),
        ({"enddate": "0000-00-00", "start_time": "00:00:00", "end_time": ""}, "", ""),
        ({"startdate": "0000-00-00", "enddate": "0000-00-00", "start_time": "09:00:00"}, None, None),
        ({"startdate": None, "end_time": "10:00:00"}, None, None),
    ],
)
def test_days_and_clocks_that_chamber_nation_leaves_open_are_none(
    told: dict[str, str], start: str | None, end: str | None
) -> None:
    event = {"calendar_date_id": "1", "name": "Fair", "startdate": "2026-12-08", **told}
    (draft,) = chambernation.parse(page(json.dumps([event])))

    day = "2026-12-08"
    wanted = [told if told is None or told.startswith("2") else f"{day}{told}" for told in (start, end)]
    assert [draft.start_date, draft.end_date] == wanted


@pytest.mark.parametrize(
    ("told", "zone"),
    [
        ("PDT", "America/Los_Angeles"),
        ("CST", "America/Chicago"),
        ("America/Denver", "America/Denver"),
        ("Moon", "Moon"),
        ("", None),
    ],
)
def test_chamber_nation_names_zones_in_many_ways(told: str, zone: str | None) -> None:
    (draft,) = chambernation.parse(page(json.dumps([{**NATION[1], "timezone": told}])))

    assert draft.time_zone == zone


@pytest.mark.parametrize(("year", "month", "asked"), [(2026, 7, [2027]), (2026, 6, []), (2025, 12, [])])
def test_from_july_on_the_next_year_is_asked_for_too_and_no_more(year: int, month: int, asked: list[int]) -> None:
    now = datetime(2026, month, 1, tzinfo=UTC)
    first = dated(chambernation.request(org_id=4711), now.replace(year=year))
    told = Page(request=first, url=first.url, body=b"[]", fetched_at=now)
    following = list(chambernation.follow(told))

    assert [request.body for request in following] == [
        f"searchValues=%26org_id%3D4711%26year%3D{year}%26month%3D%26day%3D%26category%3D".encode() for year in asked
    ]
    for request in following:
        assert list(chambernation.follow(replace(told, request=request))) == []


def test_chamber_nation_is_asked_as_its_own_script_asks() -> None:
    script = '<script src="https://auth.chamberwidgets.com/cn-api/prod2/embed.js" data-org-id="4711"></script>'
    address = chambernation.address(page(script))
    asked = chambernation.request(address)

    assert address == "https://auth.chamberwidgets.com/cn-api/prod2/calendar/events?org_id=4711"
    assert (asked.method, asked.url) == ("POST", "https://auth.chamberwidgets.com/cn-api/prod2/calendar/events")
    assert asked.body == b"searchValues=%26org_id%3D4711%26year%3D{today:%Y}%26month%3D%26day%3D%26category%3D"
    with pytest.raises(ValueError, match="org_id"):
        chambernation.request("https://elm.example/")


def test_membershipworks_is_read_from_either_form() -> None:
    script = '<script src="//cdn.membershipworks.com/a.js"></script><div id="SFctr" data-org="15499"></div>'

    assert list(membershipworks.parse(page(json.dumps(MEMBERS)))) == [MIXER]
    assert list(membershipworks.parse(page(json.dumps({"evt": MEMBERS})))) == [MIXER]
    assert membershipworks.address(page(script)) == membershipworks.request(org=15499).url
    assert [d.name for d in membershipworks.parse(page(EVENT_CALENDAR))] == ["Wellness"]


@pytest.mark.parametrize(
    ("told", "url"),
    [
        ("2026/12/8/mixer", "https://elm.example/events/#!event/2026/12/8/mixer"),
        ("event/mixer", "https://elm.example/events/#!event/mixer"),
        ("https://tickets.example/mixer", "https://tickets.example/mixer"),
        (None, None),
    ],
)
def test_an_event_of_membershipworks_is_shown_on_the_organisations_own_page(told: str | None, url: str | None) -> None:
    answer = page(json.dumps([{**MEMBERS[0], "url": told}]), "https://api.memberfind.me/v1/evt?org=15499&all")
    source = source_at(answer.url, "membershipworks", calendar_page="https://elm.example/events/")

    assert [draft.url for draft in source.parse(answer)] == [url]


def test_each_event_to_come_is_asked_for_its_address() -> None:
    past = {"_id": "a0", "ttl": "Fair", "sdp": 1700000000, "url": "fair"}
    told = page(json.dumps([*MEMBERS, past]), "https://api.memberfind.me/v1/evt?sdp=1&org=15499&all")
    (request,) = membershipworks.follow(told)
    single = page(json.dumps({**MEMBERS[0], "dtl": "<p>Come.</p>", "adr": "1 Main St, Visalia, CA"}), request.url)

    assert (request.url, request.completes) == ("https://api.memberfind.me/v1/evt?org=15499&url=event/mixer", "a1")
    assert list(membershipworks.parse(single)) == [
        replace(MIXER, description="<p>Come.</p>", location_text="1 Main St, Visalia, CA")
    ]
    assert list(membershipworks.follow(single)) == []


def test_an_error_of_membershipworks_is_no_empty_calendar() -> None:
    with pytest.raises(ParseError):
        list(membershipworks.parse(page('{"error": "no such org"}')))


FORMS = (
    (growthzone, CATALOGUE, "<ArrayOfEventDisplay></ArrayOfEventDisplay>"),
    (weblink, WEBLINK, "<newCalendarDatav3></newCalendarDatav3>"),
    (chambernation, json.dumps(NATION), "[]"),
    (membershipworks, json.dumps(MEMBERS), "[]"),
)
IDS = [form[0].__name__.rpartition(".")[2] for form in FORMS]


@pytest.mark.parametrize(("module", "whole", "empty"), FORMS, ids=IDS)
def test_each_is_known_may_be_empty_and_refuses_what_it_does_not_read(
    module: ModuleType, whole: str, empty: str
) -> None:
    assert module.recognise(page(whole))
    assert module.ends_whole(whole.encode())
    assert not module.ends_whole(whole[:-15].encode())
    assert list(module.parse(page(empty))) == []
    for broken in ("<html><body>Sorry.</body></html>", "Org Not Found - 1"):
        with pytest.raises(ParseError):
            list(module.parse(page(broken)))
    for other, text, _ in FORMS:
        if other is not module:
            assert module.recognise(page(text)) is None


@pytest.mark.parametrize(
    ("module", "html"),
    [
        (growthzone, '<div class="gz-event-details">'),
        (growthzone, "<script>var _mnisq=_mnisq||[];</script>"),
        (weblink, '<a href="/cwt/external/wcpages/x.aspx">Events</a>'),
        (chambernation, '<script src="https://www.chamberorganizer.com/a.js">'),
        (membershipworks, '<div id="SFctr">'),
    ],
)
def test_a_page_of_a_site_on_it_is_known(module: ModuleType, html: str) -> None:
    assert module.recognise(page(html))
    assert module.recognise(page("<html><body>Nothing of theirs</body></html>")) is None
