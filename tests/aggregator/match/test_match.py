"""What is the same and what is not: each trap by name, what is asked, what a person decides, and how it is merged."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from aggregator.event import (
    Event,
    EventStatus,
    GeoCoordinates,
    Offer,
    Organization,
    Place,
    PostalAddress,
    Precision,
    Statement,
)
from aggregator.match import Band, Cluster, Matched, Say, Told, Word, cluster, judge, merge
from aggregator.match.links import links_of
from aggregator.match.words import read_title
from aggregator.sift import Role

START = datetime(2027, 3, 2, 18, tzinfo=UTC)
ELM = GeoCoordinates(latitude=38.0, longitude=-97.0)
TICKETS = "https://www.eventbrite.com/e/an-evening-tickets-102501807981"
WEEKLY = ("FREQ=WEEKLY",)


def a_place(name: str | None = "Elm Hall", *, north: float = 0, precision: Precision = Precision.ROOFTOP) -> Place:
    """So many metres north of the middle of Elm."""
    geo = GeoCoordinates(latitude=ELM.latitude + north / 111_195, longitude=ELM.longitude)
    return Place(name=name, address=PostalAddress(address_locality="Elm"), geo=geo, precision=precision)


IN_TOWN = a_place(None, precision=Precision.TOWN)
OTHER_TOWN = Place(
    address=PostalAddress(address_locality="Oak"),
    geo=GeoCoordinates(latitude=38.4, longitude=-97.0),
    precision=Precision.TOWN,
)


def told(name: str, source: str = "a.example", *, minutes: int = 0, role: Role = "organiser", **fields: Any) -> Told:
    """A listing at Elm Hall, unless said otherwise."""
    host, trust = fields.pop("host", None), fields.pop("trust", 50)
    event = Event(
        source=source,
        uid=fields.pop("uid", "1"),
        name=name,
        start_date=START + timedelta(minutes=minutes),
        time_zone="UTC",
        location=fields.pop("location", a_place()),
        organizer=Organization(name=host) if host else None,
    )
    return Told.of(replace(event, **fields), role=role, trust=trust, home=ELM)


def together(matched: Matched) -> list[list[str]]:
    """The listings' sources and uids, by cluster."""
    return [["".join(member.key) for member in group.members] for group in matched.clusters]


def band(one: Told, other: Told) -> Band:
    return judge(one, other).band


