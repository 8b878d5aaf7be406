"""Calendars of WordPress: a full page, an empty one, and one that has changed, of each plugin."""

from datetime import UTC, datetime
from types import ModuleType

import pytest

from aggregator.errors import ParseError
from aggregator.source import Draft, Page, Request
from sources.load import source_at
from sources.platforms import ai1ec, eventsmanager, mec, sugarcalendar

CALENDAR = """BEGIN:VCALENDAR
PRODID:-//Elm//{}//EN
BEGIN:VEVENT
UID:1@elm.example
DTSTART:20261205T180000Z
DTEND:20261205T200000Z
SUMMARY:Open House
LOCATION:Elm Hall
END:VEVENT
END:VCALENDAR
"""
NO_EVENTS = "BEGIN:VCALENDAR\nPRODID:-//Elm//{}//EN\nEND:VCALENDAR\n"
OF_CALENDAR = Draft(
    identifier="1@elm.example",
    name="Open House",
    start_date="2026-12-05T18:00:00+00:00",
    end_date="2026-12-05T20:00:00+00:00",
    location_text="Elm Hall",
)
MEC_FEED = """<rss version="2.0" xmlns:mec="http://webnus.net/rss/mec/"><channel><item><title>Open House</title>
<link>https://elm.example/events/open-house/</link><pubDate>Mon, 02 Mar 2026 09:00:00 GMT</pubDate>
<description>&lt;p&gt;Come in.&lt;/p&gt;</description><mec:startDate>2026-12-05</mec:startDate>
<mec:startTime>18:00</mec:startTime><mec:endDate>2026-12-06</mec:endDate><mec:endTime>01:00</mec:endTime>
<mec:location>Elm Hall</mec:location><mec:cost>$5</mec:cost></item>
<item><title>Fair</title><link>https://elm.example/events/fair/</link><mec:startDate>2026-12-12</mec:startDate>
<mec:endDate>2026-12-13</mec:endDate></item></channel></rss>"""
MEC_PAGE = """<html><body><div class="mec-wrap"><article class="mec-event-article"><script type="application/ld+json">
{"@context": "http://schema.org", "@type": "Event", "name": "Open House", "url": "https://elm.example/events/open/",
"startDate": "2026-12-05T18:00:00-08:00", "description": "<p class="lead">Come in</p>"}</script></article></div>
</html>"""
BLOCKS = """<html><body><div class="em em-list em-events-list">
<div class="em-event em-item"><div class="em-item-info"><h3 class="em-item-title">
<a href="https://elm.example/events/mixer/">Winter Mixer</a></h3><div class="em-event-meta em-item-meta">
<div class="em-item-meta-line em-event-date em-event-meta-datetime">December 8, 2026</div>
<div class="em-item-meta-line em-event-time em-event-meta-datetime">5:30 pm - 7:00 pm</div>
<div class="em-item-meta-line em-event-location"><a href="/locations/elm/">Elm Hall</a></div></div>
<div class="em-item-desc">Meet the neighbours.</div></div></div>
<nav class="em-pagination"><a class="prev page-numbers" href="/events/">1</a>
<a class="next page-numbers" href="/events/?pno=2">&gt;</a></nav></div></body></html>"""
TABLE = """<html><body><div class="css-events-list"><table class="events-table"><thead>
<tr><th class="event-time">Date/Time</th><th class="event-description">Event</th></tr></thead><tbody>
<tr><td>12/08/2026<br/>5:30 pm - 7:00 pm</td><td><a href="/events/mixer/">Winter Mixer</a><br/>
<i>Elm Hall, Visalia CA</i></td></tr></tbody></table></div></body></html>"""
EM_EVENT = """<html><body><h1 class="entry-title">Winter Mixer</h1>
<div class="em-item em-item-single em-event em-event-single"><div class="em-location-map-coords">
<span class="lat">36.33</span><span class="lng">-119.29</span></div>
<p><strong>Date/Time</strong><br/>Date(s) - 12/08/2026<br/><i>5:30 pm - 7:00 pm</i></p>
<p><strong>Location</strong><br/><a href="/locations/elm/">Elm Hall</a></p>
<p><strong>Categories</strong></p><ul class="event-categories"><li><a href="/c/n/">Networking</a></li></ul>
</div></body></html>"""
AGENDA = """<html><body><div class="ai1ec-calendar"><div class="ai1ec-agenda-view">
<div class="ai1ec-date"><div class="ai1ec-month">Dec</div><div class="ai1ec-day">28</div>
<div class="ai1ec-year">2026</div><div class="ai1ec-event ai1ec-event-id-7 ai1ec-event-instance-id-70">
<a href="/event/mixer"><span class="ai1ec-event-title">
Mixer<span class="ai1ec-event-location">@ Elm Hall</span></span></a>
<div class="ai1ec-event-time">Dec 28 @ 7:00 pm – 10:00 pm</div>
<div class="ai1ec-event-description">Bring a friend.</div></div>
<div class="ai1ec-event ai1ec-event-id-8 ai1ec-event-instance-id-80"><a href="/event/fair">
<span class="ai1ec-event-title">Fair</span></a><div class="ai1ec-event-time">Dec 28 – Dec 30 all-day</div></div></div>
</div><a class="ai1ec-next-page" href="/calendar/action~agenda/page_offset~1/">Next</a></div></body></html>"""
SUGAR = """<html><body><div class="sugar-calendar-event-list-block">
<div class="sugar-calendar-event-list-block__{}view">
<article class="sugar-calendar-event-list-block__{}view__event"><img src="/tea.jpg">
<h4 class="block__title"><a href="/event/tea/">Tea</a></h4>
<div class="block__datetime"><time datetime="2026-12-09T19:00:00-08:00">December 9, 2026</time>at
<time datetime="2026-12-09T20:30:00-08:00">8:30 pm</time></div></article></div></div></body></html>"""
SUGAR_EVENT = """<html><body><h1>Tea</h1><article class="sc-frontend-single-event">
<div class="sc-frontend-single-event__details__date"><div class="sc-frontend-single-event__details__label">Date:</div>
<div class="sc-frontend-single-event__details__val">December 9, 2026</div></div>
<div class="sc-frontend-single-event__details__time"><div class="sc-frontend-single-event__details__label">Time:</div>
<div class="sc-frontend-single-event__details__val">7:00 pm - 8:30 pm</div></div>
<div class="sc-frontend-single-event__details__venue"><div class="sc-frontend-single-event__details__label">Venue:</div>
<div class="sc-frontend-single-event__details__val">Elm Hall</div></div>
<div class="sc-frontend-single-event__details__location"><div class="sc-frontend-single-event__details__label">
Location:</div><div class="sc-frontend-single-event__details__val">12 Oak St, Visalia, CA</div></div>
<div class="sc-frontend-single-event__content"><p>All are welcome.</p></div></article></body></html>"""


