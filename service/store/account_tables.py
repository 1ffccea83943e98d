"""The tables about people who sign in, as the newest migration leaves them."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table, Text, UniqueConstraint

from service.store.column_kinds import When, metadata

accounts = Table(
    "accounts",
    metadata,
    Column("id", String(32), primary_key=True),  # the owner of what the person asks for, and the actor in the audit log
    Column("name", String(64), nullable=False, unique=True),
    Column("display_name", Text, nullable=False),
    Column("role", String(10), nullable=False),
    Column("password_hash", Text),  # argon2id; None: signs in by an identity provider alone
    Column("issuer", Text),  # of the identity provider that vouches for the person
    Column("subject", String(255)),  # by which that one knows them
    Column("created_at", When, nullable=False),
    Column("disabled_at", When),
    Column("signed_in_at", When),
    UniqueConstraint("issuer", "subject", name="accounts_by_subject"),
)

account_sessions = Table(
    "account_sessions",
    metadata,
    Column("id", String(32), primary_key=True),  # for lists; opens nothing
    Column("digest", String(64), nullable=False, unique=True),
    Column("account_id", String(32), nullable=False),
    Column("browser", String(40), nullable=False),  # such as "Firefox, Linux"
    Column("created_at", When, nullable=False),
    Column("seen_at", When, nullable=False),
    Column("ends_at", When, nullable=False),
    Index("account_sessions_by_account", "account_id"),
)

# How often somebody tried to sign in and failed: by name, by address and by browser, each as a digest with a secret.
sign_in_tries = Table(
    "sign_in_tries",
    metadata,
    Column("subject", String(64), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("tried_at", When, nullable=False),
    Column("waits_until", When),
)