NAME = "Harvest Gala"


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("HARVEST GALA", {}),
        ("Harvest Gala (SOLD OUT)", {}),
        ("SOLD OUT: Harvest Gala", {}),
        ("CANCELLED - Harvest Gala", {}),
        ("Harvest Gala **Sold Out**", {}),
        ("Harvest Gala at Elm Hall", {}),
        ("Harvest Gala @ Elm Hall", {"location": Place()}),
        ("Elm Chamber presents: Harvest Gala", {}),
        ("Elm Chamber: Harvest Gala", {}),
        ("Harvest Gala hosted by the Elm Chamber", {}),
        ("Havrest Gala", {}),
        ("Harvest Gala - $10", {}),
        ("FREE: Harvest Gala", {}),
        ("Harvest Gala - March 2, 2027", {}),
        ("Tuesday: Harvest Gala", {}),
        (NAME, {"minutes": -30}),
        (NAME, {"minutes": 10}),
        (NAME, {"location": a_place(north=120)}),
        (NAME, {"location": a_place("The Elm Hall", north=150)}),
        (NAME, {"location": IN_TOWN}),
        (NAME, {"location": Place()}),
        ("An evening of dinner and dance", {"same_as": (TICKETS + "?utm_source=mail",)}),
    ],
)
def test_noise_is_seen_through(name: str, fields: dict[str, Any]) -> None:
    plain = told(NAME, same_as=(TICKETS,)) if "same_as" in fields else told(NAME)

    other = told(name, "b.example", **fields)

    expected = Band.ASK if "same_as" in fields else Band.LINK
    assert band(plain, other) is expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(
            told("Open House"), told("Open House", location=a_place("Oak Hall", north=900)), id="other houses"
        ),
        pytest.param(
            told("Open House", host="Elm Books"),
            told("Open House", host="Oak Bakery", location=a_place("Annex", north=150)),
            id="next door",
        ),
        pytest.param(
            told("Open House", location=IN_TOWN), told("Open House", location=IN_TOWN), id="somewhere in town"
        ),
        pytest.param(told("Watercolor, Room A"), told("Watercolor, Room B"), id="rooms in names"),
        pytest.param(
            told(NAME, location=a_place("Elm Hall, Studio 1")),
            told(NAME, location=a_place("Elm Hall, Studio 2")),
            id="rooms in places",
        ),
        pytest.param(told("Solar 101 (Rom A)"), told("Solar 101, Room B"), id="rooms told wrongly"),
        pytest.param(told("Solar 101 (Sutdio 1)"), told("Solar 101, Studio 3"), id="numbers beside one that both have"),
        pytest.param(
            told("Solar 101 (Sutdio 1)", host="Elm Arts"),
            told("Solar 101", location=a_place("Elm Hall, Studio 3"), host="Elm Arts"),
            id="a room written wrongly",
        ),
        pytest.param(
            told("Cofffee", location=IN_TOWN),
            told("Cofffee", minutes=30),
            id="a common word written wrongly is no rare one",
        ),
        pytest.param(told("Quilters"), told("Quilters", minutes=2 * 24 * 60), id="a group on two days"),
        pytest.param(told("Quilters", rrule=WEEKLY), told("Quilters", rrule=WEEKLY, minutes=2880), id="two rhythms"),
        pytest.param(told("Quilters", rrule=WEEKLY), told("Quilters"), id="a series and its date"),
        pytest.param(told(NAME, same_as=(TICKETS,)), told(NAME, same_as=(TICKETS,), minutes=150), id="one link twice"),
        pytest.param(told(NAME, same_as=(TICKETS,)), told(NAME, same_as=(TICKETS,), minutes=60), id="an hour later"),
        pytest.param(told("Breakout: Marketing", host="Elm"), told("Breakout: Finance", host="Elm"), id="one evening"),
        pytest.param(told("Story Time for Toddlers"), told("Story Time for Teens"), id="for others"),
        pytest.param(told("Spanish II"), told("Spanish 3"), id="numbers"),
        pytest.param(told(NAME, location=IN_TOWN), told(NAME, location=OTHER_TOWN), id="two towns"),
        pytest.param(told("Painting Workshop"), told("Printing Workshop"), id="one letter"),
        pytest.param(told("Hike Club"), told("Bike Club"), id="another letter"),
        pytest.param(
            told(NAME, same_as=(TICKETS,)),
            told(NAME, same_as=(TICKETS.replace("1025", "1026"),)),
            id="two pages of one platform",
        ),
    ],
)
def test_traps_are_not_linked(one: Told, other: Told) -> None:
    other = Told.of(replace(other.event, source="b.example"), role=other.role, home=other.home)

    assert band(one, other) is not Band.LINK
    assert together(cluster([one, other])) == [["a.example1"], ["b.example1"]]


def test_three_open_houses_stay_three() -> None:
    houses = [told("Open House", f"{n}.example", location=a_place(f"{n} Hall", north=n * 700)) for n in range(3)]
    vague = told("Open House", "z.example", location=IN_TOWN)

    assert together(cluster([*houses, vague])) == [["0.example1"], ["1.example1"], ["2.example1"], ["z.example1"]]


def test_two_showings_with_one_link_are_two_for_both_sources() -> None:
    shows = [
        told(NAME, source, uid=str(n), minutes=n * 60, same_as=(TICKETS,))
        for source in ("a.example", "b.example")
        for n in (0, 1)
    ]

    assert together(cluster(shows)) == [["a.example0", "b.example0"], ["a.example1", "b.example1"]]


def test_doors_and_start_are_one_but_not_where_there_is_a_show_at_either() -> None:
    early, late = told(NAME), told(NAME, uid="2", minutes=30)
    other = told(NAME, "b.example", minutes=30)

    assert together(cluster([early, other])) == [["a.example1", "b.example1"]]
    assert together(cluster([early, late, other])) == [["a.example1"], ["a.example2", "b.example1"]]


def test_a_room_untold_suits_either_room_and_is_asked() -> None:
    rooms = [told(f"{NAME}, Room {room}", f"{room}.example") for room in "AB"]
    vague = told(NAME, "z.example")

    matched = cluster([*rooms, vague])

    assert len(matched.clusters) == 3
    assert len(matched.questions) == 2


