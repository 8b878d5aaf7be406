"""Nothing that a source says is run or loaded by a page, even where the browser keeps no policy."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Page

from aggregator.event import Event, Evidence, Kind, MeetingLine, Organization, Place, Visitors, VisitorTerms
from aggregator.reconcile import Changes
from aggregator.run import Outcome, Rejection, Run
from aggregator.settings import Settings
from aggregator.store import Candidate
from aggregator.store.store import Store
from aggregator.suggest.read import read_suggestion
from api.cli.operator import Desk

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 10, 7, 18, 30, 20, tzinfo=UTC)
PACIFIC = ZoneInfo("America/Los_Angeles")
TOKEN = "t" * 32
CANARY = "http://canary.example"
PAYLOADS = (
    "<script>alert(1)</script>",
    "</script><script>alert(2)</script>",
    "<!--<script>alert(3)//",
    "<img src=x onerror=alert(4)>",
    f"<img src={CANARY}/pixel.gif>",
    "<svg/onload=alert(5)>",
    "'\" autofocus onfocus=alert(6) x='\"",
    "<iframe srcdoc='<script>parent.alert(7)</script>'></iframe>",
    f"<style>@import '{CANARY}/style.css';*{{background:url({CANARY}/ground.png)}}</style>",
    f"<base href='{CANARY}/'><meta http-equiv=refresh content='0;url={CANARY}/away'>",
    "<details open ontoggle=alert(8)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(9)>'>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(10)></style></mglyph></table></mtext></math>",
    "<object data='data:text/html,<script>alert(11)</script>'></object>",
    f"<link rel=stylesheet href={CANARY}/sheet.css><form action={CANARY}/form><button autofocus>",
    "{{ 7 * 7 }}{% raw %}${alert(12)}<textarea></title><script>alert(13)</script>",
)
LINKS = ("javascript:alert(14)", "JaVa\tScRiPt:alert(15)", "data:text/html,<script>alert(16)</script>")


def hostile(number: int, payload: str, place: Place, **more: Any) -> Event:
    start = datetime(2026, 10, 8 + number % 5, 7 + number % 12, tzinfo=PACIFIC)
    link = LINKS[number % len(LINKS)]
    quote = Evidence(about="visitors", quote=payload)
    return Event(
        source="chamber", uid=f"hostile-{number}", name=f"Name {payload}", start_date=start,
        end_date=start + timedelta(hours=1), time_zone="America/Los_Angeles", location=place, url=link, same_as=(link,),
        virtual_location=link, description=f"About {payload}\n{payload}", keywords=(payload,), image=link,
        organizer=Organization(name=f"By {payload}", url=link), doubts=(payload,),
        visitor_terms=VisitorTerms(visitors=Visitors.OPEN, evidence=(quote,)),
        meeting_people=(MeetingLine(about=payload, speaks_for=True, quote=payload),), **more,
    )  # fmt: skip


@pytest.fixture
def hostile_town(changing_town: Store, add: Callable[..., None]) -> Store:
    """Each payload as an event of its own and as a weekly group, in every field that is a page's own words."""
    hall = next(one.event.location for one in changing_town.stored_listings("chamber").values())
    for number, payload in enumerate(PAYLOADS):
        place = Place(name=payload, address=hall.address, geo=hall.geo, precision=hall.precision)
        add(changing_town, Kind.CHAMBER, (hostile(number, payload, place, rrule=("FREQ=WEEKLY",)),))
    changing_town.regroup("chamber", NOW)
    return changing_town


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without"])
async def test_no_page_runs_or_loads_what_a_source_says(
    javascript: bool, hostile_town: Store, serve: Callable[..., str], open_page: Callable[..., Awaitable[Page]]
) -> None:
    address = serve(hostile_town, place="Visalia, CA")
    page = await open_page(bypass_csp=True, java_script_enabled=javascript)
    dialogs, strangers, seen = [], [], ""
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    page.on("request", lambda asked: None if asked.url.startswith(address) else strangers.append(asked.url))
    groups = [kept.group.id for kept in hostile_town.groups()]
    events = ids_of(hostile_town)
    assert (len(groups), len(events)) == (len(PAYLOADS), len(PAYLOADS))

    for path in (*PAGES, *(f"/groups/{one}" for one in groups), *(f"/events/{one}" for one in events)):
        answer = await page.goto(address + path)
        assert answer is not None
        assert answer.status == 200, path
        for link in await page.locator("a[href]").all() if javascript else ():
            href = (await link.get_attribute("href") or "").lower()
            assert href.startswith(("/", "#", "http://", "https://", "webcal://", "mailto:")), href
        seen += await page.content()

    assert (dialogs, strangers) == ([], [])
    assert "Name &lt;script&gt;alert(1)&lt;/script&gt;" in seen


