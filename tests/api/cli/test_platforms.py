"""`hobnob platforms`: what can be read, and how."""

import json
from typing import Any

from sources.load import platform_names


def test_every_platform_is_listed_with_what_it_reads(folder: Any, call: Any) -> None:
    told = json.loads(call("platforms", "--format", "json").stdout)

    assert sorted(row["platform"] for row in told) == platform_names()
    assert all(row["title"] and row["reads"] and row["terms"] for row in told)


def test_the_table_names_them_all_too(folder: Any, call: Any) -> None:
    table = call("platforms").stdout

    assert [name for name in platform_names() if f"\n{name} " not in table] == []
