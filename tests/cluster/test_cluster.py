"""Schedulers, workers and APIs on one PostgreSQL, some of them killed: each due run has its effect once."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SMALL = ("--sources", "40", "--slots", "4", "--restarts", "1", "--sleep", "8", "--no-hang")


def test_what_is_due_is_done_once_whatever_is_killed(postgres: str) -> None:
    """The whole of it: `python benchmarks/cluster.py faults`."""
    command = [sys.executable, str(ROOT / "benchmarks" / "cluster.py"), "faults", *SMALL]

    ran = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert ran.stdout.count("40 sources in") == 5
    assert ran.stdout.count("twice 0, failed 0, without a visit 0") == 5
    assert "each due run had its effect once" in ran.stdout
    assert "at one host at once: 1" in ran.stdout
    assert re.search(r"the APIs answered: {'200': \d+", ran.stdout)
