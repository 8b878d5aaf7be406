"""Suggesting by a page: on a small screen, in the dark, and with scripts off."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Page, expect

from aggregator.store.store import Store

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("width", [360, 1280])
async def test_axe_finds_no_fault_in_the_form_and_in_what_comes_back(
    width: int, town: Store, serve: Callable[..., str], open_page: Callable[..., Awaitable[Page]],
    find_faults: Callable[[Page], Awaitable[list[str]]], keep_picture: Callable[[Page, str], Awaitable[None]],
) -> None:  # fmt: skip
    page = await open_page(viewport={"width": width, "height": 800})
    address = serve(town, suggestions=True)
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)
        await page.goto(f"{address}/suggest")
        assert await find_faults(page) == []
        await page.get_by_label("Name").fill("Seed Swap")
        await page.get_by_label("Begins").fill("some day")
        await page.get_by_label("Where: venue").fill("Grange Hall, Visalia, CA")
        await page.get_by_role("button", name="Send").click()
        await expect(page.locator("#startDate-fault")).to_be_visible()
        await keep_picture(page, f"suggest-{scheme}-{width}")
        assert await find_faults(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth") <= width


async def test_an_event_is_suggested_without_scripts(
    town: Store, serve: Callable[..., str], open_page: Callable[..., Awaitable[Page]]
) -> None:
    page = await open_page(java_script_enabled=False)

    await page.goto(serve(town, suggestions=True, place="Visalia, CA"))
    await page.get_by_role("link", name="Something is missing?").click()
    await page.get_by_label("Name").fill("Seed Swap")
    await page.get_by_label("Begins").fill("Oct 24, 10 am")
    await page.get_by_label("Where: venue").fill("Grange Hall, Visalia, CA")
    await page.get_by_role("button", name="Send").click()

    await expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
