"""Stretches of work, told to whoever watches."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from aggregator.trace import Span, span, watched_by


class Watcher:
    """Notes what it sees."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.raised: list[BaseException] = []

    @contextmanager
    def watch(self, name: str, told: dict[str, str]) -> Iterator[Span]:
        self.seen.append((name, told))
        try:
            yield Told(told)
        except BaseException as error:
            self.raised.append(error)
            raise


class Told:
    def __init__(self, told: dict[str, str]) -> None:
        self.told = told

    def tell(self, name: str, value: str) -> None:
        self.told[name] = value


def test_all_who_watch_see_the_work_and_what_is_told_of_it() -> None:
    one, other = Watcher(), Watcher()

    with watched_by(one.watch), watched_by(other.watch), span("collect", source="chamber") as it:
        it.tell("outcome", "accepted")

    assert one.seen == other.seen == [("collect", {"source": "chamber", "outcome": "accepted"})]


def test_a_failure_is_seen_and_passes_through() -> None:
    watcher, failure = Watcher(), ValueError("no")

    with watched_by(watcher.watch), pytest.raises(ValueError, match="no"), span("fetch"):
        raise failure

    assert watcher.raised == [failure]


def test_nobody_sees_what_is_done_when_nobody_watches_any_more() -> None:
    watcher = Watcher()
    with watched_by(watcher.watch):
        pass

    with span("fetch") as it:
        it.tell("outcome", "accepted")

    assert watcher.seen == []


@pytest.mark.anyio
async def test_a_run_is_seen_stage_by_stage(collector: Any, web_site: Any, a_source: Any, calendar: Any) -> None:
    web_site.pages["chamber.example/events.ics"] = calendar(1, 2)
    watcher = Watcher()

    with watched_by(watcher.watch):
        await collector.run(a_source())

    assert [name for name, _ in watcher.seen] == ["collect", "fetch", "parse", "normalize", "apply"]
    assert watcher.seen[0][1] == {"source": "chamber", "outcome": "accepted"}
