"""The statement store's tables (SQLAlchemy Core), as the newest migration leaves them."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, DateTime, Float, Index, Integer, MetaData, String, Table, Text

metadata = MetaData()

# SQLite counts up only INTEGER primary keys by itself; PostgreSQL gets the wide type.
Key = BigInteger().with_variant(Integer, "sqlite")

store = Table(
    "statement_store",
    metadata,
    Column("one", Integer, primary_key=True),  # the only row
    Column("store_id", String(16), nullable=False),
    Column("sequence", BigInteger, nullable=False),
)

statements = Table(
    "statements",
    metadata,
    Column("key", Key, primary_key=True, autoincrement=True),
    Column("id", String(32), nullable=False, unique=True),
    Column("fingerprint", String(64), nullable=False, unique=True),
    Column("sequence", BigInteger, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column("deleted_at", DateTime(timezone=True)),
    Column("claim_reviewed", Text, nullable=False),
    Column("language", String(35)),
    Column("url", Text, nullable=False),
    Column("headline", Text),
    Column("publisher_name", Text),
    Column("publisher_site", Text),
    Column("author", Text),
    Column("claimant", Text),
    Column("date_published", String(10)),  # ISO 8601; text, so that years before 1000 sort alike everywhere
    Column("explanation", Text),
    Column("alternate_name", Text, nullable=False),
    Column("rating_value", Float),
    Column("best_rating", Float),
    Column("worst_rating", Float),
    Column("normalized", String(20), nullable=False),
    Column("cluster", Text),
    Column("license", Text),
    Column("revised_at", DateTime(timezone=True)),  # when a person last wrote it; an import by request clears it
    Index("statements_by_sequence", "sequence"),
    Index("statements_by_site", "publisher_site"),
)

revisions = Table(
    "statement_revisions",
    metadata,
    Column("number", Key, primary_key=True, autoincrement=True),
    Column("key", Key, nullable=False, index=True),
    Column("sequence", BigInteger, nullable=False),  # of the version that is kept here
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column("version", JSON, nullable=False),
)
