"""What letters told stands once, apart from their rows; only those that are not over are found by their stage."""

from alembic import op
from sqlalchemy import Column, LargeBinary, column, select, table, text, update

from aggregator.store.codec import content_hash
from aggregator.store.columns import Text

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_OPEN = text("stage IN ('pending', 'sending', 'dotted', 'unknown')")
_LETTERS = table("deliveries", column("sent"), column("told"))


def upgrade() -> None:
    tellings = op.create_table(
        "tellings", Column("hash", LargeBinary, primary_key=True), Column("text", Text, nullable=False)
    )
    op.add_column("deliveries", Column("told", LargeBinary))
    connection = op.get_bind()
    for (sent,) in connection.execute(select(_LETTERS.c.sent).where(_LETTERS.c.sent.is_not(None)).distinct()).all():
        told = content_hash(sent.encode())
        connection.execute(tellings.insert().values(hash=told, text=sent))
        connection.execute(update(_LETTERS).where(_LETTERS.c.sent == sent).values(told=told))
    op.drop_index("deliveries_by_stage", "deliveries")
    op.drop_column("deliveries", "sent")
    op.create_index(
        "deliveries_by_stage",
        "deliveries",
        ["stage", "next_attempt_at", "subscription"],
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
