"""The platforms html and jsonld: any page with structured data, and JSON-LD of its own."""

from datetime import UTC, datetime

import pytest

from aggregator.errors import ParseError
from aggregator.source import Page, Request
from sources.platforms import html, jsonld

URL = "https://elm.example/events/"
EVENT = '{"@context":"https://schema.org","@type":"Event","name":"Café","startDate":"2026-10-15","url":"/e/1"}'
LIST = f'<script type="application/ld+json">{EVENT}</script>'
HCALENDAR = '<p class="vevent"><b class="summary">Mixer</b><i class="dtstart">2026-10-16</i></p>'


def page(body: str | bytes) -> Page:
    encoded = body if isinstance(body, bytes) else body.encode()
    return Page(request=Request(url=URL), url=URL, body=encoded, fetched_at=datetime(2026, 10, 1, tzinfo=UTC))


def test_all_syntaxes_of_a_page_are_read() -> None:
    drafts = list(html.parse(page(LIST + HCALENDAR)))

    assert [(draft.name, draft.url) for draft in drafts] == [("Café", "https://elm.example/e/1"), ("Mixer", None)]


def test_a_page_in_an_old_charset_is_read() -> None:
    (draft,) = html.parse(page(f'<meta charset="iso-8859-1">{LIST}'.encode("latin-1")))

    assert draft.name == "Café"


def test_an_honestly_empty_calendar_gives_no_drafts() -> None:
    assert list(html.parse(page("<h2>No upcoming events</h2>"))) == []


@pytest.mark.parametrize("body", ["", "<h1>Just a moment...</h1>", "<section>Mixer, soon</section>", b"\x00\xff"])
def test_a_page_that_is_no_calendar_is_refused(body: str | bytes) -> None:
    with pytest.raises(ParseError, match="no structured events"):
        html.parse(page(body))


@pytest.mark.parametrize(
    ("body", "evidence"),
    [
        (LIST, "events in JSON-LD"),
        (LIST + HCALENDAR, "events in JSON-LD and hCalendar"),
        ("<h2>No upcoming events</h2>", "the words “No upcoming events”"),
        ("<h1>Elm Valley</h1>", None),
    ],
)
def test_what_speaks_for_a_page_is_said(body: str, evidence: str | None) -> None:
    assert html.recognise(page(body)) == evidence


@pytest.mark.parametrize("body", [EVENT, f"\ufeff [{EVENT}]", LIST, LIST + HCALENDAR])
def test_json_ld_is_read_from_a_page_or_a_document(body: str) -> None:
    (draft,) = jsonld.parse(page(body))

    assert (draft.name, draft.url) == ("Café", "https://elm.example/e/1")
    assert jsonld.recognise(page(body))


def test_an_empty_document_is_an_empty_calendar() -> None:
    assert list(jsonld.parse(page("[]"))) == []


@pytest.mark.parametrize("body", ["{not json", "<h1>Elm Valley</h1>", HCALENDAR, '{"@type":"WebPage"}'])
def test_json_ld_without_events_is_refused(body: str) -> None:
    with pytest.raises(ParseError):
        jsonld.parse(page(body))


def test_other_json_is_not_recognised_as_json_ld() -> None:
    assert jsonld.recognise(page('{"events":[]}')) is None
    assert jsonld.recognise(page(HCALENDAR)) is None


def test_json_ld_is_asked_for() -> None:
    asked = jsonld.request(URL)

    assert asked.url == URL
    assert dict(asked.headers)["accept"].startswith("application/ld+json")
