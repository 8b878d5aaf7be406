"""`/letters`, `/letters/{name}` and `/letters.rss`: what an editor published, for everybody, and nothing of anybody."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import feedparser
import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser

from aggregator.settings import Settings
from aggregator.store.store import Store
from api.digest.archive import keep_printed
from api.digest.choose import Heading
from api.digest.letter import Letter, Line, Section
from api.digest.printed import Printed
from api.routes import archive

pytestmark = pytest.mark.anyio

PUBLISHED = datetime(2026, 10, 8, 2, tzinfo=UTC)
"""A Wednesday evening in Visalia."""
URL = "https://hobnob.example"
HOSTILE = "<script>alert(1)</script> {{ 7*7 }}"


def line(name: str, **more: Any) -> Line:
    told = {"url": f"https://chamber.example/{len(name)}", "calendar_url": f"{URL}/v1/events/x.ics", **more}
    return Line(name=name, when="Thu 8 Oct 2026, 7:00 pm", where="Main Street Hall", cost="Free", **told)


def publish(store: Store, name: str, *lines: Line, days: int = 0, note: str = "Good morning!\n\nSee you.") -> None:
    sections = (Section(heading=Heading.WEEK, lines=lines or (line("Mixer"),)),)
    letter = Letter(title=f"Letter {name}", subject=f"Letter {name}: this week", sections=sections, more=2, sent=())
    at, search = PUBLISHED + timedelta(days=days), f"{URL}/?near=Visalia%2C+CA"
    store.publish(keep_printed(name, Printed(letter=letter, note=note, search_url=search, at=at)))


@pytest.fixture
def client(changing_town: Store, api: Callable[..., httpx.AsyncClient]) -> httpx.AsyncClient:
    return api(changing_town, settings=Settings(public_url=URL, place="Visalia, CA"))


def texts(page: LexborHTMLParser, selector: str) -> list[str]:
    return [" ".join(node.text().split()) for node in page.css(selector)]


async def show(client: httpx.AsyncClient, path: str) -> LexborHTMLParser:
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    return LexborHTMLParser(answer.text)


async def test_letters_are_listed_the_newest_first_with_their_day_in_the_place_of_the_site(
    changing_town: Store, client: httpx.AsyncClient
) -> None:
    publish(changing_town, "week-41", line("Mixer"), line("Hike"))
    publish(changing_town, "week-42", days=7)

    english, spanish = await show(client, "/letters"), await show(client, "/letters?lang=es")

    assert texts(english, "h1") == ["Past letters for Visalia, CA"]
    assert texts(english, "article") == [
        "Letter week-42 Wednesday, October 14, 2026 · 1 event",
        "Letter week-41 Wednesday, October 7, 2026 · 2 events",
    ]
    assert [one.attributes["href"] for one in english.css("article a")] == ["/letters/week-42", "/letters/week-41"]
    assert texts(spanish, "h1") == ["Boletines anteriores de Visalia, CA"]
    assert texts(spanish, "article")[1] == "Letter week-41 miércoles, 7 de octubre de 2026 · 2 eventos"
    assert spanish.css("article a")[0].attributes["href"] == "/letters/week-42?lang=es"


async def test_where_no_letter_is_published_the_page_says_so_and_nothing_leads_to_it(
    changing_town: Store, client: httpx.AsyncClient
) -> None:
    assert "No letter is published yet." in (await client.get("/letters")).text
    assert feedparser.parse((await client.get("/letters.rss")).content).entries == []
    assert "/letters" not in (await client.get("/about")).text + (await client.get("/sitemap-pages-0.xml")).text

    publish(changing_town, "week-41")

    assert (await show(client, "/about")).css('main a[href="/letters"]')
    assert f"<loc>{URL}/letters/week-41</loc>" in (await client.get("/sitemap-pages-0.xml")).text


async def test_a_letter_is_a_page_that_tells_all_without_scripts_and_styles_of_its_own(
    changing_town: Store, client: httpx.AsyncClient
) -> None:
    publish(changing_town, "week-41", line("Mixer", organizer="Elm Valley Chamber", visitors="Visitors are welcome"))

    page = await show(client, "/letters/week-41")

    assert texts(page, "h1") == ["Letter week-41"]
    assert texts(page, "main .own") == ["Good morning!", "See you."]
    assert texts(page, "section h2") == ["This week"]
    assert texts(page, "article > *") == [
        "Mixer", "Thu 8 Oct 2026, 7:00 pm", "Main Street Hall", "Visitors are welcome", "Free", "By Elm Valley Chamber",
    ]  # fmt: skip
    assert page.css("article a")[0].attributes["href"] == "https://chamber.example/5"
    assert "2 more did not fit. All of them, as they are now" in texts(page, "main p")
    assert not page.css("script, [style], img[src^=http]")
    for words in ("/subscribe", "manage", "/v1/events/x.ics"):
        assert words not in page.html


async def test_what_a_source_or_an_editor_wrote_is_text_and_leads_only_to_the_web(
    changing_town: Store, client: httpx.AsyncClient
) -> None:
    publish(changing_town, "week-41", line(HOSTILE, organizer=HOSTILE, url="javascript:alert(2)"), note=HOSTILE)

    answer = await client.get("/letters/week-41")
    feed = feedparser.parse((await client.get("/letters.rss")).content, sanitize_html=False)

    page = LexborHTMLParser(answer.text)
    assert (texts(page, "article h3"), texts(page, "main .own")) == ([HOSTILE], [HOSTILE])
    assert not page.css("main script, article a")
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert not LexborHTMLParser(feed.entries[0].description).css("script")


async def test_a_feed_reader_finds_each_letter_by_the_address_of_its_page(
    changing_town: Store, client: httpx.AsyncClient
) -> None:
    publish(changing_town, "week-41")
    publish(changing_town, "week-42", days=7)

    answer = await client.get("/letters.rss")
    feed = feedparser.parse(answer.content)

    assert answer.headers["content-type"] == "application/rss+xml; charset=utf-8"
    assert (feed.bozo, feed.feed.title) == (False, "Past letters for Visalia, CA")
    assert [one.id for one in feed.entries] == [f"{URL}/letters/week-42", f"{URL}/letters/week-41"]
    assert [one.link for one in feed.entries] == [one.id for one in feed.entries]
    assert feed.entries[1].published == "Thu, 08 Oct 2026 02:00:00 +0000"
    assert "Mixer" in feed.entries[1].description


async def test_more_letters_than_fit_on_a_page_are_a_link_further(
    changing_town: Store, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "MOST", 2)
    for number in range(5):
        publish(changing_town, f"week-{number}", days=number)

    path, found = "/letters", []
    while path:
        page = await show(client, path)
        found += texts(page, "article h2")
        path = next((str(one.attributes["href"]) for one in page.css("a[rel=next]")), "")

    assert found == [f"Letter week-{number}" for number in (4, 3, 2, 1, 0)]


async def test_looking_changes_nothing_and_who_has_the_page_is_told_so(
    changing_town: Store, client: httpx.AsyncClient
) -> None:
    publish(changing_town, "week-41")
    before = changing_town.editions(9), changing_town.data_version()

    for path in ("/letters", "/letters/week-41", "/letters.rss"):
        first = await client.get(path)
        head = await client.head(path)
        again = await client.get(path, headers={"If-None-Match": first.headers["etag"]})
        assert (first.status_code, head.status_code, head.content, again.status_code) == (200, 200, b"", 304)
        assert (await client.post(path)).status_code == 405

    assert (changing_town.editions(9), changing_town.data_version()) == before


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/letters/nosuch", 404),
        ("/letters/%3Cscript%3E", 404),
        ("/letters/week-41?near=Visalia", 422),
        ("/letters?after=week-41", 422),
        ("/letters.rss?before=week-41", 422),
    ],
)
async def test_what_is_not_there_or_not_known_is_told(
    changing_town: Store, client: httpx.AsyncClient, path: str, status: int
) -> None:
    publish(changing_town, "week-41")

    answer = await client.get(path)

    assert answer.status_code == status
    assert "<script>" not in answer.text
    if ".rss" not in path:
        assert texts(LexborHTMLParser(answer.text), "h1")


async def test_a_letter_that_is_withdrawn_is_gone_from_pages_and_feed(
    changing_town: Store, client: httpx.AsyncClient
) -> None:
    publish(changing_town, "week-41")
    assert "week-41" in (await client.get("/letters")).text

    changing_town.withdraw_edition("week-41")

    assert (await client.get("/letters/week-41")).status_code == 404
    assert "week-41" not in (await client.get("/letters")).text + (await client.get("/letters.rss")).text
