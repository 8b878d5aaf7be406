"""schema.org events marked up in the page: microdata and RDFa-lite."""

import pytest

from aggregator.reading.html import parse_html
from aggregator.reading.structured.event import read_events
from aggregator.reading.structured.microdata import MICRODATA, RDFA, read_scopes
from aggregator.source import Draft

URL = "https://elm.example/events/"
EVENT = 'itemscope itemtype="https://schema.org/Event"'


def read(page: str) -> list[Draft]:
    return list(read_events(read_scopes(parse_html(page), MICRODATA), URL))


def read_rdfa(page: str) -> list[Draft]:
    return list(read_events(read_scopes(parse_html(page), RDFA), URL))


def test_a_whole_event_is_read() -> None:
    (draft,) = read(f"""
      <article {EVENT}>
        <a itemprop="url" href="/event/1"><h2 itemprop="name">Mixer &amp; Expo</h2></a>
        <meta itemprop="startDate" content="2026-10-15T17:30">
        <time itemprop="endDate" datetime="2026-10-15T19:00">7</time>
        <link itemprop="eventStatus" href="https://schema.org/EventCancelled"><img itemprop="image" src="/a.jpg">
        <div itemprop="location" itemscope itemtype="https://schema.org/Place"><span itemprop="name">Elm Hall</span>
          <div itemprop="address" itemscope itemtype="https://schema.org/PostalAddress">
            <span itemprop="streetAddress">12 Oak St</span>, <i itemprop="addressLocality">Elm Valley</i></div></div>
        <p itemprop="offers" itemscope itemtype="https://schema.org/Offer"><data itemprop="price" value="15">$15</data>
        </p><div itemprop="description">First line<br>second</div>
      </article>""")

    assert (draft.name, draft.start_date, draft.end_date) == ("Mixer & Expo", "2026-10-15T17:30", "2026-10-15T19:00")
    assert (draft.location_name, draft.street_address, draft.address_locality) == (
        "Elm Hall",
        "12 Oak St",
        "Elm Valley",
    )
    assert (draft.url, draft.image) == ("https://elm.example/event/1", "https://elm.example/a.jpg")
    assert (draft.event_status, draft.price, draft.description) == ("EventCancelled", "15", "First line\nsecond")


def test_a_growthzone_card_keeps_its_american_time() -> None:
    (draft,) = read(f"""
      <div class="gz-events-card" {EVENT}><h5 itemprop="name"><a class="gz-event-card-title" itemprop="url" href="/d/1">
        Mixer</a></h5><meta itemprop="startDate" content="8/25/2026 5:30:00 PM"><p itemprop="about">Meet …</p></div>""")

    assert (draft.name, draft.start_date, draft.description) == ("Mixer", "8/25/2026 5:30:00 PM", "Meet …")


@pytest.mark.parametrize(
    ("element", "value"),
    [
        ('<time itemprop="startDate" datetime="2026-10-15" content="2026-10-16">17</time>', "2026-10-16"),
        ('<time itemprop="startDate" datetime="2026-10-15">17</time>', "2026-10-15"),
        ('<span itemprop="startDate">October 17, 2026</span>', "October 17, 2026"),
        ('<a itemprop="startDate" href="/october">October 18, 2026</a>', "October 18, 2026"),
    ],
)
def test_content_goes_before_datetime_and_that_before_words(element: str, value: str) -> None:
    (draft,) = read(f'<p {EVENT}><b itemprop="name">Mixer</b>{element}</p>')

    assert draft.start_date == value


def test_properties_elsewhere_on_the_page_are_referred_to() -> None:
    page = f"""
      <p {EVENT} itemref="when where"><b itemprop="name">Mixer</b></p>
      <p id="when"><i itemprop="startDate" content="2026-10-15">15th</i></p>
      <p id="where" itemprop="location" itemscope><b itemprop="name">Elm Hall</b></p>"""
    (draft,) = read(page)

    assert (draft.start_date, draft.location_name) == ("2026-10-15", "Elm Hall")


def test_a_reference_to_oneself_does_no_harm() -> None:
    (draft,) = read(f'<div id="me" {EVENT} itemref="me nowhere"><b itemprop="name">Mixer</b></div>')

    assert draft.name == "Mixer"


def test_events_of_a_page_and_within_other_things_are_told_in_order() -> None:
    one = f'<li itemprop="event" {EVENT}><b itemprop="name">One</b></li>'
    page = f'<ul itemscope itemtype="https://schema.org/Organization"><b itemprop="name">Elm</b>{one}</ul>'
    two = f'<p {EVENT}><b itemprop="name">Two</b><i {EVENT}><b itemprop="name">Three</b></i></p>'

    assert [draft.name for draft in read(page + two)] == ["One", "Two", "Three"]


def test_other_things_are_no_events() -> None:
    assert read('<p itemscope itemtype="https://schema.org/Product"><b itemprop="name">Mixer</b></p>') == []


def test_a_place_named_in_two_lines_is_a_name_and_an_address() -> None:
    place = '<div itemprop="location" itemscope><p itemprop="name">Hall<br>1 A St</p></div>'
    (draft,) = read(f'<div {EVENT}><b itemprop="name">Mixer</b>{place}</div>')

    assert (draft.location_name, draft.location_text) == ("Hall", "1 A St")


@pytest.mark.parametrize(
    "opening",
    [
        '<div vocab="https://schema.org/" typeof="BusinessEvent">',
        '<div prefix="schema: http://schema.org/" typeof="schema:Event">',
        '<div typeof="http://schema.org/Event sioc:Item">',
    ],
)
def test_rdfa_is_read_with_vocabulary_prefix_or_iri(opening: str) -> None:
    (draft,) = read_rdfa(f"""{opening}<h1 property="schema:name">Mixer</h1>
      <span property="startDate" content="2026-10-15T17:30">15 October</span>
      <div property="location" typeof="Place" resource="#hall"><span property="name">Elm Hall</span>
        <div property="address" typeof="PostalAddress"><i property="addressLocality">Elm Valley</i></div></div>""")

    assert (draft.name, draft.start_date) == ("Mixer", "2026-10-15T17:30")
    assert (draft.location_name, draft.address_locality) == ("Elm Hall", "Elm Valley")
