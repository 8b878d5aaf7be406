"""Nothing that a source says runs in a widget, although no policy of the page would stop it."""

import importlib.util
import os
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Page, expect

from aggregator.event import Event, Kind, Offer, Place, PostalAddress
from aggregator.store.store import Store

KIT = Path(os.environ.get("HOBNOB_SHARED", Path(__file__).parents[4] / "shared")) / "hostile" / "hostile_inputs.py"
pytestmark = [pytest.mark.anyio, pytest.mark.skipif(not KIT.exists(), reason="needs HOBNOB_SHARED/hostile")]

CANARY = "http://canary.example:9"
START = datetime(2026, 10, 8, 9, tzinfo=ZoneInfo("America/Los_Angeles"))


def payloads() -> list[str]:
    spec = importlib.util.spec_from_file_location("hostile_inputs", KIT)
    assert spec
    assert spec.loader
    kit = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(kit)
    return [text.replace("CANARY", CANARY) for text in kit.XSS]


def hostile(number: int, text: str) -> Event:
    """The text wherever a source can put one; each link is one that would run."""
    return Event(
        uid=str(number),
        source="chamber",
        name=f"Payload {number} {text}",
        description=text,
        start_date=START + timedelta(minutes=number),
        end_date=START + timedelta(minutes=number + 30),
        time_zone="America/Los_Angeles",
        url=("javascript:alert(1)", "JaVa\tScRiPt:alert(2)", "data:text/html,<script>alert(3)</script>")[number % 3],
        location=Place(name=text, address=PostalAddress(address_locality=text)),
        offers=(Offer(description=text),),
    )


@pytest.fixture
def poisoned_town(changing_town: Store, add: Callable[..., None]) -> Store:
    add(changing_town, Kind.CHAMBER, tuple(hostile(number, text) for number, text in enumerate(payloads())))
    return changing_town


@pytest.mark.parametrize("layout", ["list", "compact", "calendar", "frame"])
async def test_no_payload_opens_a_dialog_or_asks_the_canary(
    poisoned_town: Store,
    serve: Callable[..., str],
    open_page: Callable[..., Awaitable[Page]],
    web_site: Any,
    new_reply: Any,
    layout: str,
) -> None:
    base = serve(poisoned_town, host="hobnob.example")
    asked = "near=anywhere&amp;q=payload&amp;limit=50"
    widget = f'<hobnob-events near="anywhere" q="payload" limit="50" layout="{layout}"></hobnob-events>'
    body = f'<iframe src="{base}/embed?{asked}" width="900"></iframe>' if layout == "frame" else widget
    page_of_host = f'<!doctype html><script type="module" src="{base}/widget.js"></script>{body}'
    web_site.pages["library.example/"] = new_reply(page_of_host.encode(), headers={"Content-Type": "text/html"})
    page = await open_page(bypass_csp=True, viewport={"width": 1280, "height": 900})
    dialogs: list[str] = []
    canary: list[str] = []

    async def dismiss(dialog: Any) -> None:
        dialogs.append(dialog.message)
        await dialog.dismiss()

    page.on("dialog", dismiss)
    page.context.on("request", lambda request: canary.append(request.url) if "canary" in request.url else None)
    await page.goto(f"http://library.example:{web_site.port}/")
    shown = page.frame_locator("iframe").locator("li a") if layout == "frame" else page.locator("[part=name]:visible")
    await expect(shown).to_have_count(16)
    links = await shown.evaluate_all("links => links.map((link) => link.protocol + link.host)")

    assert (dialogs, canary) == ([], [])
    assert set(links) == {base.replace("//", "")}
    assert "<script>alert('XSS1')</script>" in await shown.first.inner_text()


async def test_a_dialog_and_a_request_would_have_been_seen(
    open_page: Callable[..., Awaitable[Page]], web_site: Any, new_reply: Any
) -> None:
    text = "".join(payloads()).encode()
    web_site.pages["library.example/"] = new_reply(text, headers={"Content-Type": "text/html"})
    page = await open_page(bypass_csp=True)
    dialogs: list[str] = []
    canary: list[str] = []

    async def dismiss(dialog: Any) -> None:
        dialogs.append(dialog.message)
        await dialog.dismiss()

    page.on("dialog", dismiss)
    page.context.on("request", lambda request: canary.append(request.url) if "canary" in request.url else None)
    await page.goto(f"http://library.example:{web_site.port}/", wait_until="commit")
    await page.wait_for_timeout(500)

    assert dialogs
    assert canary
