"""What the documents must say: every name a user may type, the two commands, and no link that leads nowhere."""

import asyncio
import re
import runpy
import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest
import typer.main

from aggregator.place.gazetteer import Gazetteer
from aggregator.reading.rhythm import read_rhythm
from aggregator.settings import Settings
from aggregator.store import open_reader
from api.app import create_app
from api.cli.course import Course
from api.cli.main import app
from api.gauges import Gauges
from api.parameters import ALIASES, Parameters
from api.query import parse_query
from api.tally import Tally
from sources.about import read_abouts
from sources.load import KEYS, LOCATION_KEYS, load, own_keys, platform, platform_names

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)
FENCE = re.compile(r"^ *```.*?^ *```$", re.MULTILINE | re.DOTALL)
TOML = re.compile(r"^ *```toml\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
A_TUESDAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 20, tzinfo=UTC)


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def section(page: str, title: str) -> str:
    """What stands under a heading, up to the next of any level."""
    found = re.search(rf"^#+ {re.escape(title)}\n(.*?)(?=^#|\Z)", FENCE.sub("", read(page)), re.MULTILINE | re.DOTALL)
    assert found, f"{page} has no heading “{title}”"
    return found[1]


def row(page: str, name: str) -> str:
    """The line of a table that begins with the name."""
    found = re.search(rf"^\| `{re.escape(name)}` \|.*$", read(page), re.MULTILINE)
    assert found, f"{page} has no line of a table for “{name}”"
    return found[0]


def commands() -> Iterator[tuple[str, Any]]:
    waiting: list[tuple[str, Any]] = [("hobnob", typer.main.get_command(app))]
    while waiting:
        words, command = waiting.pop()
        waiting += [(f"{words} {name}", inner) for name, inner in getattr(command, "commands", {}).items()]
        yield words, command


@pytest.mark.parametrize(("words", "command"), [pytest.param(*pair, id=pair[0]) for pair in commands()])
def test_every_command_and_option_is_documented(words: str, command: Any) -> None:
    told = section("docs/operations.md", f"`{words}`")

    for parameter in command.params:
        for spelling in parameter.opts:
            assert (f"`{spelling}" if spelling.startswith("-") else spelling.upper()) in told


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_documented_with_its_variable_and_default(name: str) -> None:
    default = Settings.model_fields[name].default
    shown = {None: "none", (): "none"}.get(default, f"`{default}`")

    told = [cell.strip() for cell in row("docs/operations.md", name).split("|")]

    assert told[2] == f"`HOBNOB_{name.upper()}`"
    assert told[3] == shown
    assert told[4]


@pytest.mark.parametrize("name", [name for name in Parameters.model_fields if name != "cursor"])
def test_every_parameter_is_documented_with_an_example_that_is_answered(name: str) -> None:
    example = [cell.strip() for cell in row("docs/api.md", name).split("|")][3].strip("`")

    pairs = parse_qsl(example, strict_parsing=True)
    asked = parse_query(pairs, now=NOW, settings=Settings(), gazetteer=Gazetteer())

    assert name in dict(pairs)
    assert name in asked.echo


def test_a_cursor_is_told_in_words_since_nobody_can_make_one_up() -> None:
    assert "cursor=" not in row("docs/api.md", "cursor")


@pytest.mark.parametrize("alias", [*ALIASES, "radius", "unit"])
def test_every_other_spelling_is_documented(alias: str) -> None:
    assert f"`{alias}`" in read("docs/api.md")


async def fetch_openapi(store: str) -> Any:
    with open_reader(store) as reader:
        transport = httpx.ASGITransport(app=create_app(reader, Settings(), Gazetteer()))
        async with httpx.AsyncClient(transport=transport, base_url="http://hobnob.example") as client:
            return (await client.get("/openapi.json")).json()


def test_every_path_is_documented(tmp_path: Path) -> None:
    document = asyncio.run(fetch_openapi(str(tmp_path / "hobnob.db")))

    for path in (*document["paths"], "/docs", "/openapi.json"):
        assert f"`{path}`" in read("docs/api.md")


