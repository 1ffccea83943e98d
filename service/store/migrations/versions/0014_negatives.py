"""The negative list: texts that a person ruled out for a statement."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """It begins empty; remarks that were accepted before rule nothing out."""
    op.create_table(
        "negatives",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("id", sa.String(32), nullable=False, unique=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("statement", sa.String(32), nullable=False),
        sa.Column("owner", sa.String(32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text),
        sa.Column("feedback", sa.String(32)),
        sqlite_autoincrement=True,
    )
    op.create_index("negatives_by_statement", "negatives", ["statement"])
