"""The API's own pages for people, as a browser shows them."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Page

from aggregator.store.store import Store


@pytest.mark.anyio
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["docs"])
async def test_axe_finds_no_fault_and_nothing_is_wider_than_a_small_screen(
    path: str,
    scheme: str,
    town: Store,
    serve: Callable[..., str],
    open_page: Callable[..., Awaitable[Page]],
    find_faults: Callable[[Page], Awaitable[list[str]]],
    keep_picture: Callable[[Page, str], Awaitable[None]],
) -> None:
    page = await open_page(viewport={"width": 320, "height": 740}, color_scheme=scheme)

    await page.goto(f"{serve(town)}/{path}")

    await keep_picture(page, f"{path}-{scheme}-320")
    assert await find_faults(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth") <= 320
