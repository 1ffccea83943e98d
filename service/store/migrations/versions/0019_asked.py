"""Claims that many asked about and nobody verified: their clusters, and drafts of statements about them."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Of sentences so far nobody looked which say the same: that is done by itself."""
    op.add_column("sentences", sa.Column("cluster", sa.String(32)))
    op.add_column("sentences", sa.Column("wording", sa.String(32)))
    op.create_index("sentences_by_cluster", "sentences", ["cluster"])
    op.create_table(
        "dismissed_clusters",
        sa.Column("cluster", sa.String(32), primary_key=True),
        sa.Column("dismissed_by", sa.String(32), nullable=False),
        sa.Column("dismissed_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "drafts",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("id", sa.String(32), nullable=False, unique=True),
        sa.Column("owner", sa.String(32), nullable=False),
        sa.Column("claim", sa.Text, nullable=False),
        sa.Column("language", sa.String(35)),
        sa.Column("cluster", sa.String(32)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("drafts_by_owner", "drafts", ["owner", "number"])
