"""The operator at work in a real Chromium, without scripts and on small screens, and pictures of it."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest
from playwright.async_api import Page, expect

from aggregator.place.gazetteer import Gazetteer
from aggregator.settings import Settings
from aggregator.store.store import Store
from aggregator.suggest.read import read_suggestion
from api.cli.operator import Desk
from api.widget.saved import read_widget

pytestmark = pytest.mark.anyio

Open = Callable[..., Awaitable[Page]]
TOKEN = "t" * 32
NOW = datetime(2026, 10, 7, 18, 30, 20, tzinfo=UTC)
SWAP = {"type": "event", "name": "Seed Swap", "startDate": "2026-10-24T10:00", "location": "Grange Hall, Visalia, CA"}
PAGES = {
    "overview": "/admin",
    "sources": "/admin/pages/sources",
    "source": "/admin/pages/sources/chamber",
    "held": "/admin/pages/sources/chamber/held/{held}",
    "matches": "/admin/pages/matches",
    "corrections": "/admin/pages/corrections",
    "event": "/admin/pages/events/{event}",
    "suggestions": "/admin/pages/suggestions",
    "letters": "/admin/pages/letters",
    "widgets": "/admin/pages/widgets",
    "widget": "/admin/pages/widgets/library-main",
    "missing": "/admin/pages/sources/nosuch",
}


@pytest.fixture
def held(changing_town: Store, hold_back: Callable[..., int], list_alike: Callable[[Store], None]) -> int:
    """The number of a run that was held back, in a town with work for its operator."""
    number = hold_back(changing_town)
    list_alike(changing_town)
    return number


def id_of(store: Store, uid: str = "Mixer") -> str:
    sql = "SELECT id FROM events JOIN listings USING (event) WHERE uid = ?"
    return str(store._look_up(lambda link: link.execute(sql, (uid,)).fetchone())[0])


async def sign_in(page: Page) -> None:
    await page.get_by_label("Token").fill(TOKEN)
    await page.get_by_role("button", name="Sign in").click()


@pytest.fixture
def busy_town(changing_town: Store, held: int) -> Store:
    """A town with work for its operator, who has done some; its held-back run is the third of all."""
    assert held == 3
    desk = Desk(token=TOKEN, settings=Settings(), store=changing_town, catalogs=(), now=lambda: NOW)
    desk.correct(id_of(changing_town), "name", "Summer Mixer", "they rang", "Ed", "2030-01-01")
    desk.hide(id_of(changing_town, "Gala"), "it is an advertisement", "Ed")
    for _ in range(2):
        changing_town.add_suggestion(read_suggestion(SWAP), NOW)
    desk.reject_suggestion("1", "it is told already")
    asked = {"query": {"near": "Visalia, CA", "limit": "4"}, "title": "Meet people"}
    gazetteer, settings = Gazetteer.open(), Settings()
    widget = read_widget("library-main", asked, (), now=NOW, settings=settings, gazetteer=gazetteer)
    desk.save_widget(widget)
    return changing_town


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("name", ["sign-in", *PAGES])
async def test_axe_finds_no_fault_and_nothing_is_wider_than_the_screen(
    name: str, width: int, busy_town: Store, serve: Callable[..., str], open_page: Open,
    find_faults: Callable[[Page], Awaitable[list[str]]], keep_picture: Callable[[Page, str], Awaitable[None]],
) -> None:  # fmt: skip
    page = await open_page(viewport={"width": width, "height": 800})
    address = serve(busy_town, admin_token=TOKEN, suggestions=True)
    await page.goto(address + PAGES.get(name, "/admin").format(held=3, event=id_of(busy_town)))
    if name != "sign-in":
        await sign_in(page)
        await expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)
        await keep_picture(page, f"admin-{name}-{scheme}-{width}")

        assert await find_faults(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth") <= width


async def test_a_held_back_run_is_looked_at_and_accepted_and_its_event_is_told(
    changing_town: Store, held: int, serve: Callable[..., str], open_page: Open
) -> None:
    page = await open_page(java_script_enabled=False, viewport={"width": 360, "height": 740})
    address = serve(changing_town, admin_token=TOKEN)
    await page.goto(f"{address}/?near=Visalia,+CA")
    await expect(page.get_by_role("link", name="Mixer")).to_have_count(1)
    await expect(page.get_by_role("link", name="Harvest Supper")).to_have_count(0)

    await page.goto(f"{address}/admin")
    await sign_in(page)
    await page.get_by_role("link", name="chamber").first.click()
    await expect(page.get_by_role("heading", level=2)).to_have_text(["Gone: 4", "Changed: 1", "New: 1"])
    await expect(page.get_by_role("table")).to_contain_text("Thu, Oct 8 2026, 18:00")
    await page.get_by_role("button", name="Accept").click()

    await expect(page.get_by_role("status")).to_have_text(f"chamber: accepted run {held}: 1 new, 1 changed, 4 not seen")
    # Another address: what a browser has of a search it may show for a minute.
    await page.goto(f"{address}/?near=Visalia,+CA&kind=chamber")
    await expect(page.get_by_role("link", name="Harvest Supper")).to_have_count(1)


async def test_a_pair_is_looked_at_side_by_side_and_joined(
    changing_town: Store, held: int, serve: Callable[..., str], open_page: Open
) -> None:
    page = await open_page()
    address = serve(changing_town, admin_token=TOKEN)
    await page.goto(f"{address}/admin/pages/matches")
    await sign_in(page)

    await expect(page.get_by_role("row", name="Name Harvest Walk Harvest Walk with the Elm Valley")).to_be_visible()
    await page.get_by_role("button", name="They are one").click()

    await expect(page.get_by_role("status")).to_have_text("joined; 2 events told otherwise now")
    await page.goto(f"{address}/?near=Visalia,+CA&when=next_7_days")
    await expect(page.get_by_role("link", name="Harvest Walk")).to_have_count(1)


async def test_an_event_is_hidden_by_its_pasted_address(
    changing_town: Store, held: int, serve: Callable[..., str], open_page: Open
) -> None:
    page = await open_page(java_script_enabled=False)
    address = serve(changing_town, admin_token=TOKEN)
    event = f"{address}/events/{id_of(changing_town)}"
    await page.goto(f"{address}/admin")
    await sign_in(page)

    await page.get_by_label("Address or id of an event").fill(event)
    await page.get_by_role("button", name="Correct or hide it").click()
    await page.get_by_label("Why", exact=True).fill("It is an advertisement")
    await page.get_by_role("button", name="Hide it").click()

    await expect(page.get_by_role("status")).to_contain_text("hidden, 1 listing")
    answer = await page.goto(event)
    assert answer is not None
    assert answer.status == 404


async def test_a_widget_is_seen_as_it_was_saved(
    changing_town: Store, serve: Callable[..., str], open_page: Open
) -> None:
    page = await open_page(java_script_enabled=False)
    await page.goto(f"{serve(changing_town, admin_token=TOKEN)}/admin/pages/widgets")
    await sign_in(page)
    await page.get_by_label("Name, such as").fill("library-main")
    await page.get_by_label("Its search").fill("near=Visalia,+CA")
    await page.get_by_role("button", name="Save it").click()

    preview = page.frame_locator("iframe")
    await expect(preview.get_by_role("link", name="Mixer")).to_be_visible()
    await page.get_by_label("Sources of which nothing is shown").fill("chamber")
    await page.get_by_role("button", name="Save it").click()

    await expect(preview.get_by_role("link", name="River Clean-up")).to_have_count(1)
    await expect(preview.get_by_role("link", name="Mixer")).to_have_count(0)


async def test_the_cookie_of_the_operator_goes_to_no_other_page(
    changing_town: Store, serve: Callable[..., str], open_page: Open
) -> None:
    page = await open_page()
    address = serve(changing_town, admin_token=TOKEN)
    await page.goto(f"{address}/admin")
    await sign_in(page)
    await expect(page.get_by_role("button", name="Sign out")).to_be_visible()

    (cookie,) = await page.context.cookies()
    seen = await page.evaluate("document.cookie")
    await page.get_by_role("button", name="Sign out").click()

    assert (cookie["path"], cookie["httpOnly"], cookie["sameSite"], seen) == ("/admin", True, "Strict", "")
    await expect(page.get_by_label("Token")).to_be_visible()
    assert await page.context.cookies() == []
