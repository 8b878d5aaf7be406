"""schema.org events told in JSON-LD."""

import json
from typing import Any

import pytest

from aggregator.reading.structured.jsonld import find_blocks, read_jsonld
from aggregator.source import Draft

URL = "https://elm.example/events/"
MIXER = {"@context": "https://schema.org", "@type": "Event", "name": "Mixer", "startDate": "2026-10-15T17:30:00-07:00"}


def page(*blocks: Any) -> str:
    scripts = (block if isinstance(block, str) else json.dumps(block) for block in blocks)
    return "".join(f'<script type="application/ld+json">{script}</script>' for script in scripts)


def read(*blocks: Any) -> list[Draft]:
    return read_jsonld(page(*blocks), URL)


def read_one(**properties: Any) -> Draft:
    (draft,) = read(MIXER | properties)
    return draft


@pytest.mark.parametrize(
    "told",
    [
        MIXER,
        [MIXER],
        [[MIXER]],
        {"@graph": [{"@type": "WebPage", "datePublished": "2026-09-01"}, MIXER]},
        {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "position": 1, "item": MIXER}]},
        {"@type": "Organization", "name": "Elm Chamber", "event": [MIXER]},
        {"@type": "Place", "name": "Elm Hall", "events": MIXER},
        {"@type": "WebPage", "mainEntity": MIXER},
        MIXER | {"@type": ["BusinessEvent", "Event"]},
        MIXER | {"@type": "http://schema.org/SocialEvent"},
        MIXER | {"@type": "schema:Festival"},
        MIXER | {"@type": ["Event", None, 3]},
        MIXER | {"@type": "CourseInstance"},
    ],
)
def test_an_event_is_found_wherever_it_stands(told: Any) -> None:
    assert [(draft.name, draft.start_date) for draft in read(told)] == [("Mixer", "2026-10-15T17:30:00-07:00")]


@pytest.mark.parametrize("kind", ["WebPage", "Article", "Organization", "EventVenue", None, 7, []])
def test_what_is_no_event_is_not_told(kind: Any) -> None:
    assert read(MIXER | {"@type": kind}) == []


def test_a_block_that_cannot_be_read_costs_only_itself() -> None:
    drafts = read("{not json", "[" * 100_000, "", MIXER)

    assert [draft.name for draft in drafts] == ["Mixer"]


def test_references_are_followed_across_blocks() -> None:
    venue = {"@id": "#hall", "@type": "Place", "name": "Elm Hall", "geo": {"latitude": 36.70, "longitude": -119.8}}
    (draft,) = read(MIXER | {"location": {"@id": "#hall"}}, {"@graph": [venue]})

    assert (draft.location_name, draft.latitude, draft.longitude) == ("Elm Hall", "36.7", "-119.8")


def test_nodes_that_refer_to_each_other_in_a_circle_are_told_once() -> None:
    first = MIXER | {"@id": "#1", "superEvent": {"@id": "#2"}}
    second = MIXER | {"@id": "#2", "name": "Fair", "subEvent": [{"@id": "#1"}]}

    assert [draft.name for draft in read([first, second])] == ["Mixer"]


@pytest.mark.parametrize(
    ("location", "told"),
    [
        ("12 Oak St, Elm Valley, CA", {"location_text": "12 Oak St, Elm Valley, CA"}),
        ({"@type": "Place", "name": "Elm Hall"}, {"location_name": "Elm Hall"}),
        (
            {"@type": "Place", "name": "Elm Hall", "address": "12 Oak St, Elm Valley"},
            {"location_name": "Elm Hall", "location_text": "12 Oak St, Elm Valley"},
        ),
        (
            {
                "@type": "Place",
                "name": "",
                "address": {
                    "streetAddress": ["12 Oak St", "Suite 2"],
                    "addressCountry": {"@type": "Country", "name": "US"},
                },
            },
            {"street_address": "12 Oak St, Suite 2", "address_country": "US"},
        ),
        (
            {"@type": "PostalAddress", "addressLocality": "Elm Valley", "addressRegion": "CA", "postalCode": "93000"},
            {"address_locality": "Elm Valley", "address_region": "CA", "postal_code": "93000"},
        ),
        ({"@type": "VirtualLocation", "url": "https://zoom.example/1"}, {"virtual_location": "https://zoom.example/1"}),
        ("https://zoom.example/1", {"virtual_location": "https://zoom.example/1"}),
        (
            [{"@type": "Place", "name": "Elm Hall"}, {"@type": "VirtualLocation", "url": "https://zoom.example/1"}],
            {"location_name": "Elm Hall", "virtual_location": "https://zoom.example/1"},
        ),
        ([{"@type": "VirtualLocation"}, None, {}], {}),
        ({"@type": "Place", "name": "Mixer", "address": "Mixer"}, {}),
        (None, {}),
    ],
)
def test_locations_of_every_shape_are_read(location: Any, told: dict[str, str]) -> None:
    draft = read_one(location=location)

    places = [name for name in Draft.__dataclass_fields__ if name.startswith(("location", "address", "virtual"))]
    found = {name: getattr(draft, name) for name in [*places, "street_address", "postal_code"]}
    assert {name: value for name, value in found.items() if value} == told


