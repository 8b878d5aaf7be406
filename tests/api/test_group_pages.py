"""`/groups` and `/groups/{id}`: rhythm in words, dates announced and expected, and whether a stranger may come."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser

from aggregator.event import Event, Evidence, Kind, Organization, Visitors, VisitorTerms
from aggregator.group.rhythm import OnHolidays, Rhythm
from aggregator.store.store import Store
from api.web.language import read_language
from api.web.rhythms import tell_rhythm

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 10, 7, 18, 30, 20, tzinfo=UTC)
FIRST = datetime(2026, 10, 8, 7, tzinfo=ZoneInfo("America/Los_Angeles"))
WELCOME = VisitorTerms(
    visitors=Visitors.OPEN, evidence=(Evidence(about="visitors", quote="Visitors are always welcome."),)
)


@pytest.fixture
def client(changing_town: Store, add: Callable[..., None], api: Callable[..., httpx.AsyncClient]) -> httpx.AsyncClient:
    """A town with a breakfast that three Thursdays show, and which is told for two of them to come."""
    hall = next(one.event.location for one in changing_town.stored_listings("chamber").values())
    dates = [
        Event(
            source="chamber", uid=f"leads-{week}", name="Breakfast Leads", start_date=FIRST + timedelta(weeks=week),
            end_date=FIRST + timedelta(weeks=week, hours=1), time_zone="America/Los_Angeles", location=hall,
            organizer=Organization(name="Elm Valley Chamber"), visitor_terms=WELCOME, url="https://chamber.example/b",
        )
        for week in (-4, -3, -2, -1, 0, 1)
    ]  # fmt: skip
    add(changing_town, Kind.CHAMBER, tuple(dates))
    assert changing_town.regroup("chamber", NOW)
    return api(changing_town)


async def show(client: httpx.AsyncClient, path: str, status: int = 200, **asked: str) -> LexborHTMLParser:
    answer = await client.get(path, params=asked or None)
    assert answer.status_code == status, answer.text
    return LexborHTMLParser(answer.text)


def texts(page: LexborHTMLParser, selector: str) -> list[str]:
    return [" ".join(node.text().split()) for node in page.css(selector)]


async def test_groups_are_listed_with_their_rhythm_and_next_date(client: httpx.AsyncClient) -> None:
    page = await show(client, "/groups", near="Visalia, CA", rhythm="weekly")

    assert texts(page, "h1") == ["Groups near Visalia, CA"]
    (card,) = texts(page, ".card")
    for words in ("Breakfast Leads", "every Thursday, 7:00 am–8:00 am", "Thu, Oct 8", "Announced", "Visitors welcome"):
        assert words in card


async def test_a_group_tells_what_is_announced_from_what_is_only_expected(client: httpx.AsyncClient) -> None:
    found = await show(client, "/groups", near="Visalia, CA")
    page = await show(client, str(found.css_first(".card h2 a").attributes["href"]))

    assert texts(page, "h1") == ["Breakfast Leads"]
    assert texts(page, ".dates li") == [
        "Thursday, October 8, 7:00 am Announced",
        "Thursday, October 15, 7:00 am Announced",
        "Thursday, October 22, 7:00 am Expected, not yet announced",
        "Thursday, October 29, 7:00 am Expected, not yet announced",
    ]
    assert texts(page, ".evidence dd") == ["Visitors are always welcome. said on its page"]
    webcal, ics = (str(node.attributes["href"]) for node in page.css(".buttons a"))
    assert webcal == f"webcal://hobnob.example{ics}"
    assert b"RRULE" in (await client.get(ics)).content


async def test_what_cannot_be_asked_is_said_beside_its_field(client: httpx.AsyncClient) -> None:
    place = await show(client, "/groups", 422, near="Springfield")
    rhythm = await show(client, "/groups", 422, rhythm="hourly")

    assert "Springfield, IL" in texts(place, "#near-fault a")
    assert texts(rhythm, "#rhythm-fault p")[0].startswith("rhythm=hourly: ")


async def test_no_group_and_an_unknown_group_are_told(client: httpx.AsyncClient) -> None:
    assert texts(await show(client, "/groups", near="Fresno, CA"), ".empty h2") == [
        "No regular group is known here yet"
    ]
    assert texts(await show(client, "/groups/nosuch", 404), "h1") == ["There is nothing at this address"]


@pytest.mark.parametrize(
    ("rules", "more", "words"),
    [
        (("FREQ=WEEKLY;BYDAY=TH",), {}, "cada jueves, 7:00 a. m.–8:30 a. m."),
        (("FREQ=MONTHLY;BYDAY=2TH,4TH",), {"pauses": (8,)}, "2.º y 4.º jueves, 7:00 a. m.–8:30 a. m., no en agosto"),
        (("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",), {},
         "cada dos martes desde el 6 de octubre de 2026, 7:00 a. m.–8:30 a. m."),
        (("FREQ=MONTHLY;BYDAY=-1FR",), {"on_holidays": OnHolidays.SKIPPED},
         "último viernes, 7:00 a. m.–8:30 a. m., no en festivos"),
    ],
)  # fmt: skip
async def test_a_rhythm_is_told_in_spanish(rules: tuple[str, ...], more: dict[str, object], words: str) -> None:
    rhythm = Rhythm(rrules=rules, since=date(2026, 10, 6), start=time(7), end=time(8, 30), **more)  # type: ignore[arg-type]

    assert tell_rhythm(rhythm, read_language("es"), "US") == words


async def test_the_page_of_a_meeting_leads_to_its_group_and_that_of_a_single_event_to_none(
    client: httpx.AsyncClient,
) -> None:
    (group,) = (await client.get("/v1/groups", params={"q": "breakfast"})).json()["items"]
    told = (await client.get("/v1/events", params={"limit": "200"})).json()["items"]
    meeting, single = (next(one for one in told if one["name"].startswith(name)) for name in (group["name"], "Mixer"))

    page = await show(client, f"/events/{meeting['id']}", lang="es")

    assert texts(page, f'a[href="/groups/{group["id"]}?lang=es"]') == [
        "Grupo regular: cada jueves, 7:00 a. m.–8:00 a. m."
    ]
    assert not (await show(client, f"/events/{single['id']}")).css('a[href^="/groups/"]')