def page(text: str, url: str = "https://elm.example/events/") -> Page:
    return Page(request=Request(url=url), url=url, body=text.encode(), fetched_at=datetime(2026, 11, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("module", "signature"), [(mec, "MEC"), (eventsmanager, "Events Manager"), (ai1ec, "ai1ec")], ids=str
)
def test_the_calendar_is_read_and_may_be_empty(module: ModuleType, signature: str) -> None:
    whole, empty = page(CALENDAR.format(signature)), page(NO_EVENTS.format(signature))

    assert module.recognise(whole)
    assert list(module.parse(whole)) == [OF_CALENDAR]
    assert list(module.parse(empty)) == []
    assert module.ends_whole(whole.body)
    assert not module.ends_whole(whole.body[:-20])
    if module is not mec:
        assert list(module.follow(whole)) == []


@pytest.mark.parametrize(
    ("module", "told"),
    [
        (mec, "<rss version='2.0'><channel></channel></rss>"),
        (mec, '<div class="mec-wrap"><p>No event found!</p></div>'),
        (eventsmanager, '<div class="em em-events-list"><p>No Events</p></div>'),
        (ai1ec, '<div class="ai1ec-agenda-view"><p class="ai1ec-no-results">There are no upcoming events.</p></div>'),
        (sugarcalendar, '<div class="sugar-calendar-event-list-block"><p>There are no events.</p></div>'),
    ],
)
def test_an_empty_list_tells_nothing(module: ModuleType, told: str) -> None:
    assert list(module.parse(page(told))) == []


@pytest.mark.parametrize("module", [mec, eventsmanager, ai1ec, sugarcalendar], ids=str)
@pytest.mark.parametrize("told", ["<html><p>We have moved.</p></html>", "<div class='ai1ec-month-view'></div>", "{}"])
def test_what_is_no_list_is_refused(module: ModuleType, told: str) -> None:
    with pytest.raises(ParseError):
        list(module.parse(page(told)))


def test_mecs_feed_tells_day_and_clock_of_both_ends_place_and_cost() -> None:
    assert list(mec.parse(page(MEC_FEED))) == [
        Draft(
            identifier="https://elm.example/events/open-house/",
            name="Open House",
            start_date="2026-12-05 18:00",
            end_date="2026-12-06 01:00",
            description="<p>Come in.</p>",
            location_text="Elm Hall",
            price="$5",
            url="https://elm.example/events/open-house/",
        ),
        Draft(
            identifier="https://elm.example/events/fair/",
            name="Fair",
            start_date="2026-12-12",
            end_date="2026-12-13",
            url="https://elm.example/events/fair/",
        ),
    ]


def test_mecs_page_is_read_although_its_json_is_broken_by_markup() -> None:
    (draft,) = mec.parse(page(MEC_PAGE))

    assert (draft.name, draft.start_date) == ("Open House", "2026-12-05T18:00:00-08:00")
    assert draft.url == "https://elm.example/events/open/"


def test_events_manager_lists_blocks_page_by_page() -> None:
    assert list(eventsmanager.parse(page(BLOCKS))) == [
        Draft(
            identifier="https://elm.example/events/mixer/",
            name="Winter Mixer",
            date_text="December 8, 2026 5:30 pm - 7:00 pm",
            location_text="Elm Hall",
            description="Meet the neighbours.",
            url="https://elm.example/events/mixer/",
        )
    ]
    assert list(eventsmanager.follow(page(BLOCKS))) == [Request(url="https://elm.example/events/?pno=2")]


def test_an_events_page_of_events_manager_tells_by_labels() -> None:
    url = "https://elm.example/events/mixer/"

    assert list(eventsmanager.parse(page(EM_EVENT, url))) == [
        Draft(
            identifier=url,
            name="Winter Mixer",
            date_text="12/08/2026 5:30 pm - 7:00 pm",
            location_name="Elm Hall",
            latitude="36.33",
            longitude="-119.29",
            keywords=("Networking",),
            url=url,
        )
    ]


def test_older_events_managers_list_a_table() -> None:
    assert list(eventsmanager.parse(page(TABLE))) == [
        Draft(
            identifier="https://elm.example/events/mixer/",
            name="Winter Mixer",
            date_text="12/08/2026 5:30 pm - 7:00 pm",
            location_text="Elm Hall, Visalia CA",
            url="https://elm.example/events/mixer/",
        )
    ]
    assert list(eventsmanager.follow(page(TABLE))) == []


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ("https://elm.example/", "https://elm.example/events/#list"),
        ("https://elm.example/whats-on/", "https://elm.example/whats-on/#list"),
        ("https://elm.example/events.ics?scope=future", "https://elm.example/events/#list"),
    ],
)
def test_the_page_of_events_manager_is_the_way_where_its_calendar_is_closed(given: str, asked: str) -> None:
    source = source_at(given, "eventsmanager")

    assert source.request.url == "https://elm.example/events.ics?scope=future"
    assert [fallback.request.url for fallback in source.fallbacks] == [asked]
    assert source_at(asked, "eventsmanager").fallbacks == ()