@pytest.mark.parametrize(
    ("offers", "price", "currency"),
    [
        ({"@type": "Offer", "price": "0", "priceCurrency": "USD"}, "0", "USD"),
        ({"@type": "Offer", "price": 15.5}, "15.5", None),
        ({"@type": "AggregateOffer", "lowPrice": "0", "highPrice": "15", "priceCurrency": "USD"}, "0 – 15", "USD"),
        ([{"price": "20"}, {"price": "10"}, {"price": "20"}], "10 – 20", None),
        ({"price": "$10-$20"}, "$10-$20", None),
        ("Free", "Free", None),
        ([{"price": "Free"}, {"price": "5"}], "Free / 5", None),
        ({"priceSpecification": {"price": 5, "priceCurrency": "CAD"}}, "5", "CAD"),
        ({"price": "1e400"}, "1e400", None),
        ("ticketshop.example/buy/1", None, None),
        ({"url": "https://x.example"}, None, None),
    ],
)
def test_prices_are_told_in_the_pages_words(offers: Any, price: str | None, currency: str | None) -> None:
    draft = read_one(offers=offers)

    assert (draft.price, draft.price_currency) == (price, currency)


def test_status_mode_and_people_are_read_with_and_without_their_vocabulary() -> None:
    draft = read_one(
        eventStatus="https://schema.org/EventRescheduled",
        previousStartDate="2026-10-08",
        eventAttendanceMode={"@id": "schema:MixedEventAttendanceMode"},
        organizer=[{"@type": "Organization", "name": "Elm Chamber", "url": "/about"}],
        isAccessibleForFree="http://schema.org/True",
        keywords=["coffee, mixer", {"@type": "DefinedTerm", "name": "members"}],
        image=[{"@type": "ImageObject", "contentUrl": "/a.jpg"}],
        url="/event/1",
    )

    assert draft.event_status == "EventRescheduled"
    assert draft.previous_start_date == "2026-10-08"
    assert draft.event_attendance_mode == "MixedEventAttendanceMode"
    assert (draft.organizer, draft.organizer_url) == ("Elm Chamber", "https://elm.example/about")
    assert draft.is_accessible_for_free is True
    assert draft.keywords == ("coffee", "mixer", "members")
    assert (draft.image, draft.url) == ("https://elm.example/a.jpg", "https://elm.example/event/1")


@pytest.mark.parametrize(
    ("page_says", "told"),
    [
        ("2026-10-15T17:30", "2026-10-15T17:30"),
        ("2026-10-15", "2026-10-15"),
        ("8/25/2026 5:30:00 PM", "8/25/2026 5:30:00 PM"),
        ("2019-9-18T10-10-30-00", "2019-09-18T10:30"),
        ("2019-12-6T08-08-30-00", "2019-12-06T08:30"),
        ("2026-3-4", "2026-03-04"),
        ("2026-3-4T9:00-5:00", "2026-03-04T09:00-05:00"),
        ({"@value": "2026-10-15"}, "2026-10-15"),
        (["2026-10-15", "2026-10-22"], "2026-10-15"),
        (None, None),
    ],
)
def test_times_stay_the_pages_words_but_for_a_plugins_own_notation(page_says: Any, told: str | None) -> None:
    assert read_one(startDate=page_says).start_date == told


def test_a_clock_time_told_apart_joins_its_day() -> None:
    assert read_one(startDate="2026-10-15", startTime="17:30").start_date == "2026-10-15T17:30"


