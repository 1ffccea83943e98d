"""What persons say that rating words mean; statements know their last change of anything but the normalized rating."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """All that changed so far changed as a whole. The words are read, and their digests made, when the store opens."""
    op.add_column("statement_store", sa.Column("ratings_read", sa.String(64)))
    op.add_column("statements", sa.Column("text_sequence", sa.BigInteger, nullable=False, server_default="0"))
    op.add_column("statements", sa.Column("words_digest", sa.String(32)))
    op.execute("UPDATE statements SET text_sequence = sequence")
    op.create_index("statements_by_text", "statements", ["text_sequence"])
    op.create_index("statements_by_words", "statements", ["words_digest", "key"])
    op.create_table(
        "rating_mappings",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("id", sa.String(32), nullable=False, unique=True),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("words_digest", sa.String(32), nullable=False),
        sa.Column("site", sa.String(255), nullable=False),
        sa.Column("normalized", sa.String(20), nullable=False),
        sa.Column("mapped_by", sa.String(32), nullable=False),
        sa.Column("mapped_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("words_digest", "site"),
    )
