"""Sentences know how far the farthest statement was that was proposed for them."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Of sentences so far nobody knows."""
    op.add_column("sentences", sa.Column("farthest", sa.Float))
