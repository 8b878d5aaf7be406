"""The pages of subscribing in a real Chromium: found faults, small screens, no script, and nothing from elsewhere."""

from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.async_api import Page, Request, expect

from aggregator.store.mailing import CONFIRMATION, Consent, Settled, Stage, State, Wish, open_mailing
from aggregator.store.mailing.mailing import Mailing
from aggregator.store.store import Store
from api.digest.period import next_send, period_of

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 10, 7, 18, 30, 20, tzinfo=UTC)
ADDRESS = "joe.doe@mail.example"
QUERY = "days=30&kind=chamber&near=Visalia%2C+CA&weekday=thu%2Ctue&within=15mi"
FORM = "/subscribe?near=Visalia,+CA&within=15mi&kind=chamber&weekday=thu,tue"
LETTERS = {
    "mail_from": "Visalia events <digest@operator.example>",
    "postal_address": "P.O. Box 1, Visalia",
    "smtp_url": "smtp://127.0.0.1:1",
}
PAGES = {"form": FORM, "confirm": "/subscribe/confirm/asked", "manage": "/subscribe/manage/letter",
         "stop": "/subscribe/stop/letter", "gone": "/subscribe/confirm/nosuch"}  # fmt: skip


@pytest.fixture
def mailing(changing_town: Store, tmp_path: Path) -> Iterator[Mailing]:
    """One subscriber got a letter whose links end in `letter`; another is asked by one whose link ends in `asked`."""
    with open_mailing(str(tmp_path / "hobnob.db")) as opened:
        _ask(opened, ADDRESS)
        _deliver(opened, "first", NOW)
        opened.confirm("first", NOW, lambda _: NOW)
        _deliver(opened, "letter", NOW)
        _ask(opened, "jane@mail.example")
        _deliver(opened, "asked", NOW)
        yield opened


def _ask(mailing: Mailing, address: str) -> None:
    wish = Wish(address=address, query=QUERY, weekday=1, hour=18, zone="America/Los_Angeles", most=25)
    consent = Consent(words="yes", at=NOW, channel="page")
    mailing.ask(wish, consent, mailbox=address, sender="192.0.2.1", now=NOW)


def _deliver(mailing: Mailing, token: str, now: datetime) -> None:
    mailing.queue_due(now, lambda wish: next_send(wish, now), period_of)
    (delivery,) = mailing.claim(now, limit=9)
    life = timedelta(days=7 if delivery.period == CONFIRMATION else 400)
    assert mailing.dot(delivery, sent="[]", token=token, expires_at=now + life, now=now)
    mailing.settle(Settled(delivery=delivery, stage=Stage.SENT), now)


@pytest.fixture
def address(changing_town: Store, mailing: Mailing, serve: Callable[..., str]) -> str:
    return serve(changing_town, mailing=mailing, **LETTERS)


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("name", PAGES)
async def test_axe_finds_no_fault_and_nothing_is_wider_than_the_screen_or_from_elsewhere(
    name: str, language: str, width: int, address: str, open_page: Callable[..., Awaitable[Page]],
    find_faults: Callable[[Page], Awaitable[list[str]]], keep_picture: Callable[[Page, str], Awaitable[None]],
) -> None:  # fmt: skip
    page = await open_page(viewport={"width": width, "height": 800}, locale=language)
    asked: list[Request] = []

    def note(request: Request) -> None:
        asked.append(request)

    page.on("request", note)
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)
        await page.goto(address + PAGES[name])
        await keep_picture(page, f"letter-{name}-{language}-{scheme}-{width}")

        assert await find_faults(page) == []
        assert await page.evaluate("document.documentElement.lang") == language
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    assert {one.url.removeprefix(address).split("/")[1].partition("?")[0] for one in asked} == {"subscribe", "static"}
    assert not [one.url for one in asked if (await one.all_headers()).get("referer")]


async def test_one_subscribes_and_says_yes_and_stops_without_scripts(
    address: str, mailing: Mailing, open_page: Callable[..., Awaitable[Page]]
) -> None:
    page = await open_page(java_script_enabled=False)
    await page.goto(address + FORM)
    await page.get_by_label("Your e-mail address").fill("new@mail.example")
    await page.get_by_label("Day").select_option("Friday")
    await page.get_by_label("Hour").select_option("6:00 pm")
    await page.get_by_label("Events at most").fill("5")
    await page.get_by_role("button", name="Subscribe").click()

    await expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mail")
    _deliver(mailing, "new", NOW)
    await page.goto(f"{address}/subscribe/confirm/new")
    await expect(page.locator("main")).to_contain_text("A letter every Friday at 6:00 pm, America/Los_Angeles")
    await page.get_by_role("button", name="Yes, send it").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Done")
    (one,) = mailing.of_address("new@mail.example")
    assert (one.state, one.wish.weekday, one.wish.hour, one.wish.most) == (State.CONFIRMED, 4, 18, 5)

    await page.goto(f"{address}/subscribe/manage/letter")
    await page.get_by_role("button", name="Stop this letter").click()
    await expect(page.locator("main")).to_contain_text("Stopped: no letter comes.")
    assert mailing.of_address(ADDRESS)[0].state is State.UNSUBSCRIBED
