"""Vendors whose calendars are iCalendar: how each is known, where its calendar is, and what their calendars say."""

from datetime import UTC, datetime
from types import ModuleType

import pytest

from aggregator.errors import ParseError
from aggregator.source import Draft, Page, Request
from sources.platforms import (
    calagator,
    calendarize,
    campuslabs,
    eventsmanager,
    google,
    icloud,
    libcal,
    outlook,
    teamup,
    tockify,
)

CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:{prodid}
X-PUBLISHED-TTL:P15M
REFRESH-INTERVAL;VALUE=DURATION:P15M
BEGIN:VEVENT
UID:mixer-1
DTSTART;TZID=America/Los_Angeles:20261208T180000
DTEND;TZID=America/Los_Angeles:20261208T193000
SUMMARY:Winter Mixer
LOCATION:Elm Hall\\, 12 Oak St\\, Visalia\\, CA 93291
DESCRIPTION:Come as you are.
STATUS:CONFIRMED
END:VEVENT
END:VCALENDAR
"""
MIXER = Draft(
    identifier="mixer-1",
    name="Winter Mixer",
    start_date="2026-12-08T18:00:00",
    end_date="2026-12-08T19:30:00",
    time_zone="America/Los_Angeles",
    location_text="Elm Hall, 12 Oak St, Visalia, CA 93291",
    description="Come as you are.",
)
GOOGLE = "https://calendar.google.com/calendar/ical/elm%40group.calendar.google.com/public/basic.ics"
EMBED = "https://calendar.google.com/calendar/embed"
BASE64 = "ZWxtQGdyb3VwLmNhbGVuZGFyLmdvb2dsZS5jb20"
OUTLOOK = "https://outlook.office365.com/owa/calendar/ab12@elm.example/cd34/calendar"
ICLOUD = "p62-caldav.icloud.com/published/2/MTIzNDU2Nzg5MDEyMzQ1Ng"
KEY = "ks1234567890abcdef"
VENDORS = (
    (google, "-//Google Inc//Google Calendar 70.9054//EN", GOOGLE),
    (icloud, "-//Apple Inc.//iOS 17//EN", f"https://{ICLOUD}"),
    (outlook, "Microsoft Exchange Server 2010", f"{OUTLOOK}.ics"),
    (tockify, "-//Tockify//Tockify Calendar//EN", "https://tockify.com/api/feeds/ics/elm.events"),
    (teamup, "-//TeamUp Solutions AG//Teamup Calendar//EN", f"https://ics.teamup.com/feed/{KEY}/0.ics"),
    (campuslabs, "-//Elm//EN", "https://elm.example/engage/events.ics"),
    (calagator, "-//Calagator//EN", "https://elm.example/events.ics"),
    (calendarize, "-//Elm//EN", "https://elm.example/?rhc_action=get_icalendar_events&post_type[]=events"),
    (eventsmanager, "-//Events Manager//EN", "https://elm.example/events.ics?scope=future"),
    (libcal, "-//Springshare//LibCal//EN", "https://elm.libcal.com/ical_subscribe.php?src=p&cid=14288"),
)
IDS = [module.__name__.rpartition(".")[2] for module, *_ in VENDORS]


def page(text: str, url: str = "https://elm.example/") -> Page:
    return Page(request=Request(url=url), url=url, body=text.encode(), fetched_at=datetime(2026, 11, 1, tzinfo=UTC))


@pytest.mark.parametrize(("module", "prodid", "url"), VENDORS, ids=IDS)
def test_its_calendar_is_known_and_read_whole(module: ModuleType, prodid: str, url: str) -> None:
    told = page(CALENDAR.format(prodid=prodid), url)

    assert module.recognise(told)
    assert list(module.parse(told)) == [MIXER]
    assert module.ends_whole(told.body)
    assert not module.ends_whole(told.body[:-20])


@pytest.mark.parametrize(("module", "prodid", "url"), VENDORS, ids=IDS)
def test_an_empty_calendar_gives_nothing_and_a_login_page_is_refused(module: ModuleType, prodid: str, url: str) -> None:
    empty = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:{prodid}\nEND:VCALENDAR\n"

    assert list(module.parse(page(empty, url))) == []
    with pytest.raises(ParseError):
        list(module.parse(page("<html><body>Please log in</body></html>", url)))


@pytest.mark.parametrize(("module", "prodid", "url"), VENDORS, ids=IDS)
def test_another_vendors_calendar_is_not_taken_for_its_own(module: ModuleType, prodid: str, url: str) -> None:
    others = [other for vendor, other, _ in VENDORS if vendor is not module]

    for other in [*others, "-//Elm//Elm//EN"]:
        assert module.recognise(page(CALENDAR.format(prodid=other))) is None
    assert module.recognise(page("<html><body><p>A page about nothing.</p></body></html>")) is None


@pytest.mark.parametrize(
    ("module", "html", "url", "address"),
    [
        (google, f'<iframe src="{EMBED}?src=elm%40group.calendar.google.com&ctz=X">', "", GOOGLE),
        (google, f'<iframe src="{EMBED}?mode=A&amp;src=elm@group.calendar.google.com">', "", GOOGLE),
        (google, f'<a href="{EMBED.replace("embed", "r")}?cid={BASE64}">Add</a>', "", GOOGLE),
        (google, f'<a href="{EMBED.replace("embed", "event")}?cid={BASE64}">Add</a>', "", None),
        (google, f'<a href="{GOOGLE}">Subscribe</a>', "", GOOGLE),
        (icloud, f'<a href="webcal://{ICLOUD}">Subscribe</a>', "", f"https://{ICLOUD}"),
        (outlook, f'<iframe src="{OUTLOOK}.html">', "", f"{OUTLOOK}.ics"),
        (outlook, "<html>", f"{OUTLOOK}.html", f"{OUTLOOK}.ics"),
        (tockify, '<div data-tockify-calendar="elm.events"></div>', "", VENDORS[3][2]),
        (tockify, "<html>", "https://tockify.com/elm.events/monthly", VENDORS[3][2]),
        (teamup, f'<iframe src="https://teamup.com/{KEY}?view=a">', "", VENDORS[4][2]),
        (campuslabs, "<script src='//static.campuslabsengage.com/a.js'>", "", "https://elm.example/engage/events.ics"),
        (calagator, "<link href='/assets/calagator/a.css'>", "", "https://elm.example/events.ics"),
        (calendarize, "<link href='/wp-content/plugins/calendarize-it/a.css'>", "", "https://elm.example/"),
        (eventsmanager, "<div class='em-events-list'>", "", "https://elm.example/"),
        (libcal, "<html><i class='s-lc-ea'>", "https://elm.libcal.com/calendar?cid=14288", VENDORS[-1][2]),
        (libcal, '<div id="s-lc-cal"><script src="//static.libcal.com/x.js"></script>', "", None),
    ],
)
def test_a_page_that_shows_its_calendar_tells_where_it_is(
    module: ModuleType, html: str, url: str, address: str | None
) -> None:
    told = page(html, url or "https://elm.example/")

    assert module.address(told) == address
    assert bool(module.recognise(told)) == (address is not None or module is libcal)


@pytest.mark.parametrize(
    ("module", "given", "asked"),
    [
        (google, {"url": "https://calendar.google.com/calendar/embed?src=elm@group.calendar.google.com"}, GOOGLE),
        (google, {"url": GOOGLE}, GOOGLE),
        (google, {"calendar": "elm@group.calendar.google.com"}, GOOGLE),
        (icloud, {"url": f"webcal://{ICLOUD}"}, f"https://{ICLOUD}"),
        (outlook, {"url": f"{OUTLOOK}.html"}, f"{OUTLOOK}.ics"),
        (tockify, {"calendar": "elm.events"}, VENDORS[3][2]),
        (tockify, {"url": "https://tockify.com/elm.events"}, VENDORS[3][2]),
        (teamup, {"url": f"https://teamup.com/{KEY}"}, VENDORS[4][2]),
        (teamup, {"url": f"https://ics.teamup.com/feed/{KEY}/77.ics"}, f"https://ics.teamup.com/feed/{KEY}/77.ics"),
        (campuslabs, {"url": "https://elm.example/engage/"}, "https://elm.example/engage/events.ics"),
        (calagator, {"url": "https://elm.example/venues/1"}, "https://elm.example/events.ics"),
        (
            calendarize,
            {"url": "https://elm.example/x/"},
            "https://elm.example/?rhc_action=get_icalendar_events&post_type%5B%5D=events",
        ),
        (eventsmanager, {"url": "https://elm.example/x/"}, "https://elm.example/events.ics?scope=future"),
        (libcal, {"url": "https://elm.libcal.com/calendar?cid=14288&t=d"}, VENDORS[-1][2]),
        (libcal, {"url": "https://elm.example/rss.php?iid=1&cid=2"}, "https://elm.example/rss.php?iid=1&cid=2"),
    ],
)
def test_whatever_address_a_person_gives_the_calendar_is_asked_for(
    module: ModuleType, given: dict[str, str], asked: str
) -> None:
    assert module.request(**given).url == asked


@pytest.mark.parametrize("module", [google, tockify])
def test_a_preset_without_url_and_name_is_refused(module: ModuleType) -> None:
    with pytest.raises(ValueError, match="is needed"):
        module.request()


def test_libcal_also_reads_its_feed_and_its_event_pages() -> None:
    link = "<link>https://elm.libcal.com/event/1</link>"
    feed = f'<rss version="2.0"><channel><item><title>Book Talk</title>{link}</item></channel></rss>'
    told = '{"@type":"Event","name":"Book Talk","startDate":"2026-12-01T18:00:00-08:00"}'
    event = f'<script type="application/ld+json">{told}</script>'

    assert [draft.name for draft in libcal.parse(page(feed, "https://elm.libcal.com/rss.php?iid=1"))] == ["Book Talk"]
    assert [draft.name for draft in libcal.parse(page(event, "https://elm.libcal.com/event/1"))] == ["Book Talk"]
