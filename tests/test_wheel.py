"""The wheel, built from the source distribution, installed in a clean environment, and run from an empty folder."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tarfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from zipfile import ZipFile

import httpx
import pytest

from aggregator import __version__

ROOT = Path(__file__).parent.parent
PACKAGES = ("aggregator", "sources", "api")
NEEDED = (*PACKAGES, "pyproject.toml", "README.md", "LICENSE", "NOTICE")
NO_INDEX = ("No matching distribution found", "Could not find a version", "Temporary failure in name resolution")
CALENDAR = (
    "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1@test\r\nSUMMARY:Mixer\r\n"
    "DTSTART;TZID=Pacific Standard Time:20300101T100000\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


def run(*command: object, cwd: Path, environment: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    words = [str(word) for word in command]
    return subprocess.run(words, cwd=cwd, env=environment, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture(scope="module")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The source distribution, and the wheel built from it; made in a copy, so that the tree stays as it is."""
    tree, made = tmp_path_factory.mktemp("tree"), tmp_path_factory.mktemp("made")
    for name in NEEDED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, tree / name)
    built = run(sys.executable, "-m", "build", "--no-isolation", "--outdir", made, tree, cwd=tree)
    assert built.returncode == 0, built.stdout + built.stderr
    (source,), (wheel,) = made.glob("*.tar.gz"), made.glob("*.whl")
    return source, wheel


@pytest.fixture(scope="module")
def installed(distributions: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `hobnob` of a clean environment; without an index to install from there is none, except in CI."""
    clean = tmp_path_factory.mktemp("clean") / "venv"
    assert run(sys.executable, "-m", "venv", "--without-pip", clean, cwd=ROOT).returncode == 0
    into = (sys.executable, "-m", "pip", "--python", clean / "bin" / "python", "--disable-pip-version-check")
    ran = run(*into, "install", "--quiet", "-c", ROOT / "constraints.txt", distributions[1], cwd=ROOT)
    if ran.returncode and os.environ.get("CI") != "true" and any(words in ran.stderr for words in NO_INDEX):
        pytest.skip("there is no index to install the dependencies from")
    assert ran.returncode == 0, ran.stderr
    return clean / "bin" / "hobnob"


@pytest.fixture(scope="module")
def surroundings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment in which nothing leads back to the tree, and no table was made before."""
    return {"PATH": os.environ["PATH"], "HOME": str(tmp_path_factory.mktemp("home"))}


def files_of_packages() -> set[str]:
    found = (path for name in PACKAGES for path in (ROOT / name).rglob("*") if path.is_file())
    return {path.relative_to(ROOT).as_posix() for path in found if "__pycache__" not in path.parts}


def in_packages(names: Sequence[str]) -> set[str]:
    return {name for name in names if name.split("/")[0] in PACKAGES and not name.endswith("/")}


def test_both_hold_every_file_of_the_packages_and_no_other(distributions: tuple[Path, Path]) -> None:
    source, wheel = distributions
    with tarfile.open(source) as archive:
        told = [member.name.partition("/")[2] for member in archive.getmembers() if member.isfile()]

    assert in_packages(told) == files_of_packages()
    assert in_packages(ZipFile(wheel).namelist()) == files_of_packages()


@pytest.mark.parametrize(
    "name",
    [
        "aggregator/place/gazetteer.tsv.xz",
        "aggregator/place/postcodes.tsv.xz",
        "aggregator/place/regions.toml",
        "aggregator/reading/zones.py",
        "aggregator/store/migrations/env.py",
        "aggregator/store/migrations/versions/r0001_first.py",
        "api/cli/demo/town.toml",
        "sources/catalog/__init__.py",
        "aggregator/py.typed",
        f"hobnob-{__version__}.dist-info/licenses/LICENSE",
        f"hobnob-{__version__}.dist-info/licenses/NOTICE",
    ],
)
def test_the_wheel_holds_the_data_that_programs_read(distributions: tuple[Path, Path], name: str) -> None:
    assert name in ZipFile(distributions[1]).namelist()


def test_it_says_its_version_from_an_empty_folder(
    installed: Path, surroundings: dict[str, str], tmp_path: Path
) -> None:
    ran = run(installed, "--version", cwd=tmp_path, environment=surroundings)

    assert (ran.returncode, ran.stdout, ran.stderr) == (0, f"hobnob {__version__}\n", "")


def test_it_reads_a_calendar(installed: Path, surroundings: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "a.ics").write_text(CALENDAR, newline="")

    ran = run(installed, "read", "a.ics", cwd=tmp_path, environment=surroundings)

    assert (ran.returncode, ran.stderr) == (0, "")
    assert json.loads(ran.stdout)["startDate"] == "2030-01-01T10:00:00-08:00"


def test_it_shows_its_demo(installed: Path, surroundings: dict[str, str], tmp_path: Path) -> None:
    """Migrations, gazetteer, invented town, parsing children, search: all of it, from the wheel alone."""
    command = [str(installed), "demo", "--port", "0"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=tmp_path, env=surroundings, start_new_session=True, **pipes) as demo:  # type: ignore[call-overload]
        try:
            query = next((line.strip() for line in demo.stdout if "/v1/events?" in line), "")
            assert query, demo.stderr.read()
            told = httpx.get(query, trust_env=False).raise_for_status().json()["items"]
        finally:
            os.killpg(demo.pid, signal.SIGINT)
        _, complaints = demo.communicate(timeout=20)

    assert len(told) >= 10
    assert (demo.returncode, complaints) == (0, "")
    assert not list(tmp_path.iterdir())
