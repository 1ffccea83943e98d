"""Keys have limits of their own, and what was asked for of late is counted."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Keys made so far have the limits of the settings."""
    for name in ("requests_per_minute", "checks_per_day"):
        op.add_column("keys", sa.Column(name, sa.Integer))
    op.create_table(
        "usage",
        sa.Column("owner", sa.String(32), primary_key=True),
        sa.Column("name", sa.String(20), primary_key=True),
        sa.Column("window", sa.BigInteger, nullable=False),
        sa.Column("count", sa.BigInteger, nullable=False),
    )
