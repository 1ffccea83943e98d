"""Imports know which column of their file holds what, where somebody said so."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Imports so far go by the names that everybody knows."""
    op.add_column("imports", sa.Column("columns", sa.JSON))
