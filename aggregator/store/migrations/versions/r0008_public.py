"""What the public suggests, and letters in which organisers are asked whether a source is still right."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "suggestions",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("told", sa.Text, nullable=False),
        sa.Column("standing", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("settled_at", sa.BigInteger),
        sqlite_autoincrement=True,
    )
    op.create_index("suggestions_by_standing", "suggestions", ["standing"])
    op.create_table(
        "confirmations",
        sa.Column("token_hash", sa.Text, primary_key=True),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("asked_at", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.Column("confirmed_at", sa.BigInteger),
    )
    op.create_index("confirmations_by_source", "confirmations", ["source"])
