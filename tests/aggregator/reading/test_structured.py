"""Every event of a page once, whatever the syntaxes."""

import json
from typing import Any

import pytest

from aggregator.errors import ParseError
from aggregator.reading.structured import find_syntaxes, read_structured
from aggregator.reading.structured.empty import find_emptiness
from aggregator.source import Draft

URL = "https://elm.example/events/"
MIXER = {
    "@type": "Event",
    "name": "Mixer &amp; Expo",
    "startDate": "2026-10-15T17:30:00-07:00",
    "endDate": "2026-10-15T19:00:00-07:00",
    "location": {"@type": "Place", "name": "Elm Hall"},
}
MICRODATA = """<div itemscope itemtype="http://schema.org/Event"><b itemprop="name">{name}</b>
  <meta itemprop="startDate" content="{start}"><meta itemprop="endDate" content="2026-10-15T19:00">
  <i itemprop="location">Elm Hall, Elm Valley</i><i itemprop="description">Coffee</i></div>"""


def jsonld(*events: Any) -> str:
    return "".join(f'<script type="application/ld+json">{json.dumps(event)}</script>' for event in events)


def microdata(name: str = "Mixer & Expo", start: str = "2026-10-15T17:30") -> str:
    return MICRODATA.format(name=name, start=start)


def read(*parts: str) -> list[Draft]:
    return list(read_structured("<html><body>" + "".join(parts) + "</body></html>", URL))


def without(*names: str) -> dict[str, Any]:
    return {name: value for name, value in MIXER.items() if name not in names}


def test_what_json_ld_leaves_out_microdata_fills_in() -> None:
    (draft,) = read(jsonld(without("location", "endDate")), microdata())

    assert draft.start_date == "2026-10-15T17:30:00-07:00"
    assert (draft.location_text, draft.description) == ("Elm Hall, Elm Valley", "Coffee")


def test_a_day_in_one_syntax_gets_its_time_from_another() -> None:
    (draft,) = read(jsonld(MIXER | {"startDate": "2026-10-15", "endDate": "2026-10-15"}), microdata())

    assert (draft.start_date, draft.end_date) == ("2026-10-15T17:30", "2026-10-15T19:00")


def test_an_event_in_four_syntaxes_is_one() -> None:
    rdfa = (
        '<p typeof="schema:Event"><b property="name">Mixer</b><i property="startDate" content="2026-10-15">15</i></p>'
    )
    hcalendar = (
        '<p class="vevent"><b class="summary">Mixer</b><abbr class="dtstart" title="2026-10-15T17:30">15</abbr></p>'
    )

    assert len(read(jsonld(without("location")), microdata(), rdfa, hcalendar)) == 1


def test_an_event_that_only_another_syntax_tells_is_added() -> None:
    drafts = read(jsonld(without("location")), microdata(), microdata("Breakfast", "2026-10-16T07:00"))

    assert [draft.name for draft in drafts] == ["Mixer &amp; Expo", "Breakfast"]


def test_two_showings_on_a_day_stay_two() -> None:
    later = MIXER | {"startDate": "2026-10-15T20:00:00-07:00", "location": None}
    drafts = read(jsonld(without("location"), later), microdata(), microdata(start="2026-10-15T20:00"))

    assert [(draft.start_date or "")[11:16] for draft in drafts] == ["17:30", "20:00"]


def test_an_event_that_is_printed_twice_is_one() -> None:
    assert len(read(jsonld(MIXER, MIXER))) == 1


def test_links_that_differ_in_tracking_only_are_one_event() -> None:
    told = [MIXER | {"url": f"https://elm.example/mixer?utm_source=s{n}&fbclid={n}"} for n in range(20)]

    assert len(read(jsonld(told))) == 1


def test_one_name_and_time_at_two_places_are_two_events() -> None:
    assert len(read(jsonld(MIXER, MIXER | {"location": "Oak Hall"}))) == 2


def test_dates_that_share_a_page_keep_the_name_that_the_page_gives_them() -> None:
    dates = [MIXER | {"@id": "#mixer", "startDate": f"2026-10-{day}T17:30:00-07:00"} for day in (15, 22)]

    assert len({draft.identifier for draft in read(jsonld(dates))}) == 1


SERIES_END = "the stated end is that of the series"


@pytest.mark.parametrize(
    ("start", "end", "told", "doubts"),
    [
        ("2026-06-03T19:00", "2026-12-30T20:00", "2026-06-03T20:00:00", (SERIES_END,)),
        ("2026-06-03T19:00-07:00", "2026-12-30T20:00-08:00", "2026-06-03T20:00:00-07:00", (SERIES_END,)),
        ("2026-06-03T19:00", "2026-12-30T18:00", None, (SERIES_END,)),
        ("2026-06-03T19:00", "2026-06-08T18:00", "2026-06-08T18:00", ()),
        ("2026-06-03T19:00", "2026-06-08T20:00", "2026-06-03T20:00:00", (SERIES_END,)),
        ("2026-06-03T00:00", "2026-12-30T23:59", "2026-12-30T23:59", ()),
        ("2026-06-03", "2026-12-30", "2026-12-30", ()),
    ],
)
def test_the_end_of_a_timed_run_is_that_of_its_series(
    start: str, end: str, told: str | None, doubts: tuple[str, ...]
) -> None:
    event = {**MIXER, "startDate": start, "endDate": end}
    marked = (
        f'<div itemscope itemtype="https://schema.org/Event"><b itemprop="name">Mixer</b>'
        f'<time itemprop="startDate" datetime="{start}"></time><time itemprop="endDate" datetime="{end}"></time></div>'
    )

    for html in (jsonld(event), marked):
        (draft,) = read(html)
        assert (draft.end_date, draft.doubts) == (told, doubts)


