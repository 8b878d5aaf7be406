"""A sender that is killed at random while the mail server fails sends no letter twice and loses none in silence."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(("database", "kills"), [("sqlite", 12), ("postgresql", 6)])
def test_kills_leave_no_letter_twice_and_none_lost_in_silence(
    shared: Path, database: str, kills: int, request: pytest.FixtureRequest
) -> None:
    where = ["--store", request.getfixturevalue("new_database")()] if database == "postgresql" else []
    program = [sys.executable, str(ROOT / "benchmarks" / "digest.py"), "kills"]
    command = [*program, "--subscribers", str(kills * 10), "--kills", str(kills), *where]
    environment = {**os.environ, "HOBNOB_SHARED": str(shared)}

    ran = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=240, check=False)

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert f"{kills} kills" in ran.stdout
    assert "twice 0, lost in silence 0, wrongly noted 0" in ran.stdout
    sent = re.search(r"'sent': (\d+)", ran.stdout)
    assert sent
    assert int(sent[1]) >= kills * 7.5
