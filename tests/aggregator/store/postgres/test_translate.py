"""Statements of SQLite as PostgreSQL has them."""

import pytest

from aggregator.store.postgres.translate import bind, translate


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT ? + ?", "SELECT $1 + $2"),
        ("WHERE a = ?2 OR ?2 IS NULL AND b = ?1", "WHERE a = $1 OR $1 IS NULL AND b = $2"),
        ("a = :low AND b = :high AND c >= :low", "a = $1 AND b = $2 AND c >= $1"),
        ("label >= 'o:' AND label < 'o;' AND x = '?'", "label >= 'o:' AND label < 'o;' AND x = '?'"),
        ("told::jsonb = :told", "told::jsonb = $1"),
        ("CROSS JOIN events AS t ON t.id = x CROSS JOIN b AS c", "JOIN events AS t ON t.id = x CROSS JOIN b AS c"),
        ("json_extract('{' || e.json, '$.name')", "json_extract('{' || convert_from(e.json, 'UTF8'), '$.name')"),
        (
            "SELECT rowid AS event FROM words WHERE words MATCH :words",
            "SELECT event AS event FROM words WHERE told @@ websearch_to_tsquery('simple', $1)",
        ),
    ],
)
def test_a_statement_means_the_same_there(sql: str, expected: str) -> None:
    assert translate(sql).sql == expected


def test_values_come_in_the_order_of_their_numbers() -> None:
    assert translate("b = :b AND a = :a AND b < :b").arguments({"a": 1, "b": 2, "c": 3}) == [2, 1]
    assert bind("a = ?2 AND b = ?1", ("first", "second")) == ("a = $1 AND b = $2", ("second", "first"))


def test_each_cell_gives_a_page_at_most() -> None:
    sql = "SELECT 1 FROM json_each(:cells) AS k CROSS JOIN cells AS c ON c.cell = k.key WHERE {} {}"
    tests, order = "c.x < :x AND EXISTS (SELECT 1 WHERE a)", "ORDER BY c.start, c.event LIMIT :limit"

    assert translate(sql.format(tests, order)).sql == (
        "SELECT 1 FROM json_each($1) AS k CROSS JOIN LATERAL (SELECT * FROM cells AS c WHERE c.cell = k.key"
        " AND c.x < $2 AND EXISTS (SELECT 1 WHERE a) ORDER BY c.start, c.event LIMIT $3) AS c"
        " ORDER BY c.start, c.event LIMIT $3"
    )
