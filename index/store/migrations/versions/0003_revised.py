"""Statements know when a person last wrote them, so that a source does not undo that by itself."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Of earlier changes nobody knows who made them: they count as imported."""
    op.add_column("statements", sa.Column("revised_at", sa.DateTime(timezone=True)))
