"""A letter for an editor: what comes first, what is left out, and how it is printed for other tools."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import feedparser
import pytest
from selectolax.lexbor import LexborHTMLParser

from aggregator.errors import QueryError
from api.digest.archive import keep_printed, read_name, read_printed
from api.digest.compose import Found
from api.digest.edition import Edition, compose_edition
from api.digest.happening import Happening
from api.digest.letter import Letter
from api.digest.printed import WRITERS, Printed

NOW = datetime(2026, 10, 7, 18, tzinfo=UTC)
HOSTILE = "](https://a.example) <script>alert(1)</script> **x** {{ 7*7 }}"
Make = Callable[..., Letter | None]


@pytest.fixture
def edit(happening: Callable[..., Happening]) -> Make:
    """The letter of a mixer tomorrow, a hike in two days and a gala in two weeks, edited so."""
    coming = [happening("Mixer", 1), happening("Hike", 2, source="hikers"), happening("Gala", 14)]
    found = Found(title="Events near Visalia, CA", country="US", coming=coming)

    def make(*pinned: Happening, most: int = 25, **more: Any) -> Letter | None:
        zone = ZoneInfo("America/Los_Angeles")
        site = "https://hobnob.example"
        return compose_edition(found, pinned, Edition(**more), now=NOW, zone=zone, most=most, site=site)

    return make


def told(letter: Letter | None) -> dict[str, list[str]]:
    assert letter
    return {section.heading: [line.name for line in section.lines] for section in letter.sections}


@pytest.mark.parametrize(
    ("edition", "names"),
    [
        ({}, {"This week": ["Mixer", "Hike"], "Still to come": ["Gala"]}),
        ({"left_out": frozenset({"id-Mixer"})}, {"This week": ["Hike"], "Still to come": ["Gala"]}),
        ({"blocked": frozenset({"hikers"})}, {"This week": ["Mixer"], "Still to come": ["Gala"]}),
        ({"picks": frozenset({"id-Gala"})}, {"Still to come": ["Gala"]}),
    ],
)
def test_what_is_left_out_blocked_or_not_picked_is_not_told(
    edit: Make, edition: dict[str, Any], names: dict[str, list[str]]
) -> None:
    assert told(edit(**edition)) == names


def test_a_pin_comes_first_and_once_and_never_from_a_blocked_source(
    edit: Make, happening: Callable[..., Happening]
) -> None:
    pins = [happening("Gala", 14), happening("Far away", 90), happening("Hike", 2, source="hikers")]

    assert told(edit(*pins, blocked=frozenset({"hikers"}))) == {
        "Picked for you": ["Gala", "Far away"],
        "This week": ["Mixer"],
    }
    short = edit(*pins, most=4)
    assert short
    assert (short.more, short.subject) == (0, "Events near Visalia, CA: 3 picked, 1 this week")
    assert edit(left_out=frozenset({"id-Mixer", "id-Hike", "id-Gala"})) is None


@pytest.fixture
def printed(happening: Callable[..., Happening]) -> Printed:
    """A letter of an event with a name that would like to be more than a name."""
    found = Found(title="Events near Visalia, CA", country="US", coming=[happening(HOSTILE, 1)])
    zone = ZoneInfo("America/Los_Angeles")
    letter = compose_edition(found, [], Edition(), now=NOW, zone=zone, most=25, site="https://hobnob.example")
    assert letter
    search = "https://hobnob.example/?near=Visalia%2C+CA"
    return Printed(letter=letter, note="Good <b>morning</b>!\n\nSee you.", search_url=search, at=NOW)


def test_html_is_a_part_of_a_page_that_fetches_nothing_and_shows_all_as_text(printed: Printed) -> None:
    page = LexborHTMLParser(WRITERS["html"](printed))

    assert [one.text() for one in page.css(".own")] == ["Good <b>morning</b>!", "See you."]
    assert page.css("h3 a")[0].text() == HOSTILE
    assert not page.css("script, style, link, img, h3 b")
    assert all("style" in one.attributes for one in page.css("h1, h2, h3, p.when"))


def test_markdown_has_no_mark_or_link_of_a_page(printed: Printed) -> None:
    written = WRITERS["md"](printed)

    assert "**[\\]\\(https://a.example\\) \\<script\\>alert\\(1\\)\\</script\\> \\*\\*x\\*\\* " in written
    assert "Good \\<b\\>morning\\</b\\>\\!\n\nSee you.\n\n## This week\n\n" in written
    assert written.endswith("[All of them, as they are now](https://hobnob.example/?near=Visalia%2C+CA)\n")


def test_text_has_the_note_under_the_title(printed: Printed) -> None:
    begin = "Events near Visalia, CA\n=======================\n\nGood <b>morning</b>!\n\nSee you.\n\nTHIS WEEK\n"

    assert WRITERS["text"](printed).startswith(begin)


def test_a_feed_reader_finds_the_letter_in_its_rss(printed: Printed) -> None:
    feed = feedparser.parse(WRITERS["rss"](printed).encode(), sanitize_html=False)

    (one,) = feed.entries
    assert (feed.bozo, one.title) == (False, "Events near Visalia, CA: 1 this week")
    assert one.description == WRITERS["html"](printed).strip()
    assert one.published == "Wed, 07 Oct 2026 18:00:00 +0000"


def test_a_letter_that_is_kept_comes_back_as_it_was_printed_but_for_what_a_ledger_keeps(printed: Printed) -> None:
    kept = keep_printed("week-41", printed)

    back = read_printed(kept)

    assert printed.letter.sent
    assert back == replace(printed, letter=replace(printed.letter, sent=()))
    assert [WRITERS[format_](back) for format_ in WRITERS] == [WRITERS[format_](printed) for format_ in WRITERS]
    assert "id-" not in kept.letter.replace("/events/id-", "")


@pytest.mark.parametrize("name", ["Week", "-week", "", "week 41", "a/b", "w" * 64, "w\n"])
def test_a_name_that_is_no_part_of_an_address_is_refused(name: str) -> None:
    with pytest.raises(QueryError, match="small letters, digits and hyphens"):
        read_name(name)


def test_a_name_of_letters_digits_and_hyphens_is_taken() -> None:
    assert read_name("visalia-2026-w49") == "visalia-2026-w49"
