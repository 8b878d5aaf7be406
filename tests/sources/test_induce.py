"""Recipes for pages that nothing else reads: invented pages of many layouts, and lists that are none of events."""

import time
from datetime import UTC, datetime

import pytest

from aggregator.reading.dates import read_span
from aggregator.source import Page, Request
from sources.induce import Induced, induce
from sources.platforms import css

URL = "https://elm.example/coming"
NOW = datetime(2029, 12, 20, tzinfo=UTC)
FOUR = [
    ("Morning Mixer", "January 8, 2030", "8:00 am - 9:00 am", "Oak Hall"),
    ("Trail Cleanup", "January 12, 2030", "9:00 am - 12:00 pm", "Elm Park"),
    ("Open House", "January 22, 2030", "5:00 pm - 7:00 pm", "Oak Hall"),
    ("Ribbon Cutting", "February 5, 2030", "11:00 am - 12:00 pm", "Fig Street"),
]
STARTS = [
    ("Morning Mixer", "2030-01-08T08:00"),
    ("Trail Cleanup", "2030-01-12T09:00"),
    ("Open House", "2030-01-22T17:00"),
    ("Ribbon Cutting", "2030-02-05T11:00"),
]
DAYS = [(name, start[:10]) for name, start in STARTS]
NAVIGATION = """<nav><ul><li><a href="/a">Home</a></li><li><a href="/b">Fair, January 3, 2030</a></li>
<li><a href="/c">Feast, January 4, 2030</a></li><li><a href="/d">Dance, January 5, 2030</a></li></ul></nav>"""
FOOTER = """<footer><ul><li>January 1, 2030: closed</li><li>May 27, 2030: closed</li><li>July 4, 2030: closed</li></ul>
</footer>"""


def page(body: str, title: str = "Coming | Elm Circle") -> Page:
    html = f"<html><head><title>{title}</title></head><body>{NAVIGATION}<main>{body}</main>{FOOTER}</body></html>"
    return Page(request=Request(url=URL), url=URL, body=html.encode(), fetched_at=NOW)


def rows(pattern: str) -> str:
    """The pattern for each of FOUR, with its words in the place of NAME, DAY, TIME, PLACE, MONTH and NUMBER."""
    told = []
    for number, (name, day, hours, place) in enumerate(FOUR, 1):
        words = {"NAME": name, "DAY": day, "TIME": hours, "PLACE": place, "LINK": f"/e/{number}"}
        words |= {"MONTH": day.split()[0][:3], "NUMBER": day.split()[1].strip(","), "ODD": ("even", "odd")[number % 2]}
        row = pattern
        for word, text in words.items():
            row = row.replace(word, text)
        told.append(row)
    return "".join(told)


def starts(html: Page, induced: Induced) -> list[tuple[str | None, str]]:
    """(name, day or moment) of what the recipe reads, as far as its words tell."""
    drafts = css.parse(html, induced.recipe)
    spans = [(draft.name, read_span(draft.date_text or "", now=NOW.date()).start) for draft in drafts]
    return [(name, start.isoformat()[:16]) for name, start in spans]


