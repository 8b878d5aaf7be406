"""SQL as SQLite has it -> SQL as PostgreSQL has it; pure."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from aggregator.store.link import Parameters

_VALUE = re.compile(r"'[^']*'|::|:([a-z_]\w*)|\?(\d*)")
"""A string or a cast, which stay as they are; else a value by name, or by number."""

_REWRITTEN = (
    # A join with a condition is no cross join elsewhere.
    (re.compile(r"CROSS JOIN (\w+) AS (\w+)(?=\s+ON)"), r"JOIN \1 AS \2"),
    # The stored JSON of an event lacks its first brace, and is bytes.
    (re.compile(r"'\{' \|\| ((?:\w+\.)?json)\b"), r"'{' || convert_from(\1, 'UTF8')"),
    # SQLite leaves a cell when the page is full of earlier dates; here each cell gives a page's worth at most.
    (
        re.compile(
            r"FROM json_each\(:cells\) AS k JOIN cells AS c\s+ON (.*?)\s+WHERE (.*?)"
            r"( ORDER BY c\.start, c\.event LIMIT :limit)",
            re.DOTALL,
        ),
        r"FROM json_each(:cells) AS k CROSS JOIN LATERAL (SELECT * FROM cells AS c WHERE \1 AND \2\3) AS c\3",
    ),
    # FTS5's table is one of tsvector here.
    (re.compile(r"words MATCH :words"), "told @@ websearch_to_tsquery('simple', :plain)"),
    (re.compile(r"\browid\b"), "event"),
)


class Translated(NamedTuple):
    """`order` names the values of `$1`, `$2` and so on: keys of a mapping, or places in a sequence."""

    sql: str
    order: tuple[str | int, ...]

    def arguments(self, parameters: Parameters) -> list[Any]:
        """The values in their order."""
        if isinstance(parameters, Mapping):
            return [parameters[str(name)] for name in self.order]
        return [parameters[int(place)] for place in self.order]


@lru_cache(4096)
def translate(sql: str) -> Translated:
    """The same statement for PostgreSQL; each value has one number, however often it is named."""
    for pattern, replacement in _REWRITTEN:
        sql = pattern.sub(replacement, sql)
    order: list[str | int] = []
    unnumbered = iter(range(sql.count("?")))

    def number(found: re.Match[str]) -> str:
        name, place = found.groups()
        if name is None and place is None:
            return found.group()
        key: str | int = name or (int(place) - 1 if place else next(unnumbered))
        if key not in order:
            order.append(key)
        return f"${order.index(key) + 1}"

    return Translated(_VALUE.sub(number, sql), tuple(order))


def bind(sql: str, parameters: Sequence[Any] = ()) -> tuple[str, tuple[Any, ...]]:
    """A statement of numbered values, and these."""
    translated = translate(sql)
    return translated.sql, tuple(translated.arguments(parameters))
