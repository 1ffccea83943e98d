"""Statements, their earlier versions, and the sequence that orders all changes."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the three tables and give the store its identity."""
    key = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    when = sa.DateTime(timezone=True)
    store = op.create_table(
        "statement_store",
        sa.Column("one", sa.Integer, primary_key=True),
        sa.Column("store_id", sa.String(16), nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
    )
    op.bulk_insert(store, [{"one": 1, "store_id": secrets.token_hex(4), "sequence": 0}])
    op.create_table(
        "statements",
        sa.Column("key", key, primary_key=True, autoincrement=True),
        sa.Column("id", sa.String(32), nullable=False, unique=True),
        sa.Column("fingerprint", sa.String(64), nullable=False, unique=True),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("changed_at", when, nullable=False),
        sa.Column("deleted_at", when),
        sa.Column("claim_reviewed", sa.Text, nullable=False),
        sa.Column("language", sa.String(35)),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("headline", sa.Text),
        sa.Column("publisher_name", sa.Text),
        sa.Column("publisher_site", sa.Text),
        sa.Column("claimant", sa.Text),
        sa.Column("date_published", sa.String(10)),
        sa.Column("explanation", sa.Text),
        sa.Column("alternate_name", sa.Text, nullable=False),
        sa.Column("rating_value", sa.Float),
        sa.Column("best_rating", sa.Float),
        sa.Column("worst_rating", sa.Float),
        sa.Column("normalized", sa.String(20), nullable=False),
        sa.Column("cluster", sa.Text),
        sa.Column("license", sa.Text),
        sqlite_autoincrement=True,  # a key is never used twice: an index that is behind may still hold it
    )
    op.create_index("statements_by_sequence", "statements", ["sequence"])
    op.create_index("statements_by_site", "statements", ["publisher_site"])
    op.create_table(
        "statement_revisions",
        sa.Column("number", key, primary_key=True, autoincrement=True),
        sa.Column("key", key, nullable=False, index=True),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("changed_at", when, nullable=False),
        sa.Column("version", sa.JSON, nullable=False),
    )
