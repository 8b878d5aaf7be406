"""What the search index says of visitors: unknown, until the pages are read again."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE cells SET flags = flags | (1 << 27)")
