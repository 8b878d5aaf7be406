"""From an address to a question: what is understood, what is refused and why, and what the words of time mean."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from aggregator.errors import QueryError
from aggregator.event import EventStatus, Kind
from aggregator.place.gazetteer import Gazetteer
from aggregator.query import METRES_PER_MILE
from aggregator.settings import Settings
from api.parameters import NAMES, SCHEMAS
from api.query import Asked, parse_query
from api.site import read_pairs

NOW = datetime(2026, 10, 7, 18, 30, 20, tzinfo=UTC)
NOWHERE = Settings()
GAZETTEER = Gazetteer.open()


def parse(settings: Settings = NOWHERE, **raw: str) -> Asked:
    return parse_query(raw, now=NOW, settings=settings, gazetteer=GAZETTEER)


def refusal(*pairs: tuple[str, str], **raw: str) -> QueryError:
    with pytest.raises(QueryError) as caught:
        parse_query([*pairs, *raw.items()], now=NOW, settings=NOWHERE, gazetteer=GAZETTEER)
    return caught.value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[("lat", value) for value in ("nan", "inf", "-inf", "1e999", "91", "-90.5", "0x10", "9" * 31, "½", "36,6")],
        *[("lon", value) for value in ("NaN", "181", "1_0", "１２")],
        *[("within", value) for value in ("10", "mi", "0mi", "501km", "312mi", "-5mi", "1e3m", "9" * 31 + "m")],
        *[("limit", value) for value in ("0", "201", "-1", "1.5", "nan", "9" * 31, "٣", "1e2", "")],
        *[("nearest", value) for value in ("0", "201", "x")],
        *[("days", value) for value in ("0", "367", "ten")],
        *[("bbox", value) for value in ("1,2,3", "1,2,3,4,5", "0,50,10,40", "-119,36,-120,37", "0,nan,1,2",
          "-181,0,0,1", "0,0,0,91")],
        *[("start", value) for value in ("0001-01-01", "9999-12-31", "2026-02-30", "2026-13-01", "today",
          "2026-10-08T25:00", "2026-10-08T10:00+25:00", "20261008", "2026-W41-4", "1969-12-31", "2200-01-01",
          "2026-10-08T10:00:00 07:00")],
        *[("end", value) for value in ("0001-01-01", "9999-12-31", "9999-12-31T23:59:59Z", "2020-01-01")],
        *[("updated_since", value) for value in ("0001-01-01T00:00:00+14:00", "now")],
        *[("starts_before", value) for value in ("2020-01-01", "9999-12-31")],
        *[("time_from", value) for value in ("25:00", "24:01", "7", "7pm", "17:60")],
        *[("tz", value) for value in ("Mars/Olympus", "../../etc/passwd", "/etc/localtime", "Europe", "utc+3")],
        *[("weekday", value) for value in ("1", "tues day", "mon,", ",")],
        *[("kind", value) for value in ("chambers", "!", "chamber,!nope", "Chamber")],
        *[("cost", value) for value in ("0", "gratis")],
        *[("status", value) for value in ("tentative", "EventScheduled")],
        *[("sort", value) for value in ("distance", "-start", "name")],
        *[("units", value) for value in ("miles", "m")],
        *[("fields", value) for value in ("title", "location.name")],
        *[("include", value) for value in ("everything",)],
        *[("near", value) for value in ("Nosuchtown, CA", "91,0", "0,181", "x" * 201, "\x00", "a\u202eb", "1e999,0")],
        *[("q", value) for value in ("???", "\ud800", "x" * 201)],
        *[("org", value) for value in ("!!!", "a,,b")],
    ],
)  # fmt: skip
def test_what_cannot_be_answered_is_refused_by_name(name: str, value: str) -> None:
    assert (
        refusal((name, value), **({"lon": "0"} if name == "lat" else {"lat": "0"} if name == "lon" else {})).param
        == name
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("near", "Fresno, CA"), ("near", "93291"), ("near", "36.60,-121.89"), ("near", "Visalia,\u00a0CA"),
        ("bbox", "170,-10,-170,10"),
        ("bbox", "0,1e-07,1,2"), ("start", "2026-10-08"), ("start", "1970-01-01"), ("start", "2199-12-31"),
        ("start", "2026-10-08T17:00:00-07:00"), ("start", "2026-10-08T17:00Z"), ("end", "2026-10-08"), ("days", "366"),
        ("time_from", "00:00"), ("time_to", "24:00"), ("tz", "Europe/Berlin"), ("weekday", "Tuesday,thu"),
        ("near", "anywhere"), ("kind", "!civic"),
        ("kind", "chamber,!civic"), ("cost", "free,unknown"), ("status", "cancelled,postponed"), ("units", "km"),
        ("q", '"good morning" mixer'), ("org", "Smith & Sons, !Bad Co"), ("updated_since", "2026-10-01"),
        ("limit", "200"),
        ("sort", "-first_seen"), ("fields", "name,startDate"), ("include", "total"), ("attendance", "in_person,hybrid"),
    ],
)  # fmt: skip
def test_what_can_be_answered_is_accepted_and_echoed(name: str, value: str) -> None:
    assert name in parse(**{name: value}).echo


@pytest.mark.parametrize(
    ("raw", "param"),
    [
        ({"near": "Fresno, CA", "lat": "1", "lon": "1"}, "near"),
        ({"lat": "1"}, "lat"),
        ({"lon": "1"}, "lon"),
        ({"within": "10mi"}, "within"),
        ({"near": "anywhere", "within": "10mi"}, "within"),
        ({"nearest": "3"}, "nearest"),
        ({"near": "Fresno, CA", "within": "10mi", "nearest": "3"}, "nearest"),
        ({"when": "today", "start": "2026-10-08"}, "when"),
        ({"when": "today", "end": "2026-10-08"}, "when"),
        ({"when": "today", "days": "3"}, "when"),
        ({"days": "3", "end": "2026-10-20"}, "days"),
        ({"start": "2026-10-08", "end": "2026-10-07"}, "end"),
        ({"start": "2026-01-01", "end": "2027-02-01"}, "end"),
        ({"radius": "10", "near": "Fresno, CA"}, "radius"),
        ({"unit": "mi", "near": "Fresno, CA"}, "unit"),
        ({"radius": "10", "unit": "mi", "within": "10mi", "near": "Fresno, CA"}, "radius"),
        ({"time_from": "17:00", "time_to": "17:00"}, "time_to"),
    ],
)
def test_contradictions_are_refused(raw: dict[str, str], param: str) -> None:
    assert refusal(**raw).param == param


@pytest.mark.parametrize(
    ("name", "value", "near"),
    [
        ("lmit", "3", "limit"),
        ("raduis", "3", "radius"),
        ("kind", "chambr", "chamber"),
        ("when", "next_7_day", "next_7_days"),
        ("tz", "America/Los_Angelos", "America/Los_Angeles"),
        ("weekday", "weds", "wed"),
        ("near", "Springfield", "Springfield, MO"),
        ("near", "Visalai, CA", "Visalia, CA"),
        ("fields", "strtDate", "startDate"),
        ("within", "10", "10km"),
        ("near", "California", "Los Angeles, CA"),
        *[(word, "x", "q") for word in ("search", "query", "keyword")],
        *[(word, "x", "near") for word in ("zip", "postcode", "city", "location", "place", "address")],
        *[(word, "x", "start") for word in ("from", "since", "date", "after")],
        *[(word, "x", "end") for word in ("to", "until", "before")],
        *[(word, "x", "cursor") for word in ("page", "offset", "skip")],
        *[(word, "x", "limit") for word in ("per_page", "per-page", "count", "size")],
        *[(word, "x", "kind") for word in ("category", "type")],
        *[(word, "x", "org") for word in ("organizer", "organisation", "group")],
        ("format", "ics", "/v1/events.ics"),
    ],
)
def test_the_nearest_thing_that_would_do_is_told(name: str, value: str, near: str) -> None:
    assert near in refusal((name, value)).did_you_mean


def test_a_name_that_means_nothing_here_is_not_taken_for_one_that_is_spelled_alike() -> None:
    assert refusal(lang="en").did_you_mean == ()


def test_spellings_of_the_sites_own_country_come_first() -> None:
    for place, first in (("Visalia, CA", "London, OH"), ("Leeds, England", "London, England")):
        with pytest.raises(QueryError) as caught:
            parse(Settings(place=place), near="Londno")
        assert caught.value.did_you_mean[0] == first


def test_a_parameter_is_given_once_unless_it_is_a_list() -> None:
    twice = parse_query([("kind", "civic"), ("kind", "chamber")], now=NOW, settings=NOWHERE, gazetteer=GAZETTEER)

    assert twice.query.kind.any_of == {Kind.CHAMBER, Kind.CIVIC}
    assert twice.echo["kind"] == "chamber,civic"
    assert refusal(("limit", "3"), ("limit", "4")).param == "limit"
    assert refusal(("lat", "3"), ("latitude", "3")).param == "lat"


@pytest.mark.parametrize(
    ("raw", "canonical"),
    [
        ({"latitude": "36.6", "longitude": "-121.9"}, {"lat": "36.6", "lon": "-121.9"}),
        ({"lat": "36.6", "lng": "-121.9"}, {"lat": "36.6", "lon": "-121.9"}),
        ({"near": "Fresno, CA", "radius": "10", "unit": "km"}, {"near": "Fresno, CA", "within": "10km"}),
        ({"kind": "civic,chamber,civic"}, {"kind": "chamber,civic"}),
        ({"near": "  Fresno,   CA "}, {"near": "Fresno, CA"}),
    ],
)
def test_other_spellings_are_the_same_question(raw: dict[str, str], canonical: dict[str, str]) -> None:
    assert parse(**raw).echo == parse(**canonical).echo
    assert parse(**raw).query == parse(**canonical).query


@pytest.mark.parametrize(
    ("raw", "start", "end"),
    [
        ({}, "2026-10-07T11:30:00-07:00", "2027-04-05T11:30:00-07:00"),
        ({"when": "today"}, "2026-10-07T11:30:00-07:00", "2026-10-08T00:00:00-07:00"),
        ({"when": "weekend"}, "2026-10-09T17:00:00-07:00", "2026-10-12T00:00:00-07:00"),
        ({"start": "2026-10-08", "end": "2026-10-08"}, "2026-10-08T00:00:00-07:00", "2026-10-09T00:00:00-07:00"),
        (
            {"start": "2026-10-08T09:00", "end": "2026-10-08T10:00"},
            "2026-10-08T09:00:00-07:00",
            "2026-10-08T10:00:00-07:00",
        ),
        ({"start": "2026-10-08T16:00Z", "days": "1"}, "2026-10-08T09:00:00-07:00", "2026-10-09T09:00:00-07:00"),
        ({"start": "2026-10-31", "days": "2"}, "2026-10-31T00:00:00-07:00", "2026-11-02T00:00:00-08:00"),
        ({"days": "1"}, "2026-10-07T11:30:00-07:00", "2026-10-08T00:00:00-07:00"),
        ({"days": "7"}, "2026-10-07T11:30:00-07:00", "2026-10-14T00:00:00-07:00"),
        ({"end": "2026-10-10"}, "2026-10-07T11:30:00-07:00", "2026-10-11T00:00:00-07:00"),
        ({"starts_before": "2026-10-10"}, "2026-10-07T11:30:00-07:00", "2026-10-10T00:00:00-07:00"),
        ({"starts_after": "2027-10-01"}, "2027-10-01T00:00:00-07:00", "2028-03-29T00:00:00-07:00"),
        ({"starts_after": "2026-10-01"}, "2026-10-07T11:30:00-07:00", "2027-04-05T11:30:00-07:00"),
    ],
)
def test_time_is_told_by_the_clocks_of_the_place_to_the_minute(raw: dict[str, str], start: str, end: str) -> None:
    asked = parse(near="Visalia, CA", **raw)

    assert asked.window == {"start": start, "end": end, "timeZone": "America/Los_Angeles"}
    assert (asked.query.start, asked.query.end) == (datetime.fromisoformat(start), datetime.fromisoformat(end))


@pytest.mark.parametrize(
    ("raw", "offset"),
    [
        ({"near": "Fresno, CA"}, "-07:00"),
        ({"lat": "40.7", "lon": "-74"}, "-04:00"),
        ({"bbox": "-0.5,51,0.3,52"}, "+01:00"),
        ({"bbox": "175,-45,-175,-35"}, "+12:00"),
        ({"near": "Fresno, CA", "tz": "Asia/Tokyo"}, "-07:00"),
    ],
)
def test_today_is_the_places_day_and_never_the_displays(raw: dict[str, str], offset: str) -> None:
    assert parse(when="tomorrow", **raw).window["start"].endswith(f"T00:00:00{offset}")


@pytest.mark.parametrize("raw", [{}, {"near": "anywhere"}])
def test_nobody_guesses_whose_today_is_meant(raw: dict[str, str]) -> None:
    error = refusal(when="today", **raw)

    assert (error.param, error.value, error.did_you_mean) == ("when", "today", ("near=Fresno, CA",))
    assert error.why == "which place's today? Give near, lat and lon, or bbox"
    home = parse(Settings(place="Visalia, CA"), when="today", **raw)
    assert home.window["timeZone"] == "America/Los_Angeles"


def test_the_sites_own_place_is_asked_for_when_none_is() -> None:
    home = Settings(place="Visalia, CA", within="20mi", units="km")

    assert parse(home).echo["near"] == "Visalia, CA"
    assert parse(home).query.within == pytest.approx(20 * METRES_PER_MILE)
    assert parse(home).units == "km"
    assert parse(home, near="Fresno, CA").echo["near"] == "Fresno, CA"
    assert parse(home, nearest="5").query.within is None
    assert parse(home, bbox="-120,36,-119,37").query.center is None
    assert parse(home, near="anywhere").query.center is None
    assert parse(home, near="anywhere").window["timeZone"] == "America/Los_Angeles"


def test_what_is_confirmed_also_covers_what_was_moved() -> None:
    moved = {EventStatus.SCHEDULED, EventStatus.RESCHEDULED, EventStatus.MOVED_ONLINE}
    assert parse(status="confirmed").query.status == moved
    assert parse().query.status == frozenset()


def test_the_echo_asked_again_is_the_same_question() -> None:
    asked = parse(near="Fresno, CA", within="10km", kind="!civic", q="coffee", when="weekend", units="km", limit="7")
    again = {name: str(value) for name, value in asked.echo.items()}

    assert parse(**again) == replace(asked, has_limit=True)


@pytest.mark.parametrize(
    ("name", "spellings", "canonical"),
    [
        ("weekday", ("Thursday,tue", "tue,thu", "THU, Tuesday,tue"), "thu,tue"),
        ("within", ("10mi", "10 mi", "10 miles", "10.0MI"), "10mi"),
        ("within", ("2km", "2 kilometers", "2 kilometre"), "2km"),
        ("near", ("Visalia, CA", "visalia,ca", "VISALIA  california", "Visalia"), "Visalia, CA"),
        ("near", ("36.6,-121.89", "36.60, -121.890", "36.60 -121.89"), "36.6,-121.89"),
        ("near", ("93291",), "93291"),
        ("start", ("2026-10-08T17:00Z", "2026-10-08 17:00:00+00:00"), "2026-10-08T17:00:00+00:00"),
        ("time_to", ("24:00", "00:00"), "00:00"),
        ("bbox", ("-120,36,-119,37", "-120.0, 36.0,-119,+37"), "-120,36,-119,37"),
        ("org", ("Ab, !Cd", '!Cd,"Ab"', "!Cd,Ab,Ab"), "Ab,!Cd"),
        ("status", ("postponed,cancelled", "cancelled,postponed"), "cancelled,postponed"),
        ("attendance", ("online,in_person",), "in_person,online"),
    ],
)
def test_one_question_has_one_form_however_it_is_written(name: str, spellings: tuple[str, ...], canonical: str) -> None:
    place = {"near": "Visalia, CA"} if name == "within" else {}
    for text in spellings:
        assert parse(**place, **{name: text}).echo[name] == canonical


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('"Smith, Jones & Co",Elm', {"Smith, Jones & Co", "Elm"}),
        (r"Smith\, Jones & Co,Elm", {"Smith, Jones & Co", "Elm"}),
        ('The "Best" Club', {'The "Best" Club'}),
        ('5" Pipe, 6" Pipe', {'5" Pipe', '6" Pipe'}),
        (r"Back\slash", {r"Back\slash"}),
        (r"\!Ole!", {"!Ole!"}),
    ],
)
def test_a_name_may_hold_a_comma(text: str, names: set[str]) -> None:
    asked = parse(org=text)

    assert asked.query.org.any_of == names
    assert parse(org=str(asked.echo["org"])).query == asked.query
    assert parse(org=f'!"A, B",{text}').query.org.none_of == {"A, B"}


@given(
    st.lists(
        st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), min_size=1), min_size=1, max_size=3
    )
)
def test_names_that_are_told_can_be_asked_again(names: list[str]) -> None:
    with suppress(QueryError):
        asked = parse_query([("tag", name) for name in names], now=NOW, settings=NOWHERE, gazetteer=GAZETTEER)
        assert parse(tag=str(asked.echo["tag"])).query == asked.query


@pytest.mark.parametrize(
    ("raw", "param", "value"),
    [
        ({"within": "10 mi"}, "within", "10 mi"),
        ({"latitude": "91", "lon": "0"}, "lat", "91"),
        ({"lat": "1.50"}, "lat", "1.50"),
        ({"start": "2026-10-08", "end": "2026-10-07"}, "end", "2026-10-07"),
        ({"starts_before": "2020-01-01"}, "starts_before", "2020-01-01"),
        ({"start": "2026-01-01", "starts_before": "2028-01-01"}, "starts_before", "2028-01-01"),
        ({"radius": "10", "unit": "parsec", "near": "Visalia"}, "radius", "10"),
        ({"bbox": "-119,36,-120,37"}, "bbox", "-119,36,-120,37"),
    ],
)
def test_an_error_repeats_what_was_given(raw: dict[str, str], param: str, value: str) -> None:
    error = refusal(**raw)

    assert (error.param, error.value) == (param, value)


@given(st.lists(st.tuples(st.sampled_from(NAMES) | st.text(max_size=9), st.text(max_size=40)), max_size=4))
def test_nothing_that_is_written_ends_otherwise_than_in_a_question_or_a_refusal(pairs: list[tuple[str, str]]) -> None:
    with suppress(QueryError):
        asked = parse_query(pairs, now=NOW, settings=NOWHERE, gazetteer=GAZETTEER)
        assert asked.query.start < asked.query.end
        again = parse_query(
            {name: str(value) for name, value in asked.echo.items()}, now=NOW, settings=NOWHERE, gazetteer=GAZETTEER
        )
        assert (again.query, again.echo) == (asked.query, asked.echo)


def test_every_parameter_has_a_description_and_a_schema() -> None:
    assert all(schema["description"] and ("type" in schema) for schema in SCHEMAS.values())


@given(st.text("ab=&;1.,-", max_size=30))
def test_an_address_that_needs_no_decoding_is_read_as_any_other(text: str) -> None:
    request = Request({"type": "http", "query_string": text.encode("latin-1")})

    assert read_pairs(request) == parse_qsl(text.encode("latin-1").decode("latin-1"), keep_blank_values=True)


def test_the_same_question_at_another_point_differs_in_its_point_and_in_the_clocks_of_its_zone() -> None:
    words = {"when": "tomorrow", "within": "5mi"}
    fresno, visalia = parse(lat="36.7", lon="-119.8", **words), parse(lon="-119.3", lat="36.3", **words)
    denver = parse(lat="39.7", lon="-105", **words)

    moved = replace(visalia.query, center=fresno.query.center)
    assert (moved, visalia.window, visalia.place and visalia.place.name) == (fresno.query, fresno.window, "36.3,-119.3")
    assert visalia.echo == {"lat": 36.3, "lon": -119.3, "sort": "start", "limit": 50, "units": "mi", **words}
    assert list(visalia.echo) == sorted(visalia.echo)
    assert (denver.window["timeZone"], denver.query.start) == ("America/Denver", datetime(2026, 10, 8, 6, tzinfo=UTC))
    assert parse(lat="36.3", lon="-119.3").window["start"] < visalia.window["start"]
