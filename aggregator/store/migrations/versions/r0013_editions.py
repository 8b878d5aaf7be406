"""Letters that an editor published."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    op.create_table(
        "editions",
        sa.Column("name", text, primary_key=True),
        sa.Column("letter", text, nullable=False),
        sa.Column("note", text, nullable=False),
        sa.Column("search_url", text, nullable=False),
        sa.Column("published_at", sa.BigInteger, nullable=False),
    )