def test_an_agenda_is_read_on_while_it_tells_something() -> None:
    empty = AGENDA.replace('"ai1ec-event ', '"gone ')

    assert list(ai1ec.parse(page(AGENDA))) == [
        Draft(
            identifier="7-70",
            super_event="7",
            name="Mixer",
            date_text="Dec 28 2026 7:00 pm – 10:00 pm",
            location_text="Elm Hall",
            description="Bring a friend.",
            url="https://elm.example/event/mixer",
        ),
        Draft(
            identifier="8-80",
            super_event="8",
            name="Fair",
            date_text="Dec 28 2026 – Dec 30 all-day",
            url="https://elm.example/event/fair",
        ),
    ]
    assert list(ai1ec.follow(page(AGENDA))) == [
        Request(url="https://elm.example/calendar/action~agenda/page_offset~1/"),
    ]
    assert list(ai1ec.follow(page(empty))) == []


@pytest.mark.parametrize(
    ("given", "agenda"),
    [
        ("https://elm.example/", "https://elm.example/calendar/action~agenda/"),
        ("https://elm.example/whats-on/", "https://elm.example/whats-on/action~agenda/"),
        ("https://elm.example/cal/action~agenda/page_offset~1/", "https://elm.example/cal/action~agenda/"),
    ],
)
def test_the_agenda_is_that_of_the_calendars_own_page(given: str, agenda: str) -> None:
    assert list(ai1ec.fallbacks(given)) == [("ai1ec", agenda)]


@pytest.mark.parametrize("kind", ["list", "grid", "plain"])
def test_sugar_calendar_tells_machines_when(kind: str) -> None:
    listed = page(SUGAR.format(kind, kind))

    assert list(sugarcalendar.parse(listed)) == [
        Draft(
            identifier="https://elm.example/event/tea/",
            name="Tea",
            start_date="2026-12-09T19:00:00-08:00",
            end_date="2026-12-09T20:30:00-08:00",
            date_text="December 9, 2026 at 8:30 pm",
            image="https://elm.example/tea.jpg",
            url="https://elm.example/event/tea/",
        )
    ]
    assert [request.completes for request in sugarcalendar.follow(listed)] == ["https://elm.example/event/tea/"]


def test_an_events_page_of_sugar_calendar_names_venue_and_address() -> None:
    url = "https://elm.example/event/tea/"

    assert list(sugarcalendar.parse(page(SUGAR_EVENT, url))) == [
        Draft(
            identifier=url,
            name="Tea",
            date_text="December 9, 2026 7:00 pm - 8:30 pm",
            location_name="Elm Hall",
            location_text="12 Oak St, Visalia, CA",
            description="All are welcome.",
            url=url,
        )
    ]
    assert list(sugarcalendar.follow(page(SUGAR_EVENT, url))) == []
