"""Batches: many checks asked for at once, and what became of each."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    """A batch, its items in their order, and of each check how long its run took."""
    op.add_column("checks", sa.Column("took", sa.Float))
    op.create_table(
        "batches",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("owner", sa.String(32), nullable=False),
        sa.Column("created_at", WHEN, nullable=False),
        sa.Column("finished_at", WHEN),
    )
    op.create_index("batches_by_age", "batches", ["created_at"])
    op.create_table(
        "batch_items",
        sa.Column("batch_id", sa.String(32), primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True),
        sa.Column("check_id", sa.String(32)),
        sa.Column("url", sa.Text),
        sa.Column("reference", sa.Text),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("problem_code", sa.String(40)),
        sa.Column("problem_detail", sa.Text),
    )
    op.create_index("batch_items_by_check", "batch_items", ["check_id"])
    op.create_index("batch_items_by_state", "batch_items", ["batch_id", "state"])