def test_every_metric_is_documented() -> None:
    shown = Gauges()
    shown.show([], {}, 1, NOW)
    for metric in (*Tally().collect(), *shown.collect(), *Course().collect()):
        assert f"`{metric.name}" in read("docs/operations.md")


def test_the_table_of_platforms_is_what_they_say_of_themselves() -> None:
    with_table = runpy.run_path(str(ROOT / "tools" / "platform_table.py"))["with_table"]

    assert with_table(read("docs/sources.md")) == read("docs/sources.md")


@pytest.mark.parametrize("name", platform_names())
def test_every_platform_says_what_it_reads_and_what_its_own_keys_mean(name: str) -> None:
    about = read_abouts()[name]

    assert all((about.title, about.reads, about.fields, about.paging, about.identity, about.terms))
    assert own_keys(platform(name, name)) - set(about.keys) == set()


@pytest.mark.parametrize("key", sorted(KEYS))
def test_every_key_of_the_catalogue_is_documented(key: str) -> None:
    assert row("docs/sources.md", key)


@pytest.mark.parametrize("key", sorted(LOCATION_KEYS))
def test_every_key_of_a_location_is_documented(key: str) -> None:
    assert f"`{key}`" in row("docs/sources.md", "location")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_source_that_is_shown_loads(page: Path) -> None:
    for shown in TOML.findall(page.read_text(encoding="utf-8")):
        assert tomllib.loads(shown)
        if "[[source]]" in shown:
            assert load(shown, page.name)


def dependencies() -> list[str]:
    project = tomllib.loads(read("pyproject.toml"))["project"]
    wanted = {*project["dependencies"], *(one for extra in project["optional-dependencies"].values() for one in extra)}
    return sorted({re.split(r"[^\w-]", one)[0] for one in wanted})


@pytest.mark.parametrize("name", dependencies())
def test_every_dependency_has_its_line(name: str) -> None:
    assert row("docs/decisions.md", name)


@pytest.mark.parametrize(
    "words", re.findall(r"^\| `([^`…]+?)` \|", section("docs/sources.md", "Rules in words"), re.MULTILINE)
)
def test_every_rhythm_that_is_shown_is_read(words: str) -> None:
    assert read_rhythm(words, since=A_TUESDAY).rrules


@pytest.mark.parametrize("path", re.findall(r"`((?:aggregator|api)/[\w/.]*)`", read("SECURITY.md")))
def test_security_names_files_that_are_there(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.parametrize(
    "command",
    [
        "python3 -m venv .venv && .venv/bin/pip install -c constraints.txt -e . && .venv/bin/hobnob demo",
        ".venv/bin/pip install -c constraints.txt -e '.[test]' && .venv/bin/python -m pytest",
    ],
)
def test_the_readme_gives_the_two_commands(command: str) -> None:
    assert command in read("README.md").splitlines()


def test_the_figures_of_the_readme_are_rows_that_the_report_writes_with_their_day() -> None:
    figures = runpy.run_path(str(ROOT / "benchmarks" / "_report_figures.py"))["FIGURES"]
    lines = section("README.md", "How fast it is").splitlines()
    told = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines if line.startswith("| ")][2:]

    assert told
    assert [row[0] for row in told] == [one.what for one in figures if one.what in {row[0] for row in told}]
    assert all(date.fromisoformat(row[-1]) for row in told)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8"))):
        if "://" in link:
            continue
        name, _, anchor = link.partition("#")
        target = page.parent / name if name else page
        assert target.exists(), f"{page.name}: {link}"
        assert not anchor or anchor in anchors(target), f"{page.name}: {link}"


def anchors(page: Path) -> set[str]:
    """As GitHub makes them of headings."""
    headings = HEADING.findall(FENCE.sub("", page.read_text(encoding="utf-8")))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_picture_is_small_and_asks_nobody_for_a_font() -> None:
    picture = read("docs/picture.svg")

    assert len(picture) < 60_000
    assert not re.search(r"@font-face|url\((?!#)|href=", picture)