LAYOUTS: dict[str, str] = {
    "a list": "<ul class='coming'>"
    + rows("<li><h3><a href='LINK'>NAME</a></h3><span class='when'>DAY, TIME</span><b>PLACE</b></li>")
    + "</ul>",
    "cards in cards": "<div class='grid'>"
    + rows(
        "<div class='card'><div class='card-body'><p class='card-title'>NAME</p><div class='meta'>"
        "<span class='day'>DAY</span><span class='hours'>TIME</span><span class='venue'>PLACE</span></div>"
        "<a href='LINK'>Read more</a></div></div>"
    )
    + "</div>",
    "a table": "<table><tr><th>When</th><th>Time</th><th>What</th><th>Where</th></tr>"
    + rows("<tr><td>DAY</td><td>TIME</td><td>NAME</td><td>PLACE</td></tr>")
    + "</table>",
    "a table with striped rows": "<table class='meetings'>"
    + rows("<tr class='stripe ODD'><td>NAME</td><td>DAY TIME</td><td><a href='LINK'>Agenda</a></td></tr>")
    + "</table>",
    "labels": "<div class='list'>"
    + rows(
        "<div class='one'><h4>NAME</h4><p class='d'>Date: DAY</p><p class='t'>Time: TIME</p><p>Place: PLACE</p></div>"
    )
    + "</div>",
    "the date and the name in one line": "<ul class='plain'>"
    + rows("<li>DAY TIME: NAME <a href='LINK'>Details</a></li>")
    + "</ul>",
    "a list of definitions": "<dl>" + rows("<dt>DAY, TIME</dt><dd><a href='LINK'>NAME</a>, PLACE</dd>") + "</dl>",
    "headlines of days": rows("<h3>DAY, TIME</h3><div class='one'><strong>NAME</strong> at PLACE</div>"),
    "lines": "<p class='all'>" + rows("DAY TIME - NAME<br>") + "</p>",
    "a page for each": "<div class='links'>" + rows("<a class='one' href='LINK'>DAY TIME NAME</a>") + "</div>",
}
DAY_LAYOUTS: dict[str, str] = {
    "month and day apart": "<div class='agenda'>"
    + rows(
        "<div class='row1'><div class='cal'><span class='m'>MONTH</span><span class='d'>NUMBER</span></div>"
        "<h4>NAME</h4></div>"
    )
    + "</div>",
    "the time element": "<section>"
    + rows("<article><time datetime='2030-MONTH-NUMBER'>NUMBER</time><h2>NAME</h2></article>")
    .replace("Jan", "01")
    .replace("Feb", "02")
    .replace("-8'", "-08'")
    .replace("-5'", "-05'")
    + "</section>",
    "headings of months": "<h2>January 2030</h2><ul class='m'>"
    "<li><b class='day'>8</b> <a href='/1'>Morning Mixer</a></li>"
    "<li><b class='day'>12</b> <a href='/2'>Trail Cleanup</a></li>"
    "<li><b class='day'>22</b> <a href='/3'>Open House</a></li></ul>"
    "<h2>February 2030</h2><ul class='m'><li><b class='day'>5</b> <a href='/4'>Ribbon Cutting</a></li></ul>",
    "the year in the headline": "<h1>Meetings in 2030</h1><ul class='l'>"
    + rows("<li><span>MONTH NUMBER</span> <em>NAME</em></li>")
    + "</ul>",
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_list_of_events_is_read_with_its_clocks_whatever_its_layout(layout: str) -> None:
    html = page(LAYOUTS[layout])
    induced = induce(html)

    assert starts(html, induced) == STARTS
    assert induced.is_confident, induced.why
    assert induced.found == 4


@pytest.mark.parametrize("layout", DAY_LAYOUTS)
def test_a_list_of_days_is_read_wherever_month_and_year_stand(layout: str) -> None:
    html = page(DAY_LAYOUTS[layout])
    induced = induce(html)

    assert starts(html, induced) == DAYS
    assert induced.found == 4


def test_a_recipe_is_one_that_a_person_can_read() -> None:
    induced = induce(page(LAYOUTS["cards in cards"]))

    assert induced.recipe == {
        "list": "div.grid > div.card",
        "name": "p.card-title",
        "url": "a@href",
        "date_text": ["span.day", {"from": "span.hours", "take": "clock"}],
        "location_text": "span.venue",
    }
    assert (
        induced.why == "4 of 4 parts “div.grid > div.card” have a date and a name; 100% of them are to come; 100% sure"
    )
    assert css.request(URL, induced.recipe).url == URL


def test_a_list_of_dates_without_names_has_the_headline_for_a_name_and_is_not_sure() -> None:
    html = page("<h1>Board Meetings</h1><ul class='dates'>" + rows("<li>DAY</li>") + "</ul>")
    induced = induce(html)

    assert starts(html, induced) == [("Board Meetings", day) for _, day in DAYS]
    assert not induced.is_confident


NEWS = (
    "<div class='stories'>"
    + "".join(
        f"<div class='story'><h3><a href='/n/{day}'>Story number {word}</a></h3><span class='date'>{text}</span></div>"
        for day, word, text in [
            (1, "one", "December 18{}"),
            (2, "two", "December 9{}"),
            (3, "three", "November 24{}"),
            (4, "four", "May 30{}"),
        ]
    )
    + "</div>"
)


@pytest.mark.parametrize("year", [", 2029", ""])
def test_a_list_of_what_was_published_is_not_believed(year: str) -> None:
    assert not induce(page(NEWS.replace("{}", year))).is_confident


def test_beside_news_the_list_of_events_is_chosen() -> None:
    html = page(NEWS.replace("{}", ", 2029") + LAYOUTS["a list"])

    assert starts(html, induce(html)) == STARTS


def test_what_is_past_is_not_believed() -> None:
    induced = induce(page(LAYOUTS["a list"].replace("2030", "2028")))

    assert induced.found == 4
    assert not induced.is_confident
    assert "0% of them are to come" in induced.why


@pytest.mark.parametrize(
    "body", ["", "<p>We meet often.</p>", "<ul><li>Oak</li><li>Elm</li></ul>", "<p>On May 5, 2030.</p>"]
)
def test_a_page_without_such_a_list_gets_a_stub_to_mend(body: str) -> None:
    induced = induce(page(body))

    assert (induced.confidence, induced.found) == (0.0, 0)
    assert induced.recipe["list"] == "SELECTOR OF ONE EVENT"
    assert "by hand" in induced.why


def test_papers_of_meetings_are_no_meetings() -> None:
    induced = induce(
        page("<ul class='papers'>" + rows("<li><a href='LINK'>Minutes of the NAME</a> DAY TIME</li>") + "</ul>")
    )

    assert induced.found == 4
    assert not induced.is_confident


def test_a_date_picker_is_no_list_of_events() -> None:
    days = "".join(f"<td><a href='?d={day}'>{day}</a></td>" for day in range(1, 29))
    html = page(f"<table class='picker'><caption>February 2030</caption><tr>{days}</tr></table>")

    assert induce(html).found == 0


def test_the_cells_of_a_month_are_no_list_of_events() -> None:
    cells = "".join(
        f"<td class='day'><time datetime='2030-02-{day:02}'>{day}</time><h3>Open all day</h3></td>"
        for day in range(1, 29)
    )
    grid = f"<table class='month'><tr>{cells}</tr></table>"
    html = page(grid + LAYOUTS["a list"])

    assert not induce(page(grid)).is_confident
    assert starts(html, induce(html)) == STARTS


def test_the_same_page_gives_the_same_recipe() -> None:
    html = page(LAYOUTS["a table"] + LAYOUTS["a list"])

    assert induce(html) == induce(html)


def test_one_name_for_all_that_may_be_a_place_is_not_believed() -> None:
    table = "<table class='when'>" + rows("<tr><td>DAY TIME</td><td>Elm Hall</td></tr>") + "</table>"

    assert not induce(page(table)).is_confident
    assert induce(page(table.replace("td>Elm Hall</td", "td><h4>Elm Mixer</h4></td"))).is_confident


def test_a_page_made_to_cost_time_does_not() -> None:
    deep = "<div class='a'>" * 2_000 + "January 5, 2030 " * 50 + "</div>" * 2_000
    long = "<p>" + "January 5, 2030 Mixer<br>" * 5_000 + "</p>"
    began = time.process_time()

    assert induce(page(deep)).found == 0
    assert not induce(page(long)).is_confident
    assert time.process_time() - began < 10
