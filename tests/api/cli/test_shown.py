"""What the documents show of `hobnob sources` and `hobnob doctor` is what they print."""

import re
from pathlib import Path
from typing import Any

import pytest
import time_machine

from aggregator.store import open_reader

PAGE = Path(__file__).parents[3] / "docs" / "operations.md"
ALL = ("collect", "--all", "--catalog", "catalog.toml")
NAMES = tuple(f"Meeting {letter}" for letter in "ABCDEFGHIJ")
OURS = re.compile(r"! (?:allow_networks|connect): .*\n.*\n")
"""What lets this test reach its own sites, which an operator has not set."""

VARYING = re.compile(r"[\d,]+(?= MiB)|\d{4}-\d\d-\d\d \d\d:\d\d")


@pytest.fixture
def printed(folder: Any, call: Any, publish: Any, calendar_of: Any, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """By command, after a chamber's calendar shrank and a club's went away."""
    calendars = {"elmvalley_chamber": NAMES, "elmvalley_library": NAMES[:4], "foothill_hikers": NAMES[:6]}
    more = {"PLACE": "Visalia, CA", "ADMIN_TOKEN": "t" * 32, "PUBLIC_URL": "https://hobnob.example"}
    with publish(folder, {name: calendar_of(*names) for name, names in calendars.items()}) as site:
        assert folder.run(*ALL).returncode == 0
        site.publish("elmvalley_chamber.example", "/a.ics", calendar_of(*NAMES[:3]))
        del site.pages["foothill_hikers.example", "/a.ics"]
        assert folder.run(*ALL).returncode == 1
        doctor = folder.run("doctor", "--catalog", "catalog.toml", **more).stdout
    monkeypatch.setenv("COLUMNS", "110")
    with open_reader(str(folder.store)) as store:
        ended = min(status.last_run.finished_at for status in store.sources() if status.last_run)
    with time_machine.travel(ended, tick=False):
        sources = call("sources").stdout
    return {"sources": sources, "doctor": OURS.sub("", doctor)}


@pytest.mark.parametrize("command", ["sources", "doctor"])
def test_the_documents_show_what_is_printed(printed: dict[str, str], command: str) -> None:
    """But for numbers of the machine and the day."""
    shown = re.findall(rf"^```text\n\$ hobnob {command}\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)

    assert [steady(text) for text in shown] == [steady(printed[command])], printed[command]


def steady(text: str) -> str:
    lines = (VARYING.sub("0", line).rstrip() for line in text.splitlines())
    return "\n".join(lines).strip()
