"""The pages in a real Chromium: found faults, small screens, no script, and what a script adds."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Page, expect

from aggregator.event import Kind
from aggregator.store.store import Store

pytestmark = pytest.mark.anyio

Open = Callable[..., Awaitable[Page]]
WIDTHS = (360, 768, 1280)
NOW = datetime(2026, 10, 7, 18, 30, 20, tzinfo=UTC)
SEARCH = "/?near=Visalia,+CA&within=15mi"
PAGES = {
    "start": "/",
    "events": SEARCH,
    "empty": f"{SEARCH}&kind=civic",
    "fault": "/?near=Springfield",
    "spanish": f"{SEARCH}&lang=es",
    "missing": "/nosuch",
    "event": "/events/{event}",
    "groups": "/groups?near=Visalia,+CA",
    "plan": "/plan?near=Visalia,+CA&free=thu&free=fri.lunch",
    "sources": "/sources",
    "about": "/about",
    "month": f"{SEARCH}&view=month",
    "map": f"{SEARCH}&view=map",
}


def mixer_of(town: Store) -> str:
    sql = "SELECT id FROM events JOIN listings USING (event) WHERE uid = 'Mixer'"
    return str(town._look_up(lambda link: link.execute(sql).fetchone())[0])


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
async def test_axe_finds_no_fault_and_nothing_is_wider_than_the_screen(
    name: str, width: int, town: Store, serve: Callable[..., str], open_page: Open,
    find_faults: Callable[[Page], Awaitable[list[str]]], keep_picture: Callable[[Page, str], Awaitable[None]],
) -> None:  # fmt: skip
    page = await open_page(viewport={"width": width, "height": 800})
    address = serve(town)
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)
        await page.goto(address + PAGES[name].format(event=mixer_of(town)))
        await keep_picture(page, f"{name}-{scheme}-{width}")

        assert await find_faults(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", WIDTHS)
async def test_axe_finds_no_fault_in_a_group(
    width: int, changing_town: Store, add: Callable[..., None], serve: Callable[..., str], open_page: Open,
    find_faults: Callable[[Page], Awaitable[list[str]]], keep_picture: Callable[[Page, str], Awaitable[None]],
) -> None:  # fmt: skip
    mixer = next(one.event for one in changing_town.stored_listings("chamber").values() if one.event.name == "Mixer")
    weeks = [timedelta(weeks=week) for week in (-3, -2, -1, 1)]
    dates = [replace(mixer, uid=f"{week}", start_date=mixer.start_date + week, end_date=None) for week in weeks]
    add(changing_town, Kind.CHAMBER, tuple(dates))
    assert changing_town.regroup("chamber", NOW)
    (kept, *_) = changing_town.groups("chamber")
    page = await open_page(viewport={"width": width, "height": 800})
    address = serve(changing_town)
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)
        await page.goto(f"{address}/groups/{kept.group.id}")
        await keep_picture(page, f"group-{scheme}-{width}")

        assert await find_faults(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth") <= width


async def test_searching_by_town_and_filters_leaves_a_short_address(
    town: Store, serve: Callable[..., str], open_page: Open
) -> None:
    page = await open_page()
    address = serve(town)
    await page.goto(address)

    await page.get_by_label("Where", exact=True).fill("Visalia, CA")
    await page.get_by_label("Who invites").select_option("chamber")
    await page.get_by_role("button", name="Find events").click()

    await expect(page.get_by_role("heading", level=1)).to_have_text("Events near Visalia, CA")
    assert page.url == f"{address}/?near=Visalia%2C+CA&within=15mi&kind=chamber"
    assert await page.locator(".card").count() == 5


async def test_searching_by_postcode_works_without_scripts(
    town: Store, serve: Callable[..., str], open_page: Open
) -> None:
    page = await open_page(java_script_enabled=False)
    await page.goto(serve(town))

    await page.get_by_label("Where", exact=True).fill("93291")
    await page.get_by_role("button", name="Find events").click()

    await expect(page.get_by_role("heading", level=1)).to_have_text("Events near Visalia, CA")
    await page.get_by_role("link", name="Mixer", exact=True).first.click()
    assert "/events/" in page.url


async def test_near_me_asks_about_where_the_browser_is(town: Store, serve: Callable[..., str], open_page: Open) -> None:
    here = {"latitude": 36.33021, "longitude": -119.29209}
    page = await open_page(geolocation=here, permissions=["geolocation"])
    await page.goto(serve(town))

    await page.get_by_role("button", name="Near me").click()

    await expect(page.get_by_role("heading", level=1)).to_have_text("Events near you")
    assert "near=36.330%2C-119.292" in page.url
    assert await page.locator(".card").count() > 5


async def test_a_browser_that_does_not_say_where_it_is_says_so(
    town: Store, serve: Callable[..., str], open_page: Open
) -> None:
    page = await open_page(permissions=[])
    await page.goto(serve(town))

    await page.get_by_role("button", name="Near me").click()

    await expect(page.get_by_role("status")).to_have_text(
        "Your browser did not say where you are. Type a town instead."
    )


async def test_an_ambiguous_town_is_chosen_by_a_click(town: Store, serve: Callable[..., str], open_page: Open) -> None:
    page = await open_page()
    await page.goto(f"{serve(town)}/?near=Springfield&within=10mi")

    await page.get_by_role("link", name="Springfield, IL").click()

    await expect(page.get_by_role("heading", level=1)).to_have_text("Events near Springfield, IL")
    assert "within=10mi" in page.url


async def test_a_point_on_the_map_leads_to_its_event(town: Store, serve: Callable[..., str], open_page: Open) -> None:
    page = await open_page(viewport={"width": 768, "height": 900})
    strangers: list[str] = []
    address = serve(town)
    page.on("request", lambda asked: None if asked.url.startswith(address) else strangers.append(asked.url))
    await page.goto(f"{address}/?near=Fresno,+CA&within=15mi&view=map")

    await page.locator(".map-point.about").press("Enter")
    await expect(page.locator(".map-popup")).to_contain_text("Drawn in the middle of its town or postcode")
    await page.locator(".map-popup").get_by_role("link", name="Food Bank").click()

    await expect(page.get_by_role("heading", level=1)).to_have_text("Food Bank")
    assert strangers == []


async def test_points_that_lie_on_each_other_open_by_keyboard(
    town: Store, serve: Callable[..., str], open_page: Open
) -> None:
    page = await open_page()
    await page.goto(f"{serve(town)}{SEARCH}&view=map")

    await page.locator(".map-cluster").press("Enter")

    await expect(page.locator(".map-point")).to_have_count(10)


async def test_one_turns_the_month_and_opens_an_event(town: Store, serve: Callable[..., str], open_page: Open) -> None:
    page = await open_page(java_script_enabled=False)
    await page.goto(f"{serve(town)}{SEARCH}&view=month")

    await page.get_by_role("link", name="November 2026").click()
    await expect(page.get_by_role("heading", level=2).first).to_have_text("November 2026")
    await page.get_by_role("link", name="Weekly Sort").click()

    await expect(page.locator(".moment")).to_contain_text("Tuesday, November 3, 2026")


async def test_who_looks_from_another_zone_is_told_whose_times_these_are(
    town: Store, serve: Callable[..., str], open_page: Open
) -> None:
    address = serve(town)
    home = await open_page()
    abroad = await open_page(timezone_id="Europe/Berlin")
    for page in (home, abroad):
        await page.goto(address + SEARCH)

    note = "Times are those of the place (America/Los Angeles), not of where you are."
    await expect(abroad.locator("#zone-note")).to_have_text(note)
    await expect(home.locator("#zone-note")).to_be_hidden()


async def test_known_places_are_offered_while_one_types(
    town: Store, serve: Callable[..., str], open_page: Open
) -> None:
    page = await open_page()
    await page.goto(serve(town))

    await page.get_by_label("Where", exact=True).press_sequentially("visal", delay=1)

    await expect(page.locator("#places option").first).to_have_attribute("value", "Visalia, CA")


async def test_the_keyboard_reaches_the_content_at_once(
    town: Store, serve: Callable[..., str], open_page: Open
) -> None:
    page = await open_page()
    await page.goto(serve(town) + SEARCH)

    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")

    assert await page.evaluate("document.activeElement.id") == "main"


async def test_a_full_week_is_printed_on_one_sheet(
    changing_town: Store, add: Callable[..., None], serve: Callable[..., str], open_page: Open
) -> None:
    mixer = next(one.event for one in changing_town.stored_listings("chamber").values() if one.event.name == "Mixer")
    dates = [mixer.start_date + timedelta(days=number % 6, hours=number % 9) for number in range(30)]
    week = (
        replace(
            mixer, uid=str(n), name=f"Mixer number {n} of the week", start_date=at, end_date=at + timedelta(hours=1)
        )
        for n, at in enumerate(dates)
    )
    add(changing_town, Kind.CHAMBER, tuple(week))
    page = await open_page()
    await page.goto(f"{serve(changing_town)}{SEARCH}&when=next_7_days")
    assert await page.locator(".card").count() > 30

    sheet = await page.pdf(format="Letter")

    assert sheet.count(b"/Type /Page\n") == 1
    await page.emulate_media(media="print")
    await expect(page.get_by_role("search")).to_be_hidden()