def test_the_address_of_the_list_is_not_the_events_own() -> None:
    drafts = read(jsonld(MIXER | {"url": URL}, MIXER | {"name": "Breakfast", "url": "/event/2"}))

    assert [draft.url for draft in drafts] == [None, "https://elm.example/event/2"]


def test_the_address_of_a_lone_events_page_is_its_own() -> None:
    (draft,) = read(jsonld(MIXER | {"url": URL}))

    assert draft.url == URL


@pytest.mark.parametrize(
    ("base", "url"),
    [
        ("https://www.elm.example/x/", "https://www.elm.example/x/e/1"),
        ("/x/", "https://elm.example/x/e/1"),
        ("javascript:alert(1)//", "https://elm.example/events/e/1"),
    ],
)
def test_relative_addresses_obey_the_base_of_the_page_when_it_is_one(base: str, url: str) -> None:
    (draft,) = read(f'<base href="{base}">', jsonld(MIXER | {"url": "e/1"}))

    assert draft.url == url


@pytest.mark.parametrize(
    ("shown", "start"),
    [
        ("5:30 PM - 6:30 PM", "2026-10-15"),
        ("9 a.m.", "2026-10-15"),
        ("5:00 PM - 7:00 PM", "2026-10-15T00:00:00Z"),
        ("no time is shown", "2026-10-15T00:00:00Z"),
    ],
)
def test_midnight_in_utc_is_a_day_where_the_page_shows_a_time_that_it_cannot_be(shown: str, start: str) -> None:
    told = MIXER | {"startDate": "2026-10-15T00:00:00Z", "endDate": "2026-10-15T00:00:00Z"}
    (draft,) = read(jsonld(told), f"<p>{shown}</p><script>var t = '9:15 am'</script>")

    assert draft.start_date == start


def test_a_page_too_deep_for_a_tree_still_tells_its_json_ld() -> None:
    assert len(read(jsonld(without("location")), microdata(), "<div>" * 100_000)) == 1


def test_a_page_too_deep_for_a_tree_is_refused_when_only_the_tree_could_tell() -> None:
    with pytest.raises(ParseError, match="nests"):
        read(microdata(), "<div>" * 100_000)


def test_a_page_without_structured_events_tells_none() -> None:
    assert read("<h1>Mixer</h1><time>soon</time>", jsonld({"@type": "WebPage", "datePublished": "2026-09-01"})) == []


@pytest.mark.parametrize(
    ("page", "syntaxes"),
    [
        (jsonld(MIXER), ("JSON-LD",)),
        (microdata(), ("microdata",)),
        ('<p typeof="schema:Event">', ("RDFa",)),
        ("<p class='x h-event'>", ("h-event",)),
        ('<p class="hentry vevent x">', ("hCalendar",)),
        (jsonld(MIXER) + microdata(), ("JSON-LD", "microdata")),
        (jsonld({"@type": "WebPage"}) + '<p class="my-vevent">typeof Event</p>', ()),
    ],
)
def test_the_syntaxes_of_a_page_are_named(page: str, syntaxes: tuple[str, ...]) -> None:
    assert find_syntaxes(page) == syntaxes


@pytest.mark.parametrize(
    "page",
    [
        "<h2>No events found</h2>",
        "<p>\n There are no upcoming events at this time. </p>",
        "<div class='gz-events-empty'>Sorry, there are no events that meet the specified search criteria.</div>",
        "<p>We're sorry, but there are currently no scheduled events.</p>",
        jsonld([]),
        jsonld({"@type": "ItemList", "itemListElement": []}),
    ],
)
def test_an_honestly_empty_calendar_says_so(page: str) -> None:
    assert find_emptiness(page)


@pytest.mark.parametrize(
    "page",
    [
        "<td>No events on this day</td>",
        f"<p>No events organiser can afford to miss this; read on{' and on' * 20}.</p>",
        "<h1>Just a moment...</h1><p>Checking your browser</p>",
        "<main><section>Mixer 1, soon</section></main>",
        jsonld({"@type": "BreadcrumbList", "itemListElement": []}),
        jsonld({"@type": "WebPage"}),
        "",
    ],
)
def test_a_page_that_only_shows_no_events_does_not_say_that_there_are_none(page: str) -> None:
    assert find_emptiness(page) is None
