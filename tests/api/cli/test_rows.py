"""Rows of a catalogue as text."""

import pytest

from aggregator.errors import CatalogError
from api.cli.rows import find_row, replace_row

FILE = """# Mine.

[[source]]
name = "elm"
url = "https://elm.example/"  # the old address

# About oak.
[[ source ]]  # a friend's
name = "oak"
url = "https://oak.example/"
"""
ROW = '[[source]]\nname = "elm"\nurl = "https://new.example/"\n'


def test_a_row_is_replaced_and_what_stands_around_it_stays() -> None:
    mended = replace_row(FILE, "oak", '[[source]]\nname = "oak"\nenabled = false')

    assert mended.startswith(FILE[: FILE.index("[[ source ]]")])
    assert mended.endswith('[[source]]\nname = "oak"\nenabled = false\n')
    assert find_row(replace_row(FILE, "elm", ROW), "elm") == ROW
    assert find_row(replace_row(FILE, "elm", ROW), "oak") == find_row(FILE, "oak")


def test_another_source_is_not_found() -> None:
    assert find_row(FILE, "ash") is None
    with pytest.raises(CatalogError, match="ash does not stand"):
        replace_row(FILE, "ash", ROW)


@pytest.mark.parametrize(
    "row", ["", "name = 1", ROW + ROW, ROW.replace("elm", "oak"), "[[source", "[source]\nname='elm'"]
)
def test_what_is_no_row_of_that_name_is_refused(row: str) -> None:
    with pytest.raises(CatalogError, match="is wanted"):
        replace_row(FILE, "elm", row)
