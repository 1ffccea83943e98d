"""Calibrations on site, fitted from what people decided."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """None so far."""
    op.create_table(
        "site_calibrations",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("slope", sa.Float, nullable=False),
        sa.Column("offset_", sa.Float, nullable=False),
        sa.Column("pair", sa.String(200), nullable=False),
        sa.Column("calibration", sa.String(100), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reverted_at", sa.DateTime(timezone=True)),
        sa.Column("report", sa.JSON, nullable=False),
        sqlite_autoincrement=True,
    )
