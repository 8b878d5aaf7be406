"""A real Chromium against a real server on loopback, whose store is a small town and whose clock stands still."""

import os
import shutil
import socket
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, async_playwright

from aggregator.place.gazetteer import Gazetteer
from aggregator.settings import Settings
from aggregator.store.mailing.mailing import Mailing
from aggregator.store.store import Store
from aggregator.suggest import Suggestion
from api.app import create_app
from api.cli.operator import Desk

NOW = datetime(2026, 10, 7, 18, 30, 20, tzinfo=UTC)
"""A Wednesday, 11:30 in Visalia; the clock of the town in tests/api."""
PICTURES = Path(__file__).parents[3] / "build" / "pictures"
"""Where pictures are kept for people to look at; git ignores it."""
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP *.example 127.0.0.1",
)  # fmt: skip


class Box:
    """An Inbox that keeps what is sent to it."""

    def __init__(self) -> None:
        self.suggested: list[Suggestion] = []

    def suggest(self, suggestion: Suggestion, now: datetime) -> int:  # noqa: ARG002
        self.suggested.append(suggestion)
        return len(self.suggested)

    def confirm(self, token_hash: str, now: datetime) -> bool:
        raise NotImplementedError


@contextmanager
def serving(
    store: Store, gazetteer: Gazetteer, host: str, mailing: Mailing | None = None, **given: Any
) -> Iterator[str]:
    """The whole app on a port of its own; `public_url` is its address unless it is given, and with an `admin_token` it
    has an operator, whose catalogue is empty.
    """
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"http://{host}:{listening.getsockname()[1]}"
        settings = Settings(**{"public_url": address, **given})
        token = settings.admin_token
        desk = Desk(token=token, settings=settings, store=store, catalogs=(), now=lambda: NOW) if token else None
        inbox = Box() if settings.suggestions else None
        app = create_app(store, settings, gazetteer, now=lambda: NOW, operator=desk, inbox=inbox, mailing=mailing)
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield address
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture
def serve(gazetteer: Gazetteer) -> Iterator[Callable[..., str]]:
    """`serve(store, place="Visalia, CA")`: a server with these settings, until the test is over."""
    with ExitStack() as stack:
        yield lambda store, host="127.0.0.1", **given: stack.enter_context(serving(store, gazetteer, host, **given))


def find_chromium() -> str | None:
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture(scope="session")
async def browser(anyio_backend: str) -> AsyncIterator[Browser]:
    path = find_chromium()
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium is missing: `apt-get install chromium`")
        pytest.skip("there is no Chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        await browser.close()


@pytest.fixture
async def open_page(browser: Browser) -> AsyncIterator[Callable[..., Awaitable[Page]]]:
    """A new page of a new visitor, with the words of Playwright's `new_context`; what a page throws fails the test."""
    wrong: list[str] = []
    async with AsyncExitStack() as stack:

        async def open_one(**more: Any) -> Page:
            context = await browser.new_context(**{"timezone_id": "America/Los_Angeles", **more})
            stack.push_async_callback(context.close)
            page = await context.new_page()
            await page.clock.set_fixed_time(NOW)
            page.on("pageerror", lambda error: wrong.append(str(error)))
            return page

        yield open_one
    assert wrong == []


@pytest.fixture
def find_faults() -> Callable[[Page], Awaitable[list[str]]]:
    """What axe-core finds wrong with a page, a line each."""

    async def find(page: Page) -> list[str]:
        found = await Axe().run(page)
        return [f"{fault['id']}: {node['html']}" for fault in found.response["violations"] for node in fault["nodes"]]

    return find


@pytest.fixture
def keep_picture() -> Callable[[Page, str], Awaitable[None]]:
    """Keeps the whole page under this name."""

    async def keep(page: Page, name: str) -> None:
        PICTURES.mkdir(parents=True, exist_ok=True)
        await page.screenshot(path=PICTURES / f"{name}.png", full_page=True)

    return keep
