"""Takes the pictures of docs/pages.md: `tools/pictures.py http://127.0.0.1:8000`, while `hobnob demo` answers there."""

import asyncio
import json
import shutil
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import urlopen

from playwright.async_api import Browser, async_playwright

FOLDER = Path(__file__).parent.parent / "docs" / "pictures"
HEIGHT = 860
PAGES = {
    "events": ("/?near=Visalia,+CA&when=next_7_days", 1040, "light"),
    "phone": ("/?near=Visalia,+CA&when=next_7_days", 390, "dark"),
    "month": ("/?near=Visalia,+CA&view=month&start={month}", 1040, "light"),
    "map": ("/?near=Visalia,+CA&view=map&when=next_7_days", 1040, "light"),
    "event": ("/events/{event}", 1040, "light"),
    "groups": ("/groups?near=Visalia,+CA", 1040, "light"),
    "group": ("/groups/{group}?lang=es", 1040, "light"),
    "plan": ("/plan?near=Visalia,+CA&budget=30&free=tue.evening,wed.lunch,thu.evening,sat.morning", 1040, "light"),
    "sources": ("/sources", 1040, "light"),
    "about": ("/about", 1040, "light"),
    "suggest": ("/suggest", 1040, "light"),
}


def first_id(address: str, asked: str) -> str:
    """Of what the API answers first."""
    with urlopen(f"{address}/v1/{asked}") as answer:
        return str(json.load(answer)["items"][0]["id"])


async def take(browser: Browser, address: str, name: str, ids: dict[str, str]) -> None:
    path, width, scheme = PAGES[name]
    page = await browser.new_page(
        viewport={"width": width, "height": HEIGHT}, color_scheme=scheme, timezone_id="America/Los_Angeles"
    )
    answer = await page.goto(address + path.format(**ids), wait_until="networkidle")
    if answer is None or not answer.ok:
        raise SystemExit(f"{name}: no picture of {path}: {answer and answer.status}")
    if name in ("phone", "month", "map", "plan"):
        await page.evaluate("scrollTo(0, document.querySelector('.results').offsetTop - 20)")
    await page.screenshot(path=FOLDER / f"{name}.png")
    await page.close()


async def main(address: str) -> None:
    FOLDER.mkdir(exist_ok=True)
    ids = {
        "event": first_id(address, "events?near=Visalia,+CA&q=Good+Morning"),
        "month": str(datetime.now(UTC).date().replace(day=1) + timedelta(days=32)),
        "group": first_id(address, "groups?near=Visalia,+CA"),
    }
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name in PAGES:
            await take(browser, address, name, ids)
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
