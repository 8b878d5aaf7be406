"""The house rules that a machine can see: sizes, names, who may import what, who may open a socket."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from pkgutil import iter_modules
from statistics import median

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("aggregator", "sources", "api")
FORBIDDEN_WORDS = re.compile(
    r"(?:^|_)(?:items?|entry|entries|records?|data|info|handlers?|managers?|utils?|helpers?|services?|process(?:es|ed|ing)?)(?:_|$)"
)


TOOLS_OF_SOURCES = ("about.py", "detect.py", "induce.py", "load.py", "recipe.py", "repeats.py", "row.py")

IMPOSED_NAMES = {
    "get_extra_info",
    "get_route_handler",
    "handle_async_request",
    "process_bind_param",
    "process_result_value",
    "data_version",
}
"""What httpx, httpcore, FastAPI and SQLAlchemy call the methods that they ask for; SQLite calls its counter so."""


def modules() -> list[Path]:
    return [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")) if "migrations" not in path.parts]


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def longest_file(path: Path) -> int:
    """In lines. What stands in `sources` beside its tools is one organisation."""
    parts = path.relative_to(ROOT).parts
    if parts[:2] == ("sources", "platforms"):
        return 200
    is_host = len(parts) == 2 and parts[0] == "sources" and parts[1] not in TOOLS_OF_SOURCES
    return 40 if is_host else 300


@pytest.mark.parametrize(
    ("path", "lines"),
    [
        ("sources/elmvalley_example.py", 40),
        ("sources/load.py", 300),
        ("sources/detect.py", 300),
        ("sources/platforms/tec.py", 200),
        ("aggregator/store/write.py", 300),
        ("aggregator/run.py", 300),
    ],
)
def test_a_file_is_as_long_as_its_place_allows(path: str, lines: int) -> None:
    assert longest_file(ROOT / path) == lines


def test_most_platforms_are_read_in_eighty_lines() -> None:
    paths = [path for path in (ROOT / "sources" / "platforms").glob("*.py") if path.name != "__init__.py"]
    assert median(len(path.read_text().splitlines()) for path in paths) <= 80


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_are_short(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= longest_file(path)
    for function in functions(path):
        assert function.end_lineno is not None
        assert function.end_lineno - function.lineno < 40, f"{path.name}:{function.lineno} {function.name}"


def test_most_functions_are_under_ten_lines() -> None:
    lengths = sorted(f.end_lineno - f.lineno + 1 for path in modules() for f in functions(path) if f.end_lineno)
    assert lengths[len(lengths) * 6 // 10] <= 10


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_names_are_words_that_mean_something(path: Path) -> None:
    named = [
        node
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef)
    ]
    for node in named:
        words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", node.name).lower()
        assert node.name in IMPOSED_NAMES or not FORBIDDEN_WORDS.search(words), f"{path}:{node.lineno} {node.name}"


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize(
    ("library", "rooms"),
    [
        ("httpx", ("aggregator/fetch", "api/cli")),
        ("httpcore", ("aggregator/fetch",)),
        ("apscheduler", ("aggregator/schedule.py",)),
        ("pgqueuer", ("aggregator/queue",)),
        ("sqlalchemy", ("aggregator/store",)),
        ("sqlite3", ("aggregator/store", "aggregator/place")),
        ("mcp", ("api/assistants/server.py",)),
        ("requests", ()),
        ("urllib.request", ("aggregator/fetch/local.py",)),
        ("socket", ("aggregator/fetch", "api/cli")),
    ],
)
def test_a_library_is_imported_in_its_own_room_only(library: str, rooms: tuple[str, ...]) -> None:
    for path in modules():
        name = str(path.relative_to(ROOT))
        if not name.startswith(rooms or ("nowhere",)):
            assert not any(m == library or m.startswith(f"{library}.") for m in imported(path)), name


def test_imports_point_down() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_the_contract_on_composing_covers_all_of_the_api_but_the_command_line() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (covered,) = (c["source_modules"] for c in contracts if c.get("forbidden_modules") == ["sources"])
    modules_of_api = {f"api.{module.name}" for module in iter_modules([str(ROOT / "api")])}
    assert set(covered) == modules_of_api - {"api.cli"}


def test_every_module_says_what_it_is_in_one_line() -> None:
    for path in modules():
        told = ast.get_docstring(ast.parse(path.read_text()))
        assert told, path
        assert "\n\n" not in told or path.name == "errors.py", path
