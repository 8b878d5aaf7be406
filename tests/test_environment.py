"""What the project takes from its surroundings, by pydantic-settings alone, and the names under which it logs."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = [path for room in ("aggregator", "sources", "api") for path in sorted((ROOT / room).rglob("*.py"))]
EXCEPTION = "aggregator/place/expand.py"
"""XDG_CACHE_HOME is the user's and not ours: it says where any program keeps what can be made anew. Places are looked
up where nobody has settings at hand, and whoever moves the cache means that of every program."""


def nodes(path: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def reads_environment(node: ast.AST) -> bool:
    """os.environ, os.environb, os.getenv and os.getenvb, however they were imported."""
    names = {"environ", "environb", "getenv", "getenvb"}
    if isinstance(node, ast.ImportFrom):
        return node.module == "os" and any(alias.name in names for alias in node.names)
    return isinstance(node, ast.Attribute) and node.attr in names


def loggers(path: Path) -> Iterator[str]:
    """What getLogger is given."""
    for node in nodes(path):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("getLogger"):
            yield ast.unparse(node.args[0]) if node.args else "the root logger"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_environment_is_left_to_the_settings(path: Path) -> None:
    is_exception = str(path.relative_to(ROOT)) == EXCEPTION

    assert any(map(reads_environment, nodes(path))) is is_exception


def test_the_exception_reads_nothing_but_the_folder_of_caches() -> None:
    told = (ROOT / EXCEPTION).read_text(encoding="utf-8")

    assert told.count("environ") == told.count('environ.get("XDG_CACHE_HOME"') == 1


def test_loggers_bear_the_name_of_the_project() -> None:
    names = {name.strip("'\"") for path in MODULES for name in loggers(path)}

    assert names
    assert all(name == "hobnob" or name.startswith("hobnob.") for name in names)


@pytest.mark.parametrize(
    ("code", "is_reading"),
    [
        ("import os; os.environ['A']", True),
        ("import os as system; system.getenv('A')", True),
        ("from os import environ", True),
        ("from os import sep", False),
        ("settings.environment", False),
    ],
)
def test_a_reading_of_the_environment_is_recognised(code: str, is_reading: bool) -> None:
    assert any(map(reads_environment, ast.walk(ast.parse(code)))) is is_reading
