"""The statement store's tables (SQLAlchemy Core), as the newest migration leaves them."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

metadata = MetaData()

# SQLite counts up only INTEGER primary keys by itself; PostgreSQL gets the wide type.
Key = BigInteger().with_variant(Integer, "sqlite")
Json = JSON(none_as_null=True)

store = Table(
    "statement_store",
    metadata,
    Column("one", Integer, primary_key=True),  # the only row
    Column("store_id", String(16), nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("ratings_read", String(64)),  # digest of how the rating words of all statements were read; None: not yet
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
    # The last change of anything but `normalized`: what is derived of the texts has to know that one.
    Column("text_sequence", BigInteger, nullable=False),
    Column("words_digest", String(32)),  # of the rating words, by which alike ones are found; None: not read yet
    Column("citations", Json),  # [{"url", "title"}]; None: none
    Column("valid_from", String(10)),
    Column("valid_until", String(10)),
    Column("owner", Text),
    # Who wrote this version, and why: an id of the service's. None: an import, or nobody knows any more.
    Column("written_by", String(32)),
    Column("released_by", String(32)),  # where somebody else had to
    Column("reason", Text),
    Index("statements_by_sequence", "sequence"),
    Index("statements_by_text", "text_sequence"),
    Index("statements_by_site", "publisher_site"),
    Index("statements_by_words", "words_digest", "key"),
)

# What persons say that rating words mean.
rating_mappings = Table(
    "rating_mappings",
    metadata,
    Column("number", Key, primary_key=True, autoincrement=True),
    Column("id", String(32), nullable=False, unique=True),
    Column("words", Text, nullable=False),
    Column("words_digest", String(32), nullable=False),
    Column("site", String(255), nullable=False),  # "": all publishers
    Column("normalized", String(20), nullable=False),
    Column("mapped_by", String(32), nullable=False),
    Column("mapped_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("words_digest", "site"),
)

revisions = Table(
    "statement_revisions",
    metadata,
    Column("number", Key, primary_key=True, autoincrement=True),
    Column("key", Key, nullable=False, index=True),
    Column("sequence", BigInteger, nullable=False),  # of the version that is kept here
    Column("changed_at", DateTime(timezone=True), nullable=False),  # when another one took its place
    Column("version", JSON, nullable=False),
    Column("written_at", DateTime(timezone=True)),  # None: from before it was kept, as with what follows
    Column("written_by", String(32)),
    Column("released_by", String(32)),  # where somebody else had to
    Column("reason", Text),
    Column("retired", Boolean, nullable=False, server_default=false()),
)
