"""The pictures of the documents: of pages only, never of an error."""

import runpy
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.async_api import Browser

from aggregator.store.store import Store

pytestmark = pytest.mark.anyio
TOOL = Path(__file__).parents[3] / "tools" / "pictures.py"


def names_in(folder: Path) -> list[str]:
    return [one.name for one in folder.iterdir()]


async def test_a_page_that_cannot_be_shown_gives_no_picture(
    town: Store, serve: Callable[..., str], browser: Browser, tmp_path: Path
) -> None:
    take = runpy.run_path(str(TOOL))["take"]
    take.__globals__["FOLDER"] = tmp_path
    address = serve(town)

    with pytest.raises(SystemExit, match="404"):
        await take(browser, f"{address}/nosuch", "events", {})
    assert names_in(tmp_path) == []

    await take(browser, address, "events", {})
    assert names_in(tmp_path) == ["events.png"]