def test_series_of_one_rhythm_are_one_whichever_date_they_are_told_from() -> None:
    one = told("Quilters", rrule=("FREQ=WEEKLY;BYDAY=TU",))
    other = told("Quilters", "b.example", rrule=("FREQ=WEEKLY;COUNT=10",), minutes=14 * 24 * 60)

    assert band(one, other) is Band.LINK
    assert together(cluster([one, other])) == [["a.example1", "b.example1"]]


@pytest.mark.parametrize(
    ("rule", "days", "expected"),
    [
        ("FREQ=WEEKLY;INTERVAL=2", 14, Band.LINK),
        ("FREQ=WEEKLY;INTERVAL=2", 7, Band.LEAVE),
        ("FREQ=MONTHLY;BYDAY=1TU", 35, Band.LINK),
        ("FREQ=WEEKLY;INTERVAL=often", 14, Band.LINK),
        ("FREQ=WEEKLY;UNTIL=20270310", 14, Band.LEAVE),
    ],
)
def test_a_rhythm_has_a_phase_and_an_end(rule: str, days: int, expected: Band) -> None:
    one, other = told("Quilters", rrule=(rule,)), told("Quilters", "b.example", rrule=(rule,), minutes=days * 24 * 60)

    assert band(one, other) is expected


def test_within_a_source_only_what_it_repeats_word_for_word_is_one() -> None:
    once, again = told(NAME, description="Music."), told(NAME, uid="2", description="Music.")
    another = told(NAME, uid="3", description="Poems.")

    assert together(cluster([once, again, another])) == [["a.example1", "a.example2"], ["a.example3"]]


def test_tickets_are_one_whatever_the_place() -> None:
    one = told(NAME, same_as=("https://lu.ma/abc123x",), location=Place())
    other = told(NAME, "b.example", same_as=("https://luma.com/abc123x?utm_source=x",), location=Place())

    verdict = judge(one, other)

    assert verdict.band is Band.LINK
    assert "the same tickets: luma:abc123x" in [piece.why for piece in verdict.evidence]


def test_what_is_not_told_is_no_evidence() -> None:
    bare = told(NAME, location=Place())

    assert {piece.about for piece in judge(bare, told(NAME, "b.example")).evidence} == {"start", "name"}


def test_two_that_cannot_be_one_do_not_meet_by_a_third() -> None:
    here = told(NAME, "a.example", location=a_place(None))
    vague = told(NAME, "b.example", location=IN_TOWN)
    there = told(NAME, "c.example", location=a_place(None, north=5000))

    assert judge(here, there).forbids
    groups = together(cluster([here, vague, there]))
    assert not any({"a.example1", "c.example1"} <= set(group) for group in groups)


def word(say: Say, one: str, other: str, day: int = 1) -> Word:
    return Word(one=(one, "1"), other=(other, "1"), say=say, said_at=datetime(2027, 1, day, tzinfo=UTC))


def test_a_person_wins_over_every_score() -> None:
    alike = [told(NAME), told(NAME, "b.example")]
    unlike = [told(NAME), told("Quilters", "b.example", minutes=5000)]

    assert len(cluster(alike, [word(Say.NOT_SAME, "a.example", "b.example")]).clusters) == 2
    assert len(cluster(unlike, [word(Say.SAME, "b.example", "a.example")]).clusters) == 1


def test_the_last_word_counts() -> None:
    alike = [told(NAME), told(NAME, "b.example")]
    split, join = word(Say.NOT_SAME, "a.example", "b.example"), word(Say.SAME, "b.example", "a.example", day=2)

    assert len(cluster(alike, [join, split]).clusters) == 1
    assert len(cluster(alike, [split, replace(join, said_at=split.said_at)]).clusters) == 2


def test_a_split_holds_by_way_of_a_third_too() -> None:
    three = [told(NAME, f"{name}.example") for name in "abc"]

    groups = together(cluster(three, [word(Say.NOT_SAME, "a.example", "b.example")]))

    assert len(groups) == 2
    assert not any({"a.example1", "b.example1"} <= set(group) for group in groups)


def test_what_a_person_joined_vouches_for_its_like() -> None:
    here, moved = told(NAME), told(NAME, "b.example", minutes=3 * 24 * 60)
    other = told(NAME, "c.example")

    groups = together(cluster([here, moved, other], [word(Say.SAME, "a.example", "b.example")]))

    assert groups == [["a.example1", "b.example1", "c.example1"]]


def test_a_word_on_a_listing_that_is_gone_is_kept_for_later() -> None:
    assert len(cluster([told(NAME)], [word(Say.SAME, "a.example", "gone.example")]).clusters) == 1