async def test_no_page_of_the_operators_runs_or_loads_it_either(
    hostile_town: Store, list_alike: Callable[[Store], None], serve: Callable[..., str],
    open_page: Callable[..., Awaitable[Page]],
) -> None:  # fmt: skip
    list_alike(hostile_town)
    held = hold_back(hostile_town)
    for payload in PAYLOADS:
        told = dict.fromkeys(("name", "startDate", "location"), f"at {payload}"[:60]) | {"type": "event"}
        hostile_town.add_suggestion(read_suggestion(told), NOW)
    address = serve(hostile_town, admin_token=TOKEN)
    page = await open_page(bypass_csp=True)
    dialogs, strangers, seen = [], [], ""
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    page.on("request", lambda asked: None if asked.url.startswith(address) else strangers.append(asked.url))
    await page.goto(f"{address}/admin")
    await page.get_by_label("Token").fill(TOKEN)
    await page.get_by_role("button", name="Sign in").click()
    await page.get_by_role("button", name="Sign out").wait_for()

    events = [f"events/{one}" for one in ids_of(hostile_town)]
    for path in (*OPERATORS, f"sources/chamber/held/{held}", *events):
        answer = await page.goto(f"{address}/admin/pages/{path}")
        assert answer is not None
        assert answer.status == 200, path
        seen += await page.content()

    assert (dialogs, strangers) == ([], [])
    assert seen.count("{{ 7 * 7 }}") >= 6
    assert "New &lt;script&gt;alert(1)" in seen


def hold_back(store: Store) -> int:
    """A run of the chamber that was held back, saw all otherwise, and says what it should not."""
    status = next(status for status in store.sources() if status.name == "chamber")
    lease = store.lease("chamber", NOW, owner="test", ttl=status.every)
    assert lease
    told = [one.event for one in store.stored_listings("chamber").values()]
    seen = tuple(replace(event, name=f"Other {event.name}", uid=event.uid) for event in told[1:])
    new = replace(told[0], uid="new", name=f"New {PAYLOADS[0]}")
    run = Run(
        source="chamber", started_at=NOW, finished_at=NOW, outcome=Outcome.QUARANTINED, reason=" ".join(PAYLOADS),
        rejected=tuple(Rejection(name=payload, reason=payload) for payload in PAYLOADS),
    )  # fmt: skip
    candidate = Candidate(seen=(*seen, new), is_complete=True)
    number = store.apply(Changes(), run, lease=lease, now=NOW, candidate=candidate)
    store.finish(lease, next_due_at=NOW)
    desk = Desk(token=TOKEN, settings=Settings(), store=store, catalogs=(), now=lambda: NOW)
    for event_id in ids_of(store):
        desk.correct(event_id, "organizer", PAYLOADS[0], f"why {PAYLOADS[6]}", f"by {PAYLOADS[6]}")
    desk.hide(ids_of(store)[0], f"why {PAYLOADS[6]}")
    return number


OPERATORS = ("sources", "sources/chamber", "matches", "corrections", "suggestions")
PAGES = ("/?limit=200", "/?view=month", "/?view=map", "/groups", "/plan", "/sources", "/about")


def ids_of(store: Store) -> list[str]:
    ids = store._look_up(
        lambda link: link.execute(
            "SELECT id FROM events JOIN listings USING (event) WHERE uid LIKE 'hostile-%'"
        ).fetchall()
    )
    return [one for (one,) in ids]
