"""The widget in an <iframe> of another site, with and without JavaScript."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Page, expect

from aggregator.store.store import Store

pytestmark = pytest.mark.anyio

PAGE = """<!doctype html><html lang="en"><title>Library</title><link rel="icon" href="data:,">
<script type="module" src="{base}/embed.js"></script>
<h1>Library</h1><iframe src="{base}/embed?near=Visalia,+CA&amp;days=30&amp;{more}" title="Events near Visalia"
width="100%" height="200" style="border: 0"></iframe></html>"""

Show = Callable[..., Awaitable[Page]]


@pytest.fixture
async def show(
    town: Store, serve: Callable[..., str], open_page: Callable[..., Awaitable[Page]], web_site: Any, new_reply: Any
) -> Show:
    async def open_it(more: str = "", **given: Any) -> Page:
        base = serve(town, host="hobnob.example")
        headers = {
            "Content-Type": "text/html; charset=utf-8",
            "Content-Security-Policy": f"default-src 'none'; script-src {base}; frame-src {base}; "
            "style-src 'unsafe-inline'; img-src data:",
        }
        web_site.pages["library.example/"] = new_reply(PAGE.format(base=base, more=more).encode(), headers=headers)
        page = await open_page(**given)
        await page.goto(f"http://library.example:{web_site.port}/")
        return page

    return open_it


@pytest.mark.parametrize("width", [360, 1280])
async def test_the_frame_becomes_as_tall_as_what_is_in_it_and_again_when_that_changes(
    show: Show, keep_picture: Callable[[Page, str], Awaitable[None]], width: int
) -> None:
    page = await show(viewport={"width": width, "height": 900})
    is_whole = """() => { const frame = document.querySelector("iframe"); return frame.clientHeight > 700; }"""
    await page.wait_for_function(is_whole)
    inside = page.frames[1]
    await keep_picture(page, f"widget-frame-{width}")

    async def heights() -> tuple[int, int]:
        told = await inside.evaluate("Math.ceil(document.body.getBoundingClientRect().height)")
        return told, await page.locator("iframe").evaluate("frame => frame.clientHeight")

    told, given = await heights()
    assert told == given
    await inside.evaluate("document.querySelectorAll('ul').forEach((list) => list.remove())")
    await page.wait_for_function("() => document.querySelector('iframe').clientHeight < 700")
    told, given = await heights()
    assert told == given


async def test_a_height_that_somebody_else_tells_is_not_believed(show: Show) -> None:
    page = await show()
    await page.wait_for_function("() => document.querySelector('iframe').clientHeight > 700")
    before = await page.locator("iframe").evaluate("frame => frame.clientHeight")

    await page.evaluate("new Promise((done) => { postMessage({ hobnobHeight: 9000 }, '*'); setTimeout(done, 50) })")

    assert await page.locator("iframe").evaluate("frame => frame.clientHeight") == before


async def test_it_works_without_javascript(show: Show) -> None:
    page = await show(java_script_enabled=False)

    frame = page.frame_locator("iframe")
    await expect(frame.get_by_role("link", name="Mixer")).to_be_visible()
    await expect(frame.get_by_text("Times are those of the place: PDT, PST.")).to_be_visible()
    await expect(frame.get_by_role("link", name="Mixer")).to_have_attribute("href", re.compile(r"/events/\w+$"))


@pytest.mark.parametrize("layout", ["list", "compact"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_no_fault(
    town: Store,
    serve: Callable[..., str],
    open_page: Callable[..., Awaitable[Page]],
    find_faults: Callable[[Page], Awaitable[list[str]]],
    keep_picture: Callable[[Page, str], Awaitable[None]],
    scheme: str,
    layout: str,
) -> None:
    page = await open_page(bypass_csp=True, color_scheme=scheme, viewport={"width": 768, "height": 800})

    await page.goto(f"{serve(town)}/embed?near=Visalia,+CA&days=30&layout={layout}")

    await keep_picture(page, f"widget-embed-{layout}-{scheme}")
    assert await find_faults(page) == []


async def test_its_own_policy_lets_its_style_and_module_run_and_nothing_else(
    town: Store, serve: Callable[..., str], open_page: Callable[..., Awaitable[Page]]
) -> None:
    page = await open_page()
    wrong: list[str] = []
    page.on("console", lambda told: wrong.append(told.text) if "favicon" not in told.location["url"] else None)

    await page.goto(f"{serve(town)}/embed?near=Visalia,+CA&days=30")

    assert await page.locator("body").evaluate("body => getComputedStyle(body).lineHeight") == "24px"
    assert wrong == []
