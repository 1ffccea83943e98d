"""Keys know the browser extension that they were given to: those do not close the open API."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Keys made so far were made by hand, so they have no origin."""
    op.add_column("keys", sa.Column("origin", sa.String(80)))
