"""Site builders and calendars of WordPress: JSON of a page, states inside it, cards without any markup."""

import json
from datetime import UTC, datetime
from types import ModuleType

import pytest

from aggregator.errors import ParseError
from aggregator.source import Draft, Page, Request
from sources.platforms import ai1ec, eventon, mec, squarespace, sugarcalendar, wildapricot, wix

SQUARE = {
    "website": {"timeZone": "America/Los_Angeles"},
    "collection": {"type": 11, "fullUrl": "/events"},
    "upcoming": [
        {
            "id": "65aa",
            "fullUrl": "/events/coffee",
            "title": "Coffee &amp; Contacts",
            "startDate": 1796522400135,
            "endDate": 1796526000135,
            "body": "<p>Hi</p>",
            "tags": ["Social"],
            "location": {
                "addressTitle": "Elm Hall",
                "addressLine1": "12 Oak St",
                "addressLine2": "Visalia, CA 93291",
                "addressCountry": "United States",
                "mapLat": 36.33,
                "mapLng": -119.29,
            },
        },
        {
            "id": "65ab",
            "title": "Talk",
            "startDate": 1796608800000,
            "location": {"mapLat": 40.7207559, "mapLng": -74.0007613},
        },
        {"id": "65ac", "title": "An article"},
    ],
    "past": [],
    "pagination": {"nextPageUrl": "/events?offset=2"},
    "x": "https://static1.squarespace.com/a.js",
}
WIX_EVENT = {
    "id": "e1",
    "title": "Maker Night",
    "slug": "maker-night",
    "status": "SCHEDULED",
    "scheduling": {
        "config": {
            "startDate": "2026-12-04T02:00:00.000Z",
            "endDate": "2026-12-04T04:00:00.000Z",
            "timeZoneId": "America/Los_Angeles",
        }
    },
    "location": {
        "name": "Elm Hall",
        "address": "12 Oak St, Visalia, CA",
        "coordinates": {"lat": 36.33, "lng": -119.29},
    },
}
WIX = '<script id="wix-warmup-data" type="application/json">{}</script>'
APRICOT = """<rss version="2.0"><channel><generator>Wild Apricot</generator><item><title>Bird Walk</title>
<link>https://birds.example/event-12</link><guid>https://birds.example/event-12</guid>
<pubDate>Sat, 05 Dec 2026 15:30:00 GMT</pubDate>
<description>&lt;p&gt;Come.&lt;/p&gt;&lt;p&gt;Where: River Gate&lt;/p&gt;</description></item></channel></rss>"""
MEC = """<rss version="2.0" xmlns:mec="http://webnus.net/rss/mec/"><channel><item><title>Open House</title>
<link>https://elm.example/events/open-house/</link><mec:startDate>2026-12-05</mec:startDate>
<mec:startHour>6:00 pm</mec:startHour><mec:endDate>2026-12-05</mec:endDate><mec:endHour>8:00 pm</mec:endHour>
</item></channel></rss>"""
AGENDA = """<div class="ai1ec-agenda-view"><div class="ai1ec-date"><div class="ai1ec-month">Dec</div>
<div class="ai1ec-day">28</div><div class="ai1ec-year">2026</div>
<div class="ai1ec-event ai1ec-event-id-7 ai1ec-event-instance-id-70"><a href="/event/mixer">
<span class="ai1ec-event-title">
Mixer@ Elm Hall</span></a><div class="ai1ec-event-time">Dec 28 @ 7:00 pm – 10:00 pm</div></div></div></div>"""
CARDS = """<html><link href="/wp-content/plugins/eventON/a.css"><div class="eventon_list_event">
<a href="https://elm.example/events/walk/"></a><span class="evcal_event_title">Walk</span>
<div class="evo_metarow_time"><div class="evcal_evdata_cell"><h3>Time</h3>
<p>August 11, 2026 10:00 am – 12:00 pm</p></div></div>
<p class="evo_location_address">12 Oak St</p></div></html>"""
SUGAR = """<div class="sugar-calendar-event-list-block"><div class="sugar-calendar-event-list-block__listview__event">
<h4 class="x__title"><a href="/event/tea/">Tea</a></h4>
<div class="x__time">March 29, 2026at7:00 pm-8:30 pm</div></div></div>"""
SUGAR_EVENT = """<h1>Tea</h1><div class="sc-frontend-single-event">
<span class="sc-frontend-single-event__details__label">
Location:</span><span>Elm Hall</span><span class="sc-frontend-single-event__details__label">Date:</span>
<span>March 29, 2026</span></div>"""


