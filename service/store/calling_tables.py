"""The tables about who calls and what they asked for at once, as the newest migration leaves them."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, Index, Integer, String, Table, Text

from service.store.column_kinds import Number, When, metadata

batches = Table(
    "batches",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("owner", String(32), nullable=False),
    Column("created_at", When, nullable=False),
    Column("finished_at", When),  # when the last of its items ended, however it did
    Index("batches_by_age", "created_at"),
)

batch_items = Table(
    "batch_items",
    metadata,
    Column("batch_id", String(32), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("check_id", String(32)),  # None where it was refused
    Column("url", Text),
    Column("reference", Text),
    Column("state", String(10), nullable=False),
    Column("problem_code", String(40)),  # why it was refused
    Column("problem_detail", Text),
    Index("batch_items_by_check", "check_id"),
    Index("batch_items_by_state", "batch_id", "state"),
)

# Who wants to be told when a check or batch has ended.
callbacks = Table(
    "callbacks",
    metadata,
    Column("subject", String(32), primary_key=True),
    Column("owner", String(32), nullable=False),
    Column("url", Text, nullable=False),
    Column("language", String(10), nullable=False),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", String(32), primary_key=True),  # the webhook's, the same at each try
    Column("owner", String(32), nullable=False),
    Column("event", String(20), nullable=False),
    Column("subject", String(32), nullable=False),
    Column("url", Text, nullable=False),
    Column("language", String(10), nullable=False),
    Column("created_at", When, nullable=False),
    Column("state", String(10), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("tried_at", When),
    Column("status", Integer),  # what the receiver answered last
    Column("problem", Text),
    Index("deliveries_by_owner", "owner", "created_at", "id"),
    Index("deliveries_by_subject", "subject"),
)

keys = Table(
    "keys",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("name", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("scopes", String(100), nullable=False),
    Column("created_at", When, nullable=False),
    Column("expires_at", When),
    Column("revoked_at", When),
    Column("last_used_at", When),
    Column("origin", String(80)),  # of the browser extension that it was given to; None: somebody made it by hand
    Column("webhook_secret", String(80)),  # as it is, for it signs; made when it is first needed
    Column("former_webhook_secret", String(80)),
    Column("former_digest", String(80)),
    Column("former_webhook_until", When),
    Column("former_until", When),
    Column("requests_per_minute", Integer),  # None: as the settings say; 0: no limit
    Column("checks_per_day", Integer),
)

# Entries are added and never changed (audit.py).
audit = Table(
    "audit_log",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("at", When, nullable=False),
    Column("actor", String(32), nullable=False),
    Column("action", String(100), nullable=False),
    Column("subject", Text, nullable=False),
    Column("outcome", String(10), nullable=False),
    Column("begun_by", BigInteger),
    Column("digest", String(64), nullable=False),
)

negatives = Table(
    "negatives",
    metadata,
    Column("number", Number, primary_key=True, autoincrement=True),
    Column("id", String(32), nullable=False, unique=True),
    Column("text", Text, nullable=False),
    Column("statement", String(32), nullable=False),  # its id
    Column("owner", String(32), nullable=False),
    Column("created_at", When, nullable=False),
    Column("note", Text),
    Column("feedback", String(32)),  # the accepted remark that it comes from
    Index("negatives_by_statement", "statement"),
    sqlite_autoincrement=True,
)

policies = Table(
    "policies",
    metadata,
    Column("name", String(24), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("owner", String(32), nullable=False),  # who made it
    Column("created_at", When, nullable=False),
    Column("content", JSON, nullable=False),
)

usage = Table(
    "usage",
    metadata,
    Column("owner", String(32), primary_key=True),
    Column("name", String(20), primary_key=True),  # of the quota
    Column("window", BigInteger, nullable=False),
    Column("count", BigInteger, nullable=False),
)

idempotency = Table(
    "idempotency_keys",
    metadata,
    Column("owner", String(32), primary_key=True),
    Column("call", String(40), primary_key=True),
    Column("key", String(64), primary_key=True),  # its digest: callers may put anything into it
    Column("request", String(64), nullable=False),
    Column("subject", String(32), nullable=False),
    Column("created_at", When, nullable=False),
    Index("idempotency_by_subject", "subject"),
)
