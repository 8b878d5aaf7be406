"""h-event and classic hCalendar."""

import pytest

from aggregator.reading.html import parse_html
from aggregator.reading.structured.microformats import read_microformats
from aggregator.source import Draft

URL = "https://elm.example/events/"


def read(page: str) -> list[Draft]:
    return list(read_microformats(parse_html(page), URL))


def read_one(page: str) -> Draft:
    (draft,) = read(page)
    return draft


def test_an_h_event_is_read() -> None:
    draft = read_one("""
      <article class="h-event"><a class="p-name u-url" href="/event/1">Mixer</a>
        <time class="dt-start" datetime="2026-10-15T17:30-07:00">5:30</time>
        <time class="dt-end">2026-10-15 19:00</time>
        <div class="p-location h-card"><b class="p-name">Elm Hall</b> <i class="p-street-address">12 Oak St</i>
          <i class="p-locality">Elm Valley</i><data class="p-latitude" value="36.7"></data></div>
        <p class="p-category">coffee</p><div class="e-content">Bring<br>cards</div><img class="u-photo" src="/a.jpg">
      </article>""")

    assert (draft.name, draft.url) == ("Mixer", "https://elm.example/event/1")
    assert (draft.start_date, draft.end_date) == ("2026-10-15T17:30-07:00", "2026-10-15 19:00")
    assert (draft.location_name, draft.street_address, draft.latitude) == ("Elm Hall", "12 Oak St", "36.7")
    assert (draft.keywords, draft.description) == (("coffee",), "Bring\ncards")
    assert draft.image == "https://elm.example/a.jpg"


def test_an_hcalendar_event_is_read() -> None:
    draft = read_one("""
      <div class="vevent"><a class="url" href="http://other.example/"><span class="summary">Mixer</span></a>
        <abbr class="dtstart" title="20261015T173000">15</abbr> <abbr class="dtend" title="20261015T190000">7</abbr>
        <div class="location vcard"><span class="fn org"><a href="/v/1">Elm Hall</a></span>
          <div class="adr"><i class="street-address">12 Oak St</i> <abbr class="region" title="CA">Calif.</abbr></div>
          <abbr class="geo" title="36.7;-119.8">map</abbr></div>
        <span class="status">CANCELLED</span><span class="uid">elm-1</span></div>""")

    assert (draft.name, draft.start_date, draft.end_date) == ("Mixer", "20261015T173000", "20261015T190000")
    assert (draft.location_name, draft.street_address, draft.address_region) == ("Elm Hall", "12 Oak St", "CA")
    assert (draft.latitude, draft.longitude) == ("36.7", "-119.8")
    assert (draft.event_status, draft.identifier, draft.url) == ("CANCELLED", "elm-1", "http://other.example/")


def test_a_place_in_plain_words_is_text() -> None:
    draft = read_one(
        '<p class="vevent"><b class="summary">Mixer</b> at <i class="location">Elm Hall, Elm Valley</i></p>'
    )

    assert (draft.location_name, draft.location_text) == (None, "Elm Hall, Elm Valley")


@pytest.mark.parametrize(
    ("parts", "moment"),
    [
        ('<time class="value" datetime="2026-10-15">15</time> <span class="value">7pm</span>', "2026-10-15T19:00:00"),
        ('<i class="value">2026-10-15</i><i class="value">07:00 a.m.</i>', "2026-10-15T07:00:00"),
        ('<i class="value">2026-10-15</i><i class="value">12:15am</i>', "2026-10-15T00:15:00"),
        ('<i class="value">2026-10-15</i><i class="value">19:00-0700</i>', "2026-10-15T19:00:00-07:00"),
        ('<i class="value">2026-10-15</i><i class="value">19:00</i><i class="value">Z</i>', "2026-10-15T19:00:00Z"),
        ('<i class="value-title" title="2026-10-15T19:00"> </i>15 October, 7 pm', "2026-10-15T19:00"),
        ('<i class="value">2026-288</i>', "2026-10-15"),
        ("October 15, 2026", "October 15, 2026"),
    ],
)
def test_a_time_in_parts_is_put_together(parts: str, moment: str) -> None:
    draft = read_one(f'<div class="vevent"><b class="summary">Mixer</b><p class="dtstart">{parts}</p></div>')

    assert draft.start_date == moment


def test_an_end_that_is_a_clock_time_is_on_the_day_of_the_start() -> None:
    draft = read_one("""<p class="h-event"><b class="p-name">Mixer</b>
      <i class="dt-start"><i class="value">2026-10-15</i><i class="value">17:30</i></i>
      <i class="dt-end"><i class="value">19:00</i></i></p>""")

    assert draft.end_date == "2026-10-15T19:00:00"


def test_an_h_event_without_properties_is_its_own_name_and_link() -> None:
    draft = read_one('<a class="h-event" href="/camp">Camp 2026</a>')

    assert (draft.name, draft.url, draft.start_date) == ("Camp 2026", "https://elm.example/camp", None)


@pytest.mark.parametrize(
    "include",
    [
        '<a class="include" href="#when"></a>',
        '<object class="include" data="#when"></object>',
    ],
)
def test_what_is_included_belongs_to_the_event(include: str) -> None:
    when = '<p id="when"><i class="dtstart">2026-10-15</i></p>'
    page = f'<div class="vevent"><b class="summary">Mixer</b>{include}</div>{when}'

    assert read_one(page).start_date == "2026-10-15"


def test_a_table_cell_includes_its_headers() -> None:
    draft = read_one("""<table><tr><th id="day"><abbr class="dtstart" title="2026-10-15">Thursday</abbr></th></tr>
      <tr><td class="vevent" headers="day gone"><b class="summary">Mixer</b></td></tr></table>""")

    assert (draft.name, draft.start_date) == ("Mixer", "2026-10-15")


def test_what_belongs_to_a_card_within_is_not_the_events() -> None:
    draft = read_one("""<div class="h-event"><p class="p-author h-card"><b class="p-name">Ann</b>
      <a class="u-url" href="/ann">her page</a></p><b class="p-name">Mixer</b></div>""")

    assert (draft.name, draft.url) == ("Mixer", None)


def test_events_within_reviews_are_told() -> None:
    page = '<div class="hreview-aggregate"><div class="item vevent"><h3 class="summary">Mixer</h3></div></div>'

    assert read_one(page).name == "Mixer"


def test_classes_that_only_look_alike_are_no_events() -> None:
    assert read('<div class="my-vevent"><b class="summary">Mixer</b></div><div class="h-events">x</div>') == []
