"""Letters that wait are found in the order in which they go."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("deliveries_by_stage", "deliveries")
    op.create_index("deliveries_by_stage", "deliveries", ["stage", "next_attempt_at", "subscription"])
