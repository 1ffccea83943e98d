"""The tables of sources: what is wanted, what was read, what came of each run, and who must not be asked yet."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Boolean, Column, Index, Integer, String, Table, Text

from service.store.column_kinds import Number, When, metadata

sources = Table(
    "sources",
    metadata,
    Column("id", String(32), primary_key=True),  # and the name of its schedule
    Column("plan", JSON, nullable=False),
    Column("created_at", When, nullable=False),
    Column("has_key", Boolean, nullable=False),  # the key itself is a secret
    Column("paused_at", When),
    Column("succeeded_at", When),
    Column("changed_at", When),
    Column("failing_since", When),
    Column("failures", Integer, nullable=False),
    Column("problem_code", String(40)),
    Column("problem_detail", Text),
    Column("told", Integer, nullable=False),
)

# What a source lists, and has listed: articles, and lists of articles (the feed, sitemaps, pages of an interface).
source_documents = Table(
    "source_documents",
    metadata,
    Column("source_id", String(32), primary_key=True),
    Column("digest", String(64), primary_key=True),  # of the address
    Column("address", Text, nullable=False),
    Column("is_list", Boolean, nullable=False),
    Column("place", BigInteger, nullable=False),  # in which order it is read: the newest article first
    Column("mark", Text, nullable=False),  # what the list says of its last change
    Column("said", JSON, nullable=False),  # what else the list says of it
    Column("pending", Boolean, nullable=False),
    Column("tries", Integer, nullable=False),  # that failed, since it became pending
    Column("tried_in", BigInteger),  # the number of the run
    Column("etag", Text),
    Column("last_modified", Text),
    Column("read_at", When),
    Index("source_documents_by_turn", "source_id", "pending", "is_list", "place"),
)

source_runs = Table(
    "source_runs",
    metadata,
    Column("number", Number, primary_key=True, autoincrement=True),
    Column("source_id", String(32), nullable=False),
    Column("state", String(10), nullable=False),
    Column("started_at", When, nullable=False),
    Column("finished_at", When),
    Column("tally", JSON, nullable=False),
    Column("notes", JSON, nullable=False),
    Column("unvetted", JSON, nullable=False),  # {host: how many}
    Column("problem_code", String(40)),
    Column("problem_detail", Text),
    Index("source_runs_by_source", "source_id", "number"),
    sqlite_autoincrement=True,
)

# One request a host at a time, whichever process makes it.
asked_hosts = Table(
    "asked_hosts",
    metadata,
    Column("host", String(300), primary_key=True),
    Column("noted_at", When, nullable=False),
    Column("free_at", When, nullable=False),
)
