"""Until when a source's same pages, read the same way, change nothing."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    op.add_column("sources", sa.Column("settled_as", text))
    op.add_column("sources", sa.Column("settled_until", sa.BigInteger))