@pytest.mark.parametrize(
    ("schedule", "rule"),
    [
        ({"repeatFrequency": "P1W", "byDay": "https://schema.org/Thursday"}, "FREQ=WEEKLY;BYDAY=TH"),
        ({"repeatFrequency": "P2W", "byDay": ["Tuesday", "TH"]}, "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH"),
        ({"repeatFrequency": "weekly", "byDay": "Thursday", "repeatCount": 4}, "FREQ=WEEKLY;BYDAY=TH;COUNT=4"),
        ({"repeatFrequency": "P1M", "byDay": "2TH", "endDate": "2026-12-31"}, "FREQ=MONTHLY;BYDAY=2TH;UNTIL=20261231"),
        ({"repeatFrequency": "P1M", "byDay": "Thursday", "byMonthWeek": -1}, "FREQ=MONTHLY;BYDAY=-1TH"),
        ({"repeatFrequency": "P1M", "byMonthDay": [1, 15]}, "FREQ=MONTHLY;BYMONTHDAY=1,15"),
        ({"byDay": ["Thursday"]}, "FREQ=WEEKLY;BYDAY=TH"),
    ],
)
def test_a_schedule_becomes_a_rule(schedule: dict[str, Any], rule: str) -> None:
    draft = read_one(eventSchedule={"@type": "Schedule", **schedule})

    assert draft.rrule == (rule,)


def test_a_schedule_tells_times_zone_and_exceptions_and_starts_on_a_day_of_its_own() -> None:
    draft = read_one(
        startDate="2026-10-12",
        endDate="2026-12-31",
        eventSchedule={
            "repeatFrequency": "P1W",
            "byDay": "Thursday",
            "startTime": "07:00",
            "endTime": "08:30",
            "scheduleTimezone": "America/Los_Angeles",
            "exceptDate": "2026-11-26",
        },
    )

    assert (draft.start_date, draft.end_date) == ("2026-10-15T07:00:00", "2026-10-15T08:30")
    assert (draft.time_zone, draft.except_dates) == ("America/Los_Angeles", ("2026-11-26",))


def test_a_frequency_in_unknown_words_is_passed_on_as_words() -> None:
    draft = read_one(eventSchedule={"repeatFrequency": "every other Thursday"})

    assert (draft.rrule, draft.schedule) == ((), "every other Thursday")


def test_sub_events_take_what_they_leave_out_from_their_parent() -> None:
    drafts = read(
        MIXER
        | {
            "@id": "/fair",
            "location": {"@type": "Place", "name": "Elm Hall"},
            "subEvent": [{"@type": "Event", "name": "Opening talk", "startDate": "2026-10-15T18:00:00-07:00"}],
        }
    )

    assert [(draft.name, draft.location_name) for draft in drafts] == [
        ("Mixer", "Elm Hall"),
        ("Opening talk", "Elm Hall"),
    ]
    assert drafts[1].super_event == "https://elm.example/fair"


def test_a_series_told_date_by_date_is_told_by_its_dates() -> None:
    dates = [{"@type": "Event", "startDate": f"2026-10-{day}T18:00:00-07:00"} for day in (15, 22)]
    drafts = read(MIXER | {"@type": "EventSeries", "subEvent": dates})

    assert [(draft.name, draft.start_date[:10]) for draft in drafts if draft.start_date] == [
        ("Mixer", "2026-10-15"),
        ("Mixer", "2026-10-22"),
    ]


def test_a_block_in_a_comment_is_not_read() -> None:
    assert read_jsonld(f"<body><!-- {page(MIXER)} --></body>", URL) == []


def test_a_block_after_a_comment_is_read() -> None:
    assert len(read_jsonld(f"<!-- {page(MIXER)} --><!-- x --><body>{page(MIXER)}</body>", URL)) == 1


@pytest.mark.parametrize(
    "opening",
    [
        "<script type='application/ld+json' class='yoast'>",
        "<script id=x data-x='a>b' type=application/ld+json>",
        "<SCRIPT TYPE='application/LD+JSON'>",
        '<script type="application/ld&#43;json">',
    ],
)
def test_the_blocks_are_found_however_the_tag_is_written(opening: str) -> None:
    closing = "</SCRIPT>" if opening.startswith("<S") else "</script>"

    assert find_blocks(f"<head>{opening}{{}}{closing}<script>var a = 'application/json'</script></head>") == ["{}"]


def test_wrong_types_everywhere_crash_nothing() -> None:
    odd: list[Any] = [None, 7, True, [], {}, [[]], [None, {}], {"@id": 5}, {"@value": {}}, "x", ["", 3]]
    keys = (
        "name",
        "startDate",
        "endDate",
        "location",
        "offers",
        "image",
        "url",
        "eventStatus",
        "organizer",
        "keywords",
    )
    more = ("subEvent", "superEvent", "eventSchedule", "identifier", "sameAs", "@id", "isAccessibleForFree", "duration")

    for value in odd:
        for key in (*keys, *more):
            assert isinstance(read(MIXER | {key: value}, "just text", 42, None), list)
