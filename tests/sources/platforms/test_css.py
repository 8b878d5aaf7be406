"""A page by a recipe of selectors."""

from datetime import UTC, datetime

import pytest

from aggregator.errors import ParseError
from aggregator.source import Draft, Page, Request
from sources.platforms import css

RECIPE = {
    "list": "ul.coming > li",
    "name": "h3",
    "url": "h3 a@href",
    "date_text": ".day & ^h2 & .at",
    "location_text": {"from": ".where", "match": "Where: (.*)"},
    "keywords": ".tags",
    "image": "img@src",
    "next": "a.more",
    "empty": ".nothing",
}
PAGE = """<h2>January 2030</h2><ul class="coming">
<li><h3><a href="/e/1">Mixer</a></h3><b class="day">8</b><i class="at">6 pm - 8 pm</i>
<p class="where">Where: Elm Hall</p><span class="tags">Business, Social</span><img src="/1.png"></li>
<li><h3><a href="/e/2">Hike</a></h3><b class="day">9</b></li></ul>
<h2>February 2030</h2><ul class="coming"><li><h3>Walk</h3><b class="day">3</b></li></ul>
<a class="more" href="?page=2">More</a>"""


def page(body: str, url: str = "https://elm.example/coming", completes: str | None = None) -> Page:
    request = Request(url=url, completes=completes)
    return Page(request=request, url=url, body=body.encode(), fetched_at=datetime(2026, 11, 1, tzinfo=UTC))


def test_each_part_of_the_list_is_an_event_dated_by_the_heading_before_it() -> None:
    assert list(css.parse(page(PAGE), RECIPE)) == [
        Draft(
            identifier="https://elm.example/e/1",
            name="Mixer",
            url="https://elm.example/e/1",
            date_text="8 January 2030 6 pm - 8 pm",
            location_text="Elm Hall",
            keywords=("Business", "Social"),
            image="https://elm.example/1.png",
        ),
        Draft(
            identifier="https://elm.example/e/2", name="Hike", url="https://elm.example/e/2", date_text="9 January 2030"
        ),
        Draft(name="Walk", date_text="3 February 2030"),
    ]


def test_a_date_and_the_rest_are_taken_out_of_a_line_and_the_year_out_of_a_headline() -> None:
    recipe = {
        "list": "li",
        "name": {"from": "@text", "take": "rest"},
        "date_text": [{"from": "@text", "take": "date"}, {"from": "i", "take": "clock"}],
        "year": "^h2",
    }
    body = (
        "<h2>Meetings of 2030</h2><li>Tue, Jan 8: Mixer <i>Doors at 6 pm</i></li>"
        "<li>Feb 9, 2031 Hike</li><li>Other</li>"
    )

    assert [(draft.name, draft.date_text) for draft in css.parse(page(body), recipe)] == [
        ("Mixer Doors", "Tue, Jan 8, 2030 6 pm"),
        ("Hike", "Feb 9, 2031"),
    ]


def test_each_line_of_the_list_may_be_an_event() -> None:
    recipe = {"list": "p", "lines": True, "name": "b", "url": "a@href", "date_text": {"from": "@text", "take": "date"}}
    body = (
        "<p>Jan 8, 2030 <b>Mixer</b> <a href='/1'>more</a><br>Jan 9, 2030 <b>Hike</b><br/>No meeting in <b>May</b></p>"
    )

    assert list(css.parse(page(body), recipe)) == [
        Draft(identifier="https://elm.example/1", name="Mixer", url="https://elm.example/1", date_text="Jan 8, 2030"),
        Draft(name="Hike", date_text="Jan 9, 2030"),
    ]


def test_parts_of_which_none_tells_a_date_are_a_redesign() -> None:
    recipe = {"list": "li", "name": "b", "date_text": ".day"}

    assert (
        len(list(css.parse(page("<li><b>Mixer</b><i class='day'>Jan 8, 2030</i></li><li><b>Ad</b></li>"), recipe))) == 1
    )
    with pytest.raises(ParseError, match="redesigned"):
        list(css.parse(page("<li><b>Mixer</b><i>Jan 8, 2030</i></li>"), recipe))


def test_where_the_events_own_page_tells_the_date_the_list_need_not() -> None:
    recipe = {"list": "li", "name": "a", "url": "a@href", "detail": {"start_date": "time@datetime"}}
    html = page("<li><a href='/1'>Mixer</a></li>")
    (asked,) = css.follow(html, recipe)
    own = page("<time datetime='2030-01-08T18:00'>soon</time>", asked.url, asked.completes)

    assert [draft.name for draft in css.parse(html, recipe)] == ["Mixer"]
    assert list(css.parse(own, recipe)) == [Draft(start_date="2030-01-08T18:00")]


def test_the_next_page_is_followed_but_not_to_itself() -> None:
    assert [request.url for request in css.follow(page(PAGE), RECIPE)] == ["https://elm.example/coming?page=2"]
    assert list(css.follow(page(PAGE, "https://elm.example/coming?page=2"), RECIPE)) == []


def test_an_events_own_page_adds_what_the_detail_of_the_recipe_names() -> None:
    recipe = {**RECIPE, "detail": {"description": ".about", "price": ".cost & 'each'"}}
    (first, second) = [request for request in css.follow(page(PAGE), recipe) if request.completes]
    own = page('<div class="about">All welcome.</div><b class="cost">$5</b>', first.url, first.completes)

    assert (first.url, second.url) == ("https://elm.example/e/1", "https://elm.example/e/2")
    assert list(css.parse(own, recipe)) == [Draft(description="All welcome.", price="$5 each")]
    assert list(css.follow(own, recipe)) == []


def test_a_list_that_is_gone_is_a_redesign_unless_the_page_says_that_it_is_empty() -> None:
    assert list(css.parse(page('<p class="nothing">No events.</p>'), RECIPE)) == []
    with pytest.raises(ParseError, match="redesigned"):
        list(css.parse(page("<p>Welcome to our new site.</p>"), RECIPE))


def test_no_page_is_recognised() -> None:
    assert css.recognise(page(PAGE)) is None
