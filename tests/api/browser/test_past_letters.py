"""Published letters in a real Chromium: faults, small screens, and nothing that a source says is run or loaded."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest
from playwright.async_api import Page

from aggregator.store.store import Store
from api.digest.archive import keep_printed
from api.digest.choose import Heading
from api.digest.letter import Letter, Line, Section
from api.digest.printed import Printed

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 10, 7, 18, 30, 20, tzinfo=UTC)
TITLE = "Events near Visalia, CA"
NAMES = ("Business mixer at the old mill", "Coffee with the chamber", "River clean-up")
CANARY = "http://canary.example"
PAYLOADS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(2)>",
    f"<img src={CANARY}/pixel.gif>",
    "<svg/onload=alert(3)>",
    f"<base href='{CANARY}/'><meta http-equiv=refresh content='0;url={CANARY}/away'>",
    "</title></textarea></style><iframe srcdoc='<script>parent.alert(4)</script>'></iframe>",
)


def publish(store: Store, name: str, names: tuple[str, ...], url: str, note: str, by: str) -> None:
    lines = tuple(
        Line(
            name=one, url=url, calendar_url=None, when="Thu 8 Oct 2026, 7:00 pm", organizer=by,
            where="Main Street Hall, 1 Main St, Visalia", visitors="Visitors are welcome", cost="Cost: not said",
        )
        for one in names
    )  # fmt: skip
    sections = (
        Section(heading=Heading.PINNED, lines=lines[:1]),
        Section(heading=Heading.WEEK, lines=lines[1:]),
    )
    letter = Letter(title=TITLE, subject=TITLE, sections=sections, more=4, sent=())
    store.publish(keep_printed(name, Printed(letter=letter, note=note, search_url=f"{url}/?near=Visalia", at=NOW)))


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("path", ["/letters", "/letters/week-41", "/letters/nosuch"])
async def test_axe_finds_no_fault_and_nothing_is_wider_than_the_screen(
    path: str, language: str, changing_town: Store, serve: Callable[..., str],
    open_page: Callable[..., Awaitable[Page]], find_faults: Callable[[Page], Awaitable[list[str]]],
    keep_picture: Callable[[Page, str], Awaitable[None]],
) -> None:  # fmt: skip
    note = "Good morning, Visalia! The mill has opened again after the flood; the first cup is on the house."
    publish(changing_town, "week-41", NAMES, "https://chamber.example", note, "Elm Valley Chamber")
    address = serve(changing_town, place="Visalia, CA")
    page = await open_page(viewport={"width": 360, "height": 800}, locale=language)

    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)
        await page.goto(address + path)
        await keep_picture(page, f"past-{path.rpartition('/')[2]}-{language}-{scheme}-360")

        assert await find_faults(page) == []
        assert await page.evaluate("document.documentElement.lang") == language
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360
    await page.set_viewport_size({"width": 1280, "height": 800})
    await page.emulate_media(color_scheme="light")
    await keep_picture(page, f"past-{path.rpartition('/')[2]}-{language}-light-1280")


async def test_nothing_that_a_source_or_an_editor_wrote_is_run_or_loaded_even_without_a_policy(
    changing_town: Store, serve: Callable[..., str], open_page: Callable[..., Awaitable[Page]]
) -> None:
    publish(changing_town, "hostile", PAYLOADS, "javascript:alert(5)", "\n\n".join(PAYLOADS), PAYLOADS[1])
    address = serve(changing_town, place="Visalia, CA")
    page = await open_page(bypass_csp=True)
    dialogs, strangers = [], []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    page.on("request", lambda asked: None if asked.url.startswith(address) else strangers.append(asked.url))

    for path in ("/letters", "/letters/hostile"):
        await page.goto(address + path)
        for link in await page.locator("a[href]").all():
            assert (await link.get_attribute("href") or "").startswith(("/", "#", "http://", "https://"))

    assert await page.get_by_role("heading", level=3).all_text_contents() == list(PAYLOADS)
    assert (dialogs, strangers) == ([], [])
