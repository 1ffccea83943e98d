"""The tables of what was asked and not found: what persons ruled out of the list, and what they began to write."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Index, String, Table, Text

from service.store.column_kinds import Number, When, metadata

# Clusters of claims that somebody does not want to see. They go when the last check of theirs goes.
dismissed_clusters = Table(
    "dismissed_clusters",
    metadata,
    Column("cluster", String(32), primary_key=True),
    Column("dismissed_by", String(32), nullable=False),
    Column("dismissed_at", When, nullable=False),
)

# Statements that somebody began to write and nobody sees yet.
drafts = Table(
    "drafts",
    metadata,
    Column("number", Number, primary_key=True, autoincrement=True),
    Column("id", String(32), nullable=False, unique=True),
    Column("owner", String(32), nullable=False),
    Column("claim", Text, nullable=False),
    Column("language", String(35)),
    Column("cluster", String(32)),  # that it was made of
    Column("created_at", When, nullable=False),
    # What it would do: None in one that was only begun from a claim.
    Column("content", JSON(none_as_null=True)),  # a statement as the API takes it
    Column("act", String(10), nullable=False, server_default="write"),
    Column("statement_id", String(32)),  # that it would change; None: a new one
    Column("version", String(32)),  # tag of what its writer read of that
    Column("reason", Text),
    Column("state", String(10), nullable=False, server_default="begun"),
    Column("decided_by", String(32)),
    Column("decided_because", Text),
    Index("drafts_by_state", "state", "number"),
    Index("drafts_by_owner", "owner", "number"),
)