def test_a_cluster_says_what_holds_it_together() -> None:
    (group,) = cluster([told(NAME), told(NAME, "b.example")]).clusters

    (judged,) = group.why
    assert (judged.one, judged.other) == (("a.example", "1"), ("b.example", "1"))
    assert judged.verdict.score == pytest.approx(sum(piece.points for piece in judged.verdict.evidence))


def merged(*tolds: Told) -> Any:
    return merge(Cluster(members=tuple(sorted(tolds, key=lambda one: one.key))))


def test_the_organiser_names_and_the_most_precise_places() -> None:
    host = told("Harvest Gala", "host.example", location=IN_TOWN, url="https://host.example/gala")
    venue = told(
        "Harvest Gala!", "venue.example", role="venue", location=a_place("Elm Hall"), description="Music. " * 20
    )
    other = told(
        "GALA", "all.example", role="aggregator", end_date=START + timedelta(hours=2), url="https://all.example/1"
    )

    whole = merged(other, venue, host)

    assert whole.event.name == "Harvest Gala"
    assert whole.event.location == a_place("Elm Hall")
    assert whole.event.url == "https://host.example/gala"
    assert whole.event.same_as == ("https://all.example/1",)
    assert whole.event.end_date == START + timedelta(hours=2)
    assert whole.origin("name") == ("host.example", "1")
    assert whole.origin("location.geo") == ("venue.example", "1")
    assert whole.origin("description") == ("venue.example", "1")
    assert whole.origin("end_date") == ("all.example", "1")
    assert whole.origin("offers") is None


def test_who_speaks_of_wheelchairs_is_heard_whoever_names_and_places() -> None:
    said = Statement(source="venue.example", quote="Step-free access.")
    host = told("Harvest Gala", "host.example")
    venue = told(
        "Harvest Gala",
        "venue.example",
        role="venue",
        location=replace(IN_TOWN, wheelchair_accessible=True, accessibility_evidence=(said,)),
    )

    whole = merged(venue, host)

    assert whole.event.location == replace(a_place(), wheelchair_accessible=True, accessibility_evidence=(said,))
    assert whole.origin("location.wheelchair_accessible") == ("venue.example", "1")


def test_trust_decides_between_sources_of_one_role() -> None:
    low, high = told("Gala", "a.example", trust=10), told("Harvest Gala", "b.example", trust=90)

    assert merged(low, high).event.name == "Harvest Gala"


def test_a_time_is_better_than_a_day() -> None:
    day = told(NAME, "a.example", start_date=date(2027, 3, 2), end_date=date(2027, 3, 2))
    timed = told(NAME, "b.example", role="aggregator")

    whole = merged(day, timed)

    assert whole.event.start_date == START
    assert whole.event.end_date is None


def test_an_end_that_was_said_is_better_than_one_assumed() -> None:
    assumed = told(NAME, "a.example", end_date=START + timedelta(hours=1), end_date_assumed=True)
    said = told(NAME, "b.example", role="chamber", end_date=START + timedelta(hours=3))

    whole = merged(assumed, said)

    assert (whole.event.end_date, whole.event.end_date_assumed) == (START + timedelta(hours=3), False)


@pytest.mark.parametrize(
    ("role", "status", "doubts"),
    [
        ("organiser", EventStatus.CANCELLED, ()),
        ("aggregator", EventStatus.SCHEDULED, ("b.example says cancelled",)),
    ],
)
def test_only_its_like_cancels_what_an_organiser_tells(
    role: Role, status: EventStatus, doubts: tuple[str, ...]
) -> None:
    other = told(NAME, "b.example", role=role, event_status=EventStatus.CANCELLED)

    whole = merged(told(NAME), other)

    assert whole.event.event_status is status
    assert whole.event.doubts == doubts


def test_a_price_and_its_being_free_come_from_one_listing() -> None:
    free = told(NAME, "a.example", role="chamber", is_accessible_for_free=True)
    paid = told(NAME, "b.example", role="aggregator", is_accessible_for_free=False, offers=(Offer(description="$5"),))

    whole = merged(free, paid)

    assert (whole.event.is_accessible_for_free, whole.event.offers) == (True, ())


