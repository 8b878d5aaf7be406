"""A series that one source tells by a rule and others date by date is told once, and apart again when it must be."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from aggregator.correct import Field, Patch
from aggregator.match import Say, Word
from aggregator.schedule import standings
from aggregator.source import Source
from aggregator.store.correcting import Correction

pytestmark = pytest.mark.anyio

RULE = "RRULE:FREQ=WEEKLY;BYDAY=TH;UNTIL=20260710T000000Z"
THURSDAYS = ("20260604", "20260611", "20260618", "20260625", "20260702", "20260709")


def calendar_of(*events: tuple[str, str, str, tuple[str, ...]]) -> bytes:
    """Of (uid, name, start as iCalendar has it, further lines)."""
    told = ["BEGIN:VCALENDAR", "VERSION:2.0"]
    for uid, name, start, lines in events:
        told += ["BEGIN:VEVENT", f"UID:{uid}", f"DTSTART;TZID=America/Los_Angeles:{start}", "DURATION:PT1H"]
        told += [f"SUMMARY:{name}", "LOCATION:Elm Hall\\, 12 Oak St\\, Fresno\\, CA", *lines, "END:VEVENT"]
    return "\r\n".join([*told, "END:VCALENDAR", ""]).encode()


def series_of(uid: str, name: str, url: str, *lines: str) -> tuple[str, str, str, tuple[str, ...]]:
    return uid, name, "20260604T070000", (RULE, f"URL:{url}", *lines)


def date_of(day: str, *lines: str, name: str = "Sunrise Leads Breakfast") -> tuple[str, str, str, tuple[str, ...]]:
    return f"x{day}", name, f"{day}T070000", (f"URL:https://library.example/x/{day}", *lines)


SERIES = series_of("s", "Sunrise Leads Breakfast", "https://chamber.example/sunrise")


@pytest.fixture
def chamber(a_source: Callable[..., Source]) -> Source:
    return a_source("chamber", role="organiser", kind="chamber")


@pytest.fixture
def library(a_source: Callable[..., Source]) -> Source:
    return a_source("library", role="aggregator", kind="civic")


@pytest.fixture
def tell(collector: Any, web_site: Any, chamber: Source, library: Source) -> Callable[..., Any]:
    """Both calendars are read, and what they tell is matched."""

    async def collect(
        of_chamber: tuple[Any, ...], of_library: tuple[Any, ...] = (), **later: float
    ) -> Callable[..., Any]:
        web_site.pages["chamber.example/events.ics"] = calendar_of(*of_chamber)
        web_site.pages["library.example/events.ics"] = calendar_of(
            *of_library, ("y", "Story Time", "20260730T100000", ())
        )
        await collector.run_all([chamber, library], **later)
        return collector

    return collect


@pytest.fixture
def ask_for(collector: Any, open_api: Callable[..., httpx.AsyncClient]) -> Callable[..., Any]:
    """The breakfasts that are found, by start."""

    async def ask(**asked: str) -> list[dict[str, Any]]:
        api = open_api(collector.store, collector.clock())
        answer = await api.get("/v1/events", params={"q": "breakfast", "start": "2026-06-01"} | asked)
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    return ask


def days(items: list[dict[str, Any]]) -> list[str]:
    return [item["startDate"][:10].replace("-", "") for item in items]


async def test_each_date_is_told_once_by_whose_word_counts_and_with_all_links(
    tell: Callable[..., Any], ask_for: Callable[..., Any]
) -> None:
    await tell((SERIES,), (date_of("20260611", "DESCRIPTION:Jane Roe tells of her bakery."), date_of("20260618")))

    items = await ask_for()

    assert days(items) == list(THURSDAYS)
    first, apart, *_ = items
    assert (apart["url"], apart["sameAs"]) == (
        "https://chamber.example/sunrise",
        ["https://library.example/x/20260611"],
    )
    assert (apart["description"], apart["superEvent"], apart["kind"]) == (
        "Jane Roe tells of her bakery.",
        "s",
        "chamber",
    )
    assert (first["sameAs"], first["superEvent"], first["id"] != apart["id"]) == ([], None, True)
    assert [day[:10] for day in first["eventSchedule"]["exceptDate"]] == ["2026-06-11", "2026-06-18"]
    assert days(await ask_for(source="library")) == ["20260611", "20260618"]
    assert days(await ask_for(source="chamber")) == days(await ask_for(kind="chamber")) == list(THURSDAYS)


async def test_the_series_still_shows_all_of_its_dates_and_why_says_who_tells_which(
    tell: Callable[..., Any], ask_for: Callable[..., Any], open_api: Callable[..., httpx.AsyncClient]
) -> None:
    collector = await tell((SERIES,), tuple(date_of(day) for day in THURSDAYS[:-1]))
    *apart, last = await ask_for()
    api = open_api(collector.store, collector.clock())

    series = (await api.get(f"/v1/events/{last['id']}")).json()
    why = (await api.get(f"/v1/events/{last['id']}/why")).json()
    why_of_date = (await api.get(f"/v1/events/{apart[0]['id']}/why")).json()

    assert days(series["occurrences"]) == list(THURSDAYS)
    assert (series["id"], series["startDate"][:10]) == (last["id"], "2026-06-04")
    assert [(one["startDate"][:10], one["id"]) for one in why["toldApart"]] == [
        (item["startDate"][:10], item["id"]) for item in apart
    ]
    assert [(one["source"], one["identifier"]) for one in why_of_date["listings"]] == [
        ("chamber", "s"), ("library", "x20260604")
    ]  # fmt: skip
    assert "one is a date of a series" in why_of_date["evidence"][0]["evidence"]


async def test_a_date_that_is_cancelled_is_cancelled_alone(
    tell: Callable[..., Any], ask_for: Callable[..., Any], open_api: Callable[..., httpx.AsyncClient]
) -> None:
    collector = await tell((SERIES,), (date_of("20260611", "STATUS:CANCELLED"),))

    items = await ask_for()

    assert {item["startDate"][:10] for item in items if item["eventStatus"] == "EventCancelled"} == {"2026-06-11"}
    assert days(items) == list(THURSDAYS)
    series = (await open_api(collector.store, collector.clock()).get(f"/v1/events/{items[0]['id']}")).json()
    assert days(series["occurrences"]) == [THURSDAYS[0], *THURSDAYS[2:]]


async def test_an_organiser_that_cancels_the_series_cancels_what_others_tell_of_it(
    tell: Callable[..., Any], ask_for: Callable[..., Any]
) -> None:
    await tell(
        (series_of("s", SERIES[1], "https://chamber.example/sunrise", "STATUS:CANCELLED"),), (date_of("20260611"),)
    )

    assert {item["eventStatus"] for item in await ask_for()} == {"EventCancelled"}


async def test_collapsed_it_is_one_row(tell: Callable[..., Any], ask_for: Callable[..., Any]) -> None:
    await tell((SERIES,), (date_of("20260604"), date_of("20260618")))

    (row,) = await ask_for(collapse="series")

    assert days([row, *row["nextDates"]]) == list(THURSDAYS[:5])
    assert days(await ask_for(rhythm="weekly")) == list(THURSDAYS)


async def test_a_second_look_changes_nothing(
    tell: Callable[..., Any], chamber: Source, library: Source, rows_of: Callable[..., Any]
) -> None:
    collector = await tell((SERIES,), (date_of("20260611"), date_of("20260618")))
    before = rows_of(collector.store)

    assert collector.store.match(standings([chamber, library]), collector.clock()) == 0
    assert rows_of(collector.store) == before


@pytest.mark.parametrize("is_series_first", [True, False])
async def test_it_is_no_matter_who_is_read_first(
    collector: Any, web_site: Any, chamber: Source, library: Source, ask_for: Callable[..., Any], is_series_first: bool
) -> None:
    web_site.pages["chamber.example/events.ics"] = calendar_of(SERIES)
    web_site.pages["library.example/events.ics"] = calendar_of(*(date_of(day) for day in THURSDAYS[1:3]))
    for source in (chamber, library) if is_series_first else (library, chamber):
        await collector.run(source)
    collector.store.match(standings([chamber, library]), collector.clock())

    items = await ask_for()

    assert days(items) == list(THURSDAYS)
    assert [item["sameAs"] for item in items] == [
        [], ["https://library.example/x/20260611"], ["https://library.example/x/20260618"], [], [], []
    ]  # fmt: skip


async def test_a_split_undoes_it_exactly_and_a_join_does_it_again(
    tell: Callable[..., Any], ask_for: Callable[..., Any], chamber: Source, library: Source
) -> None:
    collector = await tell((SERIES,))
    await tell((SERIES,), (date_of("20260611"),))
    joined = await ask_for()

    def say(what: Say, minute: int) -> None:
        at = collector.clock() + timedelta(minutes=minute)
        collector.store.say(Word(one=("chamber", "s"), other=("library", "x20260611"), say=what, said_at=at))
        collector.store.match(standings([chamber, library]), collector.clock())

    say(Say.NOT_SAME, 1)
    apart = await ask_for()
    say(Say.SAME, 2)

    assert days(apart) == sorted([*THURSDAYS, "20260611"])
    single = next(item for item in apart if item["source"] == "library")
    series = next(item for item in apart if item["source"] == "chamber")
    assert (single["url"], single["sameAs"], single["superEvent"]) == ("https://library.example/x/20260611", [], None)
    assert (single["kind"], series["eventSchedule"]["exceptDate"]) == ("civic", [])
    assert [dict(item, changedAt="") for item in await ask_for()] == [dict(item, changedAt="") for item in joined]


async def test_when_the_single_date_goes_the_series_tells_it_again(
    tell: Callable[..., Any], ask_for: Callable[..., Any]
) -> None:
    await tell((SERIES,), (date_of("20260709"),))
    for _ in range(4):
        await tell((SERIES,), (), hours=24)

    items = await ask_for()

    assert days(items) == list(THURSDAYS)
    assert {item["id"] for item in items} == {items[0]["id"]}


async def test_what_was_told_apart_stays_so_when_it_is_over_and_as_the_rule_goes_on(
    tell: Callable[..., Any], ask_for: Callable[..., Any]
) -> None:
    endless = ("s", SERIES[1], "20260604T070000", ("RRULE:FREQ=WEEKLY;BYDAY=TH",))
    collector = await tell((endless,), (date_of("20260604"),))
    await tell((endless,), (date_of("20260604"),), days=5)
    collector.store.roll_forward(collector.clock())

    items = await ask_for()

    assert days(items)[:4] == list(THURSDAYS[:4])
    assert [item["source"] for item in items[:3]] == ["library", "chamber", "chamber"]


async def test_changes_tell_of_it(tell: Callable[..., Any]) -> None:
    collector = await tell((SERIES,))
    begin = collector.store.news_bounds()[1]
    await tell((SERIES,), (date_of("20260611"),))

    news = {(one.change, one.source): one.fields for one in collector.store.news(begin, 100) if "Sunrise" in one.name}

    assert news.keys() == {("new", "library"), ("changed", "library"), ("changed", "chamber")}
    assert news["changed", "library"]["superEvent"] == {"before": None, "after": "s"}
    before, after = (news["changed", "chamber"]["eventSchedule"][when]["exceptDate"] for when in ("before", "after"))
    assert (before, [day[:10] for day in after]) == ([], ["2026-06-11"])


async def test_two_series_that_are_the_same_are_told_once(
    tell: Callable[..., Any], ask_for: Callable[..., Any], open_api: Callable[..., httpx.AsyncClient]
) -> None:
    other = series_of("t", "SUNRISE LEADS BREAKFAST", "https://library.example/t")
    collector = await tell((SERIES,), (other, date_of("20260618")))

    items = await ask_for()

    assert days(items) == list(THURSDAYS)
    assert [item["sameAs"] for item in items[:3]] == [
        ["https://library.example/t"],
        ["https://library.example/t"],
        ["https://library.example/x/20260618", "https://library.example/t"],
    ]
    merged = next(one for one in collector.store.news(0, 100) if one.change == "merged")
    answer = await open_api(collector.store, collector.clock()).get(f"/v1/events/{merged.id}")
    assert (answer.status_code, answer.headers["location"]) == (301, f"/v1/events/{items[0]['id']}")


async def test_what_is_not_that_meeting_stays_beside_it(tell: Callable[..., Any], ask_for: Callable[..., Any]) -> None:
    later = ("z", "Sunrise Leads Breakfast", "20260611T100000", ())
    await tell((SERIES,), (date_of("20260611", name="Pancake Breakfast Fundraiser"), later, date_of("20260612")))

    assert days(await ask_for()) == sorted([*THURSDAYS, "20260611", "20260611", "20260612"])


async def test_nothing_that_a_source_said_is_lost(tell: Callable[..., Any]) -> None:
    collector = await tell((SERIES,), (date_of("20260611"),))

    told = {
        uid: one.event
        for source in ("chamber", "library")
        for uid, one in collector.store.stored_listings(source).items()
    }

    assert (told["s"].except_dates, told["s"].same_as) == ((), ())
    assert (told["x20260611"].super_event, told["x20260611"].url) == (None, "https://library.example/x/20260611")
    assert json.dumps(sorted(told)) == '["s", "x20260611", "y"]'


async def test_an_editor_hides_a_date_alone_or_the_series_with_what_others_tell_of_it(
    tell: Callable[..., Any], ask_for: Callable[..., Any], chamber: Source, library: Source
) -> None:
    collector = await tell((SERIES,), (date_of("20260611"),))
    first, apart, *_ = await ask_for()

    def look(act: Callable[[], object]) -> None:
        act()
        collector.store.match(standings([chamber, library]), collector.clock())

    look(lambda: collector.store.hide(apart["id"], "spam", "editor", collector.clock()))
    without_date = days(await ask_for())
    look(lambda: collector.store.unhide(apart["id"], collector.clock()))
    look(lambda: collector.store.hide(first["id"], "spam", "editor", collector.clock()))
    without_series = await ask_for()
    look(lambda: collector.store.unhide(first["id"], collector.clock()))

    assert without_date == [THURSDAYS[0], *THURSDAYS[2:]]
    assert without_series == []
    assert days(await ask_for()) == list(THURSDAYS)


async def test_an_editor_s_word_on_the_series_holds_for_its_dates_but_not_for_their_times(
    tell: Callable[..., Any], ask_for: Callable[..., Any], chamber: Source, library: Source
) -> None:
    collector = await tell((SERIES,), (date_of("20260611"),))
    first, *_ = await ask_for()
    for field, value, patch in (
        (Field.NAME, "Breakfast of the Elms", Patch(name="Breakfast of the Elms")),
        (Field.START_DATE, "2026-06-05", Patch(start_date=collector.clock() + timedelta(days=4))),
    ):
        word = Correction(field=field, value=value, patch=patch, why="so it is", by="editor")
        collector.store.correct(first["id"], word, collector.clock())
    collector.store.match(standings([chamber, library]), collector.clock())

    items = await ask_for()

    assert days(items) == list(THURSDAYS)
    assert {item["name"] for item in items} == {"Breakfast of the Elms"}
