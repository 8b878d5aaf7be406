"""The lines of an archive: what is written reads back equal, and what is damaged or hostile is named."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.errors import ArchiveError
from aggregator.event import (
    Event,
    Evidence,
    GeoCoordinates,
    Kind,
    Offer,
    Organization,
    Place,
    Precision,
    Visitors,
    VisitorTerms,
)
from aggregator.store.archive import (
    Counts,
    KeptListing,
    KeptSource,
    KeptVeto,
    Manifest,
    read_listings,
    read_manifest,
    read_sources,
    read_vetoes,
    write_listing,
    write_manifest,
    write_source,
    write_veto,
)
from aggregator.store.rows import new_id

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
words = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), min_size=1, max_size=20)
named = words.filter(str.strip)
moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
zones = st.sampled_from(["America/Los_Angeles", "Europe/Berlin", "Asia/Kolkata", "UTC"])
places = st.builds(
    Place,
    name=st.none() | named,
    geo=st.builds(GeoCoordinates, latitude=st.floats(-90, 90), longitude=st.floats(-180, 180)),
    precision=st.sampled_from(Precision),
)


terms = st.builds(
    VisitorTerms,
    visitors=st.sampled_from(Visitors),
    guest_fee=st.none() | st.decimals(0, 99, places=2),
    evidence=st.just(()) | st.tuples(st.builds(Evidence, about=st.just("visitors"), quote=named)),
)


@st.composite
def events(draw: st.DrawFn) -> Event:
    zone = draw(zones)
    start = draw(moments).astimezone(ZoneInfo(zone))
    whole_day = draw(st.booleans())
    return Event(
        source=draw(st.sampled_from(["chamber", "library"])),
        uid=draw(named),
        name=draw(named),
        start_date=start.date() if whole_day else start,
        end_date=start.date() if whole_day else start + timedelta(hours=draw(st.integers(0, 72))),
        time_zone=zone,
        location=draw(places),
        organizer=draw(st.none() | st.builds(Organization, name=named, url=st.just("https://elm.example/"))),
        description=draw(st.none() | named),
        keywords=tuple(draw(st.lists(named, max_size=3))),
        is_accessible_for_free=draw(st.none() | st.booleans()),
        visitor_terms=draw(terms),
        offers=tuple(draw(st.lists(st.builds(Offer, price=st.decimals(0, 99, places=2)), max_size=2))),
        rrule=draw(st.sampled_from([(), ("FREQ=WEEKLY;COUNT=3",)])),
    )


listings = st.builds(
    KeptListing,
    id=st.integers(1, 1 << 30).map(new_id),
    kind=st.sampled_from(Kind),
    sequence=st.integers(0, 9),
    first_seen=moments,
    last_seen=moments,
    changed_at=moments,
    unseen_runs=st.integers(0, 3),
    unseen_since=st.none() | moments,
    withdrawn_at=st.none() | moments,
    event=events(),
)


def make_listing(**told: Any) -> KeptListing:
    start = datetime(2026, 6, 3, 17, tzinfo=ZoneInfo("America/Los_Angeles"))
    event = Event(source="chamber", uid="a", name="Mixer", start_date=start, time_zone="America/Los_Angeles")
    return KeptListing(
        id=new_id(1), kind=Kind.CHAMBER, first_seen=NOW, last_seen=NOW, changed_at=NOW, event=event, **told
    )


def line_with(**told: Any) -> bytes:
    """A listing's line in which a member, or one of its event, says something else."""
    line = json.loads(write_listing(make_listing()))
    for name, value in told.items():
        (line if name in KeptListing.__slots__ else line["event"])[name] = value
    return json.dumps(line).encode()


@given(listings)
def test_a_listing_reads_back_equal(listing: KeptListing) -> None:
    (read,) = read_listings([write_listing(listing)], "listings.jsonl")

    assert read == listing
    assert write_listing(read) == write_listing(listing)


def test_times_are_again_in_their_zone_so_that_a_rule_keeps_its_clock() -> None:
    (read,) = read_listings([write_listing(make_listing())], "listings.jsonl")

    assert isinstance(read.event.start_date, datetime)
    assert read.event.start_date.tzinfo == ZoneInfo("America/Los_Angeles")


def test_sources_vetoes_and_the_manifest_read_back_equal() -> None:
    source = KeptSource(
        name="chamber", kind=Kind.CHAMBER, platform="ics", url="https://a.example", every=60, enabled=False
    )
    veto = KeptVeto(words="elm cafe", reason="asked by letter", since=NOW)
    manifest = Manifest(format=1, hobnob="0.1.0", moment=None, counts=Counts(vetoes=1, sources=1, listings=0))

    assert list(read_sources([write_source(source)], "here")) == [source]
    assert list(read_vetoes([write_veto(veto)], "here")) == [veto]
    assert read_manifest(write_manifest(manifest), "here") == manifest


