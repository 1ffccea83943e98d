"""Policies: versions of rules, and of each check the one it goes by and what that decided."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Checks made so far go by none."""
    op.create_table(
        "policies",
        sa.Column("name", sa.String(24), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("owner", sa.String(32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
    )
    op.add_column("checks", sa.Column("policy", sa.String(32)))
    op.add_column("checks", sa.Column("decision", sa.Text))