def page(text: str, url: str = "https://elm.example/events") -> Page:
    return Page(request=Request(url=url), url=url, body=text.encode(), fetched_at=datetime(2026, 3, 1, tzinfo=UTC))


def test_squarespace_tells_events_in_milliseconds_and_no_default_pin_and_no_articles() -> None:
    told = page(json.dumps(SQUARE))
    coffee, talk = squarespace.parse(told)

    assert coffee == Draft(
        identifier="65aa",
        name="Coffee &amp; Contacts",
        start_date="1796522400",
        end_date="1796526000",
        time_zone="America/Los_Angeles",
        description="<p>Hi</p>",
        url="https://elm.example/events/coffee",
        keywords=("Social",),
        location_name="Elm Hall",
        location_text="12 Oak St, Visalia, CA 93291",
        address_country="United States",
        latitude="36.33",
        longitude="-119.29",
    )
    assert (talk.latitude, talk.location_text) == (None, None)
    assert [r.url for r in squarespace.follow(told)] == ["https://elm.example/events?offset=2&format=json"]
    assert squarespace.request("https://elm.example/events?format=ical").url == "https://elm.example/events?format=json"


def test_wix_events_are_found_wherever_the_state_has_them() -> None:
    state = json.dumps({"appsWarmupData": {"a": {"widget": {"events": {"events": [WIX_EVENT]}}}}})
    (draft,) = wix.parse(page(WIX.replace("{}", state)))

    assert draft == Draft(
        identifier="e1",
        name="Maker Night",
        start_date="2026-12-04T02:00:00.000Z",
        end_date="2026-12-04T04:00:00.000Z",
        time_zone="America/Los_Angeles",
        url="https://elm.example/event-details/maker-night",
        location_name="Elm Hall",
        location_text="12 Oak St, Visalia, CA",
        latitude="36.33",
        longitude="-119.29",
    )


def test_a_date_that_is_to_be_decided_is_none() -> None:
    event = {
        **WIX_EVENT,
        "scheduling": {"config": {"scheduleTbd": True, "startDate": "2026-12-04T02:00:00Z", "timeZoneId": "UTC"}},
    }

    assert [draft.start_date for draft in wix.parse(page(json.dumps({"events": [event]})))] == [None]


def test_wild_apricot_publishes_on_the_start_and_says_where_in_words() -> None:
    (draft,) = wildapricot.parse(page(APRICOT, "https://birds.example/events/RSS"))

    assert (draft.name, draft.location_text) == ("Bird Walk", "River Gate")
    assert (draft.start_date or "").startswith("2026-12-05T15:30:00")
    assert wildapricot.request("https://birds.example/page-18").url == "https://birds.example/events/RSS"
    assert wildapricot.request("https://birds.example/Calendar/RSS").url == "https://birds.example/Calendar/RSS"


def test_mec_has_day_and_clock_in_elements_of_their_own() -> None:
    (draft,) = mec.parse(page(MEC, "https://elm.example/events/feed/"))

    assert (draft.start_date, draft.end_date) == ("2026-12-05 6:00 pm", "2026-12-05 8:00 pm")
    assert draft.identifier == "https://elm.example/events/open-house/"
    assert mec.request("https://elm.example/events/").url == "https://elm.example/?mec-ical-feed=1"
    assert [platform for platform, _ in mec.fallbacks("https://elm.example/")] == ["mec", "html"]


def test_an_agenda_tells_the_day_above_its_events() -> None:
    assert list(ai1ec.parse(page(AGENDA))) == [
        Draft(
            identifier="7-70",
            super_event="7",
            name="Mixer",
            date_text="Dec 28 2026 7:00 pm – 10:00 pm",
            location_text="Elm Hall",
            url="https://elm.example/event/mixer",
        )
    ]
    assert "ai1ec_exporter_controller" in ai1ec.request("https://elm.example/").url


