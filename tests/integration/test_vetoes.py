"""A veto holds in every run, and what it kept away comes back when it is lifted."""

from collections.abc import Callable
from typing import Any

import pytest

from aggregator.source import Source

pytestmark = pytest.mark.anyio

URL = "chamber.example/events.ics"


async def test_a_veto_holds_whatever_is_collected_and_ends_with_its_lifting(
    collector: Any, web_site: Any, a_source: Callable[..., Source], calendar: Any
) -> None:
    chamber = a_source("chamber", organizer="Elm Chamber")
    web_site.pages[URL] = calendar(0, 1, 2)
    await collector.run(chamber)

    assert collector.store.veto("Elm Chamber", "asked", collector.clock()) == 3
    kept_away = await collector.run(chamber, hours=6)
    assert (kept_away.kept, [r.reason for r in kept_away.rejected]) == (0, ["a veto: it is not to be told"] * 3)
    assert collector.told() == {}

    collector.store.lift_veto("Elm Chamber")
    back = await collector.run(chamber, hours=6)
    assert (back.new, collector.told().keys()) == (3, {"0", "1", "2"})
