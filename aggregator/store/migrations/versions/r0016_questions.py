"""Pairs of listings that a person may decide on, as the last matching found them."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    op.create_table(
        "questions",
        sa.Column("one_source", text, primary_key=True),
        sa.Column("one_uid", text, primary_key=True),
        sa.Column("other_source", text, primary_key=True),
        sa.Column("other_uid", text, primary_key=True),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("verdict", text, nullable=False),
    )
