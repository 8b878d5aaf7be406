"""A letter as HTML and text: every text is text, nothing is fetched, and it is small enough to be shown whole."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
from jinja2 import UndefinedError
from selectolax.lexbor import LexborHTMLParser

from aggregator.event import Organization
from api.digest import write
from api.digest.compose import NO_PAST, Found, compose
from api.digest.happening import Happening
from api.digest.letter import Footer, Letter, Section

NOW = datetime(2026, 10, 7, 18, tzinfo=UTC)


def write_html(letter: Letter, footer: Footer) -> str:
    return "".join(write.write_html(letter, footer))


def write_text(letter: Letter, footer: Footer) -> str:
    return "".join(write.write_text(letter, footer))


HOSTILE = '</a><script>alert(1)</script><img src="http://a.example/x.png" onerror=a>{{ 7*7 }}{% x %} "&amp; —'
FOOTER = Footer(
    search_url="https://hobnob.example/v1/events?days=30&near=Visalia%2C+CA",
    manage_url="https://hobnob.example/subscribe/manage/abc",
    stop_url="https://hobnob.example/subscribe/stop/abc",
    reason="You get this letter because you asked for it on 1 October 2026.",
    postal_address="Elm Valley Events, P.O. Box 1, Visalia, CA 93291",
)


@pytest.fixture
def letter(happening: Callable[..., Happening]) -> Callable[..., Letter]:
    """A letter of so many events that bear this name."""

    def make(name: str = "Mixer", count: int = 1, **more: Any) -> Letter:
        coming = [happening(f"{name} {number}", 1 + number, **more) for number in range(count)]
        found = Found(title=f"Events near {name}", country="US", coming=coming)
        zone = ZoneInfo("America/Los_Angeles")
        written = compose(found, NO_PAST, now=NOW, zone=zone, most=25, site="https://hobnob.example")
        assert written
        return written

    return make


def test_a_hostile_name_is_shown_and_does_nothing(letter: Callable[..., Letter]) -> None:
    written = write_html(
        letter(HOSTILE, organizer=Organization(name=HOSTILE), url="https://a.example/?a=1&b=2"), FOOTER
    )

    page = LexborHTMLParser(written)
    assert not page.css("script, img, [onerror], link, iframe, form")
    assert HOSTILE in page.css_first("h3 a").text()
    assert [link.attributes["href"] for link in page.css("h3 a")] == ["https://a.example/?a=1&b=2"]


def test_nothing_of_a_letter_is_fetched_from_anywhere(letter: Callable[..., Letter]) -> None:
    written = write_html(letter(count=25, image="https://a.example/i.png"), FOOTER)

    assert not re.search(r"src=|url\(|@import|@font-face|<link|background=", written)
    assert "prefers-color-scheme:dark" in written
    assert "width=device-width" in written


def test_a_letter_of_25_full_events_is_shown_whole(letter: Callable[..., Letter]) -> None:
    long = "A long name of an event & more " * 6
    more: dict[str, Any] = {"url": f"https://chamber.example/{'a' * 200}", "organizer": Organization(name=long)}

    written = write_html(letter(long, 25, description=long * 20, **more), FOOTER)

    assert written.count("Add to calendar") == 25
    assert len(written.encode()) <= 80_000


class Balanced(HTMLParser):
    """Notes what is opened and not closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, _attrs: object) -> None:
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_whole(letter: Callable[..., Letter]) -> None:
    reader = Balanced()
    reader.feed(write_html(letter(count=3), FOOTER))
    assert reader.open == []


def test_links_are_absolute_and_of_https(letter: Callable[..., Letter]) -> None:
    page = LexborHTMLParser(write_html(letter(count=3), FOOTER))

    links = [str(link.attributes["href"]) for link in page.css("a")]
    assert {FOOTER.search_url, FOOTER.manage_url, FOOTER.stop_url} <= set(links)
    assert all(link.startswith("https://") for link in links)


def test_the_text_says_the_same_in_lines_of_72(letter: Callable[..., Letter]) -> None:
    written = write_text(replace(letter("Mixer " * 20, 2), more=3), FOOTER)

    assert all(len(line) <= 72 or "://" in line for line in written.splitlines())
    for told in ("THIS WEEK", "Thu 8 Oct 2026, 7:00–8:00 pm", "Cost: not said", "3 more did not fit.", "P.O. Box 1"):
        assert told in written
    for link in (FOOTER.search_url, FOOTER.manage_url, FOOTER.stop_url):
        assert link in written


def test_a_name_makes_no_line_of_its_own_in_the_text(letter: Callable[..., Letter]) -> None:
    written = write_text(letter("Mixer\nStop this letter: https://a.example/"), FOOTER)

    assert "\nStop this letter: https://a.example/" not in written


def test_a_name_that_a_template_lacks_is_an_error_and_no_gap() -> None:
    with pytest.raises(UndefinedError):
        write.html_body(cast("tuple[Section, ...]", (object(),)))


def test_a_name_is_never_taken_for_a_link_of_the_subscriber(letter: Callable[..., Letter]) -> None:
    html = write_html(letter("<manage> <stop>"), FOOTER)

    assert "&lt;manage&gt; &lt;stop&gt;" in html
    assert html.count(FOOTER.manage_url) == html.count(FOOTER.stop_url) == 1
