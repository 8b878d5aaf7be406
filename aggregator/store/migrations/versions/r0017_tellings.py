"""What letters told stands once, apart from their rows; only those that are not over are found by their stage."""

from collections.abc import Sequence
from typing import Any

from alembic import op
from sqlalchemy import Column, LargeBinary, Row, bindparam, column, select, table, text, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from aggregator.codec import content_hash
from aggregator.store.columns import Text

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_OPEN = text("stage IN ('pending', 'sending', 'dotted', 'unknown')")
_LETTERS = table("deliveries", column("subscription"), column("period"), column("sent"), column("told"))
_IT = _LETTERS.c
_KEEP = insert(table("tellings", column("hash"), column("text"))).on_conflict_do_nothing()
_POINT = (
    update(_LETTERS)
    .where(_IT.subscription == bindparam("of"), _IT.period == bindparam("in"))
    .values(told=bindparam("to"))
)
_AT_A_TIME = 1000


def upgrade() -> None:
    op.create_table("tellings", Column("hash", LargeBinary, primary_key=True), Column("text", Text, nullable=False))
    op.add_column("deliveries", Column("told", LargeBinary))
    last: tuple[int, str] = (0, "")
    while letters := _letters_after(*last):
        _keep_once(letters)
        last = letters[-1].subscription, letters[-1].period
    op.drop_index("deliveries_by_stage", "deliveries")
    op.drop_column("deliveries", "sent")
    op.create_index(
        "deliveries_by_stage",
        "deliveries",
        ["stage", "next_attempt_at", "subscription"],
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )


def _letters_after(number: int, period: str) -> Sequence[Row[*tuple[Any, ...]]]:
    """The next ones that told something, in the order of their keys."""
    key = tuple_(_IT.subscription, _IT.period)
    some = select(_IT.subscription, _IT.period, _IT.sent).where(key > tuple_(number, period), _IT.sent.is_not(None))
    return op.get_bind().execute(some.order_by(_IT.subscription, _IT.period).limit(_AT_A_TIME)).all()


def _keep_once(letters: Sequence[Row[*tuple[Any, ...]]]) -> None:
    told = {letter.sent: content_hash(letter.sent.encode()) for letter in letters}
    connection = op.get_bind()
    connection.execute(_KEEP, [{"hash": hashed, "text": sent} for sent, hashed in told.items()])
    connection.execute(
        _POINT, [{"of": letter.subscription, "in": letter.period, "to": told[letter.sent]} for letter in letters]
    )