def test_without_a_place_it_is_linked_where_nothing_else_is_called_so_then() -> None:
    here, vague = told("Ribbon Cutting"), told("Ribbon Cutting", "b.example", location=Place(), host="Elm Chamber")
    there = told("Ribbon Cutting", "c.example", location=a_place("Oak Hall", north=3000))

    assert band(here, vague) is Band.ASK
    assert together(cluster([here, vague])) == [["a.example1", "b.example1"]]
    assert together(cluster([here, vague, there])) == [["a.example1"], ["b.example1"], ["c.example1"]]


@pytest.mark.parametrize(("name", "is_one"), [("Business After Hours", True), ("Business After Hours, Room A", False)])
def test_where_two_trifles_speak_against_it_nobody_else_is_no_reason(name: str, is_one: bool) -> None:
    here = told("Business After Hours", host="Elm Outdoors")
    vague = told(name, "b.example", location=IN_TOWN, host="Oak Chamber", minutes=30)

    assert band(here, vague) is Band.ASK
    assert (len(cluster([here, vague]).clusters) == 1) is is_one


def test_a_source_from_another_town_may_tell_it_but_a_person_is_asked() -> None:
    far = GeoCoordinates(latitude=38.4, longitude=-97.0)
    vague = replace(told(NAME, "b.example", location=Place()), home=far)

    assert band(told(NAME), vague) is Band.ASK
    assert band(told(NAME), replace(vague, home=GeoCoordinates(latitude=45.0, longitude=-97.0))) is not Band.LINK


def test_a_name_told_at_two_places_does_not_link_those_without_any() -> None:
    here, there = told(NAME), told(NAME, "b.example", location=a_place("Oak Hall", north=3000))
    vague = [told(NAME, source, location=IN_TOWN) for source in ("c.example", "d.example")]

    assert all(len(group) == 1 for group in together(cluster([here, there, *vague])))


@pytest.mark.parametrize(
    ("name", "words", "marks"),
    [
        ("Harvest Gala (SOLD OUT)", {"harvest", "gala"}, set()),
        ("CANCELLED: Harvest Gala at the Elm", {"harvest", "gala"}, set()),
        ("Full Moon Hike", {"full", "moon", "hike"}, set()),
        ("At Home with Art", {"home", "art"}, set()),
        ("Sold Out", {"sold", "out"}, set()),
        ("Coffee at 9am", {"coffee"}, set()),
        ("Session 2: Budget $5-$10", {"session", "budget"}, {"2"}),
        ("Part II", {"part"}, {"2"}),
        ("Solar 101 (Rom A) at Elm Hall", {"solar", "rom"}, {"101", "a"}),
        ("A Coffee with a Cop", {"coffee", "cop"}, set()),
        ("Story Time for Toddlers", {"story", "time", "toddler"}, {"toddler"}),
        ("Café Été", {"cafe", "ete"}, set()),
        ("2027", set(), {"2027"}),
        ("!!!", set(), set()),
    ],
)
def test_a_name_is_read_without_what_is_told_elsewhere(name: str, words: set[str], marks: set[str]) -> None:
    title = read_title(name)

    assert title.words == words
    assert title.marks == marks


@pytest.mark.parametrize(
    ("url", "known_by"),
    [
        ("https://www.eventbrite.com/e/an-evening-tickets-102501807981?aff=x", "eventbrite:102501807981"),
        ("https://www.eventbrite.co.uk/e/102501807981", "eventbrite:102501807981"),
        ("https://lu.ma/abc123x", "luma:abc123x"),
        ("https://luma.com/abc123x", "luma:abc123x"),
        ("https://www.meetup.com/some-group/events/300123456/", "meetup:300123456"),
        ("https://www.meetup.com/some-group/", None),
        ("https://luma.com/discover", None),
        ("https://www.eventbrite.com/o/somebody-123456789", None),
        ("https://chamber.example/events/7", None),
        ("no address", None),
    ],
)
def test_a_page_of_tickets_is_known_by_its_number(url: str, known_by: str | None) -> None:
    assert links_of([url])[0] == frozenset(filter(None, [known_by]))


@pytest.mark.parametrize(
    ("url", "known_by"),
    [
        ("https://www.chamber.example/events/7/?utm_source=x", "chamber.example/events/7"),
        ("https://chamber.example/calendar?id=7", "chamber.example/calendar?id=7"),
        ("https://chamber.example/", None),
        ("https://chamber.example/events", None),
        ("https://chamber.example/about", None),
    ],
)
def test_a_front_page_is_no_evidence(url: str, known_by: str | None) -> None:
    assert links_of([url])[1] == frozenset(filter(None, [known_by]))
