"""Statements know who wrote the fact-check, beside who published it."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Nobody is known for the statements so far: the next import of a fact-check names its author."""
    op.add_column("statements", sa.Column("author", sa.Text))