def test_the_line_of_an_event_is_as_documented() -> None:
    told = json.loads(write_listing(make_listing(withdrawn_at=NOW)))

    assert set(told) == {"id", "kind", "first_seen", "last_seen", "changed_at", "withdrawn_at", "event"}
    assert told["event"] == {
        "source": "chamber",
        "uid": "a",
        "name": "Mixer",
        "start_date": "2026-06-03T17:00:00-07:00",
        "time_zone": "America/Los_Angeles",
    }


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b'{"id": "0', "Invalid JSON"),
        (b"[]", ""),
        (b"{}", "id: "),
        (line_with(id="../../etc"), "is no id of an event"),
        (line_with(id=new_id((1 << 35) - 1)), "is no id of an event"),
        (line_with(sequence=-1), "sequence is out of range"),
        (line_with(unseen_runs=1 << 40), "unseen_runs is out of range"),
        (line_with(first_seen="2026-06-01T12:00:00"), "first_seen: "),
        (line_with(kind="spam"), "kind: "),
        (line_with(name=" "), "needs a uid and a name"),
        (line_with(start_date="2026-06-03T17:00:00"), "a time without its offset"),
        (line_with(start_date="0001-01-01T00:00:00+14:00"), "out of range"),
        (line_with(end_date="2026-06-03"), "are of two kinds"),
        (line_with(time_zone="Mars/Olympus"), "is no time zone"),
        (line_with(time_zone="../../../etc/passwd"), "is no time zone"),
        (line_with(time_zone="America"), "is no time zone"),
        (line_with(url="javascript:alert(1)"), "is no http address"),
        (line_with(url="http://[bad"), ""),
        (line_with(same_as=["file:///etc/passwd"]), "is no http address"),
        (line_with(location={"geo": {"latitude": 91, "longitude": 0}}), "not on earth"),
        (line_with(offers=[{"price": "-1"}]), "a price that nobody asks"),
        (line_with(offers=[{"high_price": "1E+999999"}]), "a price that nobody asks"),
        (line_with(offers=[{"price": "NaN"}]), "event.offers.0.price: "),
        (line_with(visitor_terms={"guest_fee": "1E+99"}), "a price that nobody asks"),
        (line_with(rrule=["FREQ=SECONDLY"]), "SECONDLY"),
        (line_with(r_dates=["2026-06-03"] * 501), "501 added dates"),
        (line_with(description="a" * (1 << 20)), "is longer than 1,048,576 bytes"),
    ],
)
def test_a_damaged_or_hostile_line_is_named_with_what_is_wrong(line: bytes, why: str) -> None:
    fine = write_listing(make_listing(sequence=1))
    first = fine.replace(b'"uid":"a"', b'"uid":"0"')

    with pytest.raises(ArchiveError, match=r"^listings\.jsonl, line 2: ") as refused:
        list(read_listings([first, line], "listings.jsonl"))

    assert why in str(refused.value)
    assert len(list(read_listings([first, fine], "listings.jsonl"))) == 2


@pytest.mark.parametrize("second", ["a", "A"])
def test_lines_that_are_twice_or_not_in_order_are_refused(second: str) -> None:
    line = write_listing(make_listing())
    other = line.replace(b'"uid":"a"', f'"uid":"{second}"'.encode())

    with pytest.raises(ArchiveError, match="line 2: is there twice, or not in order"):
        list(read_listings([line, other], "listings.jsonl"))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b'{"format": 2}', "is of format 2, and this Hobnob reads 1: update Hobnob"),
        (b"{}", "is of format None"),
        (b"{", "Invalid JSON"),
        (b'{"format": 1}', "hobnob: "),
    ],
)
def test_a_manifest_of_another_format_is_refused(text: bytes, why: str) -> None:
    with pytest.raises(ArchiveError) as refused:
        read_manifest(text, "manifest.json")

    assert why in str(refused.value)


@pytest.mark.parametrize("words", ["ELM", "Elm Café"])
def test_a_veto_that_could_never_meet_anything_is_refused(words: str) -> None:
    with pytest.raises(ArchiveError, match="are not folded"):
        list(read_vetoes([write_veto(KeptVeto(words=words, reason="", since=NOW))], "here"))


@pytest.mark.parametrize(("name", "every"), [("../a", 60), ("Chamber", 60), ("chamber", 0)])
def test_a_source_that_no_catalogue_could_hold_is_refused(name: str, every: int) -> None:
    source = KeptSource(name=name, kind=Kind.CHAMBER, platform="ics", url="https://a.example", every=every)

    with pytest.raises(ArchiveError, match="line 1: "):
        list(read_sources([write_source(source)], "here"))


def test_prices_and_days_are_exact() -> None:
    price = Offer(price=Decimal("0.10"))
    event = Event(source="chamber", uid="a", name="Fair", start_date=date(2026, 6, 3), time_zone="UTC", offers=(price,))
    listing = KeptListing(id=new_id(1), kind=Kind.CIVIC, first_seen=NOW, last_seen=NOW, changed_at=NOW, event=event)

    (read,) = read_listings([write_listing(listing)], "here")

    assert read.event == event
    assert str(read.event.offers[0].price) == "0.10"
