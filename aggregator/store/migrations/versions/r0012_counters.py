"""Changes are numbered by a counter, as events are, so that both databases number them in the order of writing."""

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.execute(
        "INSERT INTO counters (name, value)"
        " SELECT 'changes', coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'changes'), 0)"
    )


def downgrade() -> None:
    op.execute("DELETE FROM counters WHERE name = 'changes'")
