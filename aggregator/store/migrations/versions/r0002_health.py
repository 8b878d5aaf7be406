"""Health of sources: what ended a run, what events tell, pauses, what the operator was told; vetoes."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("runs", sa.Column("failure", sa.Text))
    op.add_column("runs", sa.Column("fills", sa.Text))
    op.add_column("runs", sa.Column("expected", sa.Integer))
    op.add_column("sources", sa.Column("paused_until", sa.BigInteger))
    op.add_column("sources", sa.Column("told_down", sa.Boolean, nullable=False, server_default="0"))
    op.create_table(
        "vetoes",
        sa.Column("words", sa.Text, primary_key=True),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
    )