@pytest.mark.parametrize(
    ("shown", "start", "end"),
    [("9:00 am", "2026-10-06T09:00:00", "2026-10-06T10:00:00"), ("All Day", "2026-10-06", "2026-10-06")],
)
def test_the_hours_of_a_day_that_eventon_marks_up_are_those_of_its_card(shown: str, start: str, end: str) -> None:
    (draft,) = eventon.parse(
        page(
            """<link href="/wp-content/plugins/eventON/a.css"><div class="eventon_list_event"
            data-time="1791277200-1791280800" itemscope itemtype="http://schema.org/Event">
            <time itemprop="startDate" datetime="2026-10-6"></time><time itemprop="endDate" datetime="2026-10-6"></time>
            <span class="evo_time"><span class="start">"""
            + shown
            + """</span></span><span class="evcal_event_title" itemprop="name">Walk</span></div>"""
        )
    )

    assert (draft.name, draft.start_date, draft.end_date) == ("Walk", start, end)


def test_cards_of_eventon_are_read_where_nothing_is_marked_up() -> None:
    assert list(eventon.parse(page(CARDS))) == [
        Draft(
            identifier="https://elm.example/events/walk/",
            name="Walk",
            date_text="August 11, 2026 10:00 am – 12:00 pm",
            location_text="12 Oak St",
            url="https://elm.example/events/walk/",
        )
    ]


def test_sugar_calendar_tells_the_list_and_each_page_the_place() -> None:
    listed = page(SUGAR)
    (draft,), (request,) = sugarcalendar.parse(listed), sugarcalendar.follow(listed)
    (single,) = sugarcalendar.parse(page(SUGAR_EVENT, request.url))

    assert (draft.name, draft.date_text) == ("Tea", "March 29, 2026 at 7:00 pm-8:30 pm")
    assert (request.url, request.completes) == ("https://elm.example/event/tea/", draft.identifier)
    assert (single.name, single.location_text, single.date_text) == ("Tea", "Elm Hall", "March 29, 2026")


FORMS = (
    (squarespace, json.dumps(SQUARE), '{"upcoming": [], "past": [], "website": {}, "x": "squarespace.com"}'),
    (wix, json.dumps({"events": [WIX_EVENT]}), WIX.replace("{}", '{"a": {"events": {"events": []}}}')),
    (wildapricot, APRICOT, '<rss version="2.0"><channel><generator>Wild Apricot</generator></channel></rss>'),
    (mec, MEC, '<rss version="2.0"><channel></channel></rss>'),
    (ai1ec, f"<html>{AGENDA}", '<html><div class="ai1ec-agenda-view"></div>'),
    (eventon, CARDS, '<div class="ajde_evcal_calendar"><p class="no_events">No Events</p></div>'),
    (sugarcalendar, SUGAR, '<div class="sugar-calendar-event-list-block"></div>'),
)
IDS = [form[0].__name__.rpartition(".")[2] for form in FORMS]


@pytest.mark.parametrize(("module", "whole", "empty"), FORMS, ids=IDS)
def test_each_is_known_may_be_empty_and_refuses_what_it_does_not_read(
    module: ModuleType, whole: str, empty: str
) -> None:
    assert module.recognise(page(whole))
    assert list(module.parse(page(empty))) == []
    assert module.ends_whole(whole.encode())
    with pytest.raises(ParseError):
        list(module.parse(page("<html><body>We have moved.</body></html>")))
    for other, text, _ in FORMS:
        if other is not module:
            assert module.recognise(page(text)) is None


@pytest.mark.parametrize(
    ("module", "html", "address"),
    [
        (squarespace, "<!-- This is Squarespace. -->", None),
        (wix, '<img src="https://static.wixstatic.com/a.png">', None),
        (wildapricot, '<script src="https://sf.wildapricot.org/a.js">', "https://elm.example/events/RSS"),
        (mec, '<div class="mec-wrap">', "https://elm.example/"),
        (ai1ec, '<html><div class="ai1ec-calendar">', "https://elm.example/"),
        (eventon, '<div class="ajde_evcal_calendar">', None),
        (sugarcalendar, '<link href="/wp-content/plugins/sugar-calendar/a.css">', None),
    ],
)
def test_a_page_of_a_site_on_it_is_known(module: ModuleType, html: str, address: str | None) -> None:
    told = page(html)

    assert module.recognise(told)
    assert (module.address(told) if hasattr(module, "address") else None) == address
    assert module.recognise(page("<html><body>Nothing of theirs</body></html>")) is None
