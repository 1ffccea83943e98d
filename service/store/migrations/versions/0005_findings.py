"""What a check was concluded from, as rows: its sentences with their vectors, and the findings for each."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Checks made so far have none: they can be shown, and not be replayed."""
    op.create_table(
        "sentences",
        sa.Column("check_id", sa.String(32), primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True),
        sa.Column("claim", sa.Integer),
        sa.Column("begins", sa.Integer, nullable=False),
        sa.Column("ends", sa.Integer, nullable=False),
        sa.Column("checkworthiness", sa.Float, nullable=False),
        sa.Column("is_claim", sa.Boolean, nullable=False),
        sa.Column("mode", sa.String(10), nullable=False),
        sa.Column("words", sa.Integer, nullable=False),
        sa.Column("alone", sa.Boolean, nullable=False),
        sa.Column("searched", sa.Boolean, nullable=False),
        sa.Column("vector", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "findings",
        sa.Column("check_id", sa.String(32), primary_key=True),
        sa.Column("sentence", sa.Integer, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("claim", sa.Integer),
        sa.Column("statement_key", sa.BigInteger, nullable=False),
        sa.Column("statement_id", sa.String(32), nullable=False),
        sa.Column("rating", sa.String(20), nullable=False),
        sa.Column("rating_words", sa.Text, nullable=False),
        sa.Column("similarity", sa.Float, nullable=False),
        sa.Column("confidence", sa.Float, nullable=False),
        sa.Column("stance", sa.String(10), nullable=False),
        sa.Column("stance_confidence", sa.Float, nullable=False),
        sa.Column("mode", sa.String(10), nullable=False),
        sa.Column("differences", sa.JSON, nullable=False),
        sa.Column("around", sa.Boolean, nullable=False),
        sa.Column("shared", sa.Float, nullable=False),
        sa.Column("omits", sa.Boolean, nullable=False),
    )
    op.create_index("findings_by_statement", "findings", ["statement_key"])
