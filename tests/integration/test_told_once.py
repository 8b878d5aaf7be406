"""One happening that several sources tell is told once, with all their links, and told apart again when it must be."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from aggregator.match import Say, Word
from aggregator.schedule import standings
from aggregator.source import Source

pytestmark = pytest.mark.anyio

MIXER = "October Business Mixer at Elm Hall"


def calendar_of(*events: tuple[str, str, str], lines: tuple[str, ...] = ()) -> bytes:
    """Of (uid, name, start as iCalendar has it)."""
    told = ["BEGIN:VCALENDAR", "VERSION:2.0"]
    for uid, name, start in events:
        told += ["BEGIN:VEVENT", f"UID:{uid}", f"DTSTART;TZID=America/Los_Angeles:{start}", "DURATION:PT2H"]
        told += [f"SUMMARY:{name}", "LOCATION:Elm Hall\\, 12 Oak St\\, Fresno\\, CA", *lines, "END:VEVENT"]
    return "\r\n".join([*told, "END:VCALENDAR", ""]).encode()


@pytest.fixture
def chamber(a_source: Callable[..., Source]) -> Source:
    return a_source("chamber", role="organiser")


@pytest.fixture
def library(a_source: Callable[..., Source]) -> Source:
    return a_source("library", role="aggregator", kind="civic")


@pytest.fixture
async def told_twice(collector: Any, web_site: Any, chamber: Source, library: Source) -> Any:
    """The mixer is in both calendars; each has an event of its own too."""
    web_site.pages["chamber.example/events.ics"] = calendar_of(
        ("m", "October Business Mixer", "20260610T173000"),
        ("c", "Ribbon Cutting at the Bakery", "20260612T100000"),
        lines=("URL:https://chamber.example/mixer",),
    )
    web_site.pages["library.example/events.ics"] = calendar_of(
        ("x", MIXER.upper(), "20260610T173000"),
        ("y", "Story Time", "20260611T100000"),
        lines=("URL:https://library.example/x", "DESCRIPTION:Meet the business owners of our town over coffee."),
    )
    await collector.run_all([chamber, library])
    return collector


@pytest.fixture
def api(told_twice: Any, open_api: Callable[..., httpx.AsyncClient]) -> httpx.AsyncClient:
    return open_api(told_twice.store, told_twice.clock())


async def names(api: httpx.AsyncClient, **asked: str) -> list[str]:
    return [item["name"] for item in (await api.get("/v1/events", params=asked)).json()["items"]]


async def mixers(api: httpx.AsyncClient) -> list[dict[str, Any]]:
    items = (await api.get("/v1/events", params={"q": "mixer"})).json()["items"]
    return sorted(items, key=lambda item: str(item["source"]))


async def test_it_is_told_once_by_whose_word_counts_and_with_all_links(api: httpx.AsyncClient) -> None:
    (mixer,) = await mixers(api)

    assert sorted(await names(api)) == ["October Business Mixer", "Ribbon Cutting at the Bakery", "Story Time"]
    assert mixer["url"] == "https://chamber.example/mixer"
    assert mixer["sameAs"] == ["https://library.example/x"]
    assert mixer["description"] == "Meet the business owners of our town over coffee."


async def test_it_says_which_field_is_whose_and_why_they_are_one(api: httpx.AsyncClient) -> None:
    (mixer,) = await mixers(api)

    told = (await api.get(f"/v1/events/{mixer['id']}/why")).json()

    assert [(one["source"], one["identifier"]) for one in told["listings"]] == [("chamber", "m"), ("library", "x")]
    assert told["origins"]["name"]["source"] == "chamber"
    assert told["origins"]["description"]["source"] == "library"
    (pair,) = told["evidence"]
    assert (pair["one"]["source"], pair["other"]["source"]) == ("chamber", "library")
    assert pair["evidence"]


async def test_both_sources_find_it(api: httpx.AsyncClient) -> None:
    assert "October Business Mixer" in await names(api, source="chamber")
    assert "October Business Mixer" in await names(api, source="library")


async def test_the_id_that_is_told_no_longer_leads_to_the_one_that_is(told_twice: Any, api: httpx.AsyncClient) -> None:
    (mixer,) = await mixers(api)
    merged = next(one for one in told_twice.store.news(0, 100) if one.change == "merged")

    answer = await api.get(f"/v1/events/{merged.id}")
    tombstones = (await api.get("/v1/events", params={"updated_since": "2026-01-01", "q": "mixer"})).json()["items"]

    assert (answer.status_code, answer.headers["location"]) == (301, f"/v1/events/{mixer['id']}")
    assert {item["mergedInto"] for item in tombstones} == {None, mixer["id"]}
    assert merged.reason == f"it is told as {mixer['id']}"


async def test_a_second_look_changes_nothing(told_twice: Any, chamber: Source, library: Source) -> None:
    version = told_twice.store.data_version()

    assert told_twice.store.match(standings([chamber, library]), told_twice.clock()) == 0
    assert told_twice.store.data_version() == version


async def test_when_one_no_longer_tells_it_the_other_still_does(
    told_twice: Any, web_site: Any, chamber: Source, library: Source, api: httpx.AsyncClient
) -> None:
    """The organiser's page is gone for good: nothing is lost of what the library tells."""
    web_site.pages["chamber.example/events.ics"] = calendar_of(("c", "Ribbon Cutting at the Bakery", "20260612T100000"))
    for _ in range(4):
        await told_twice.run_all([chamber, library], hours=24)

    (mixer,) = await mixers(api)
    assert (mixer["name"], mixer["url"]) == (MIXER.upper(), "https://library.example/x")


async def test_what_turns_out_to_be_another_event_is_told_apart_again(
    told_twice: Any, web_site: Any, chamber: Source, library: Source, api: httpx.AsyncClient
) -> None:
    web_site.pages["library.example/events.ics"] = calendar_of(
        ("x", "Chess Club", "20260610T120000"), ("y", "Story Time", "20260611T100000")
    )
    await told_twice.run_all([chamber, library], hours=6)

    assert sorted(await names(api)) == [
        *("Chess Club", "October Business Mixer", "Ribbon Cutting at the Bakery", "Story Time")
    ]
    (mixer,) = await mixers(api)
    assert (mixer["sameAs"], mixer["description"]) == ([], None)


async def test_a_person_s_word_splits_and_joins(
    told_twice: Any, chamber: Source, library: Source, open_api: Callable[..., httpx.AsyncClient]
) -> None:
    async def say(what: Say, at: datetime) -> list[dict[str, Any]]:
        told_twice.store.say(Word(one=("chamber", "m"), other=("library", "x"), say=what, said_at=at))
        told_twice.store.match(standings([chamber, library]), told_twice.clock())
        return await mixers(open_api(told_twice.store, told_twice.clock()))

    apart = await say(Say.NOT_SAME, told_twice.clock())
    together = await say(Say.SAME, told_twice.clock() + timedelta(hours=1))

    assert [(item["source"], item["mergedInto"], item["sameAs"]) for item in apart] == [
        ("chamber", None, []), ("library", None, [])
    ]  # fmt: skip
    assert [item["sameAs"] for item in together] == [["https://library.example/x"]]


async def test_a_purged_organiser_leaves_the_event_to_who_else_tells_it(
    told_twice: Any, library: Source, api: httpx.AsyncClient
) -> None:
    told_twice.store.purge("chamber", told_twice.clock())
    told_twice.store.match(standings([library]), told_twice.clock())

    (mixer,) = await mixers(api)
    assert (mixer["source"], mixer["mergedInto"]) == ("library", None)
