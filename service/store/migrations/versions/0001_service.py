"""Checks, jobs, imports, keys and idempotency keys."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the five tables."""
    create_checks()
    create_jobs()
    create_imports()
    create_keys()


def create_checks() -> None:
    """What was asked, and what was found."""
    op.create_table(
        "checks",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("owner", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(4), nullable=False),
        sa.Column("url", sa.Text),
        sa.Column("language", sa.String(35)),
        sa.Column("reference", sa.Text),
        sa.Column("payload", sa.Text),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("page", sa.String(64)),
        sa.Column("fetched_at", WHEN),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("stage", sa.String(10)),
        sa.Column("created_at", WHEN, nullable=False),
        sa.Column("finished_at", WHEN),
        sa.Column("versions", sa.String(64)),
        sa.Column("result", sa.Text),
    )
    op.create_index("checks_by_digest", "checks", ["digest", "finished_at"])
    op.create_index("checks_by_page", "checks", ["page", "finished_at"])
    op.create_index("checks_by_end", "checks", ["finished_at"])


def create_jobs() -> None:
    """Queued work: a row is there as long as there is something to do."""
    op.create_table(
        "jobs",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("subject", sa.String(32), nullable=False, unique=True),
        sa.Column("available_at", WHEN, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("worker", sa.String(120)),
        sa.Column("leased_until", WHEN),
        sqlite_autoincrement=True,
    )
    op.create_index("jobs_by_kind", "jobs", ["kind", "available_at"])


def create_imports() -> None:
    """Imports of statements and their reports."""
    op.create_table(
        "imports",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("owner", sa.String(32), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("content_type", sa.String(100)),
        sa.Column("url", sa.Text),
        sa.Column("created_at", WHEN, nullable=False),
        sa.Column("finished_at", WHEN),
        sa.Column("read", sa.Integer, nullable=False),
        sa.Column("added", sa.Integer, nullable=False),
        sa.Column("updated", sa.Integer, nullable=False),
        sa.Column("unchanged", sa.Integer, nullable=False),
        sa.Column("rejected_count", sa.Integer, nullable=False),
        sa.Column("warnings_count", sa.Integer, nullable=False),
        sa.Column("notes", sa.JSON, nullable=False),
        sa.Column("searchable", sa.Boolean, nullable=False),
        sa.Column("problem_code", sa.String(40)),
        sa.Column("problem_detail", sa.Text),
    )


def create_keys() -> None:
    """Keys for callers, and the Idempotency-Keys that callers sent."""
    op.create_table(
        "keys",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("scopes", sa.String(100), nullable=False),
        sa.Column("created_at", WHEN, nullable=False),
        sa.Column("expires_at", WHEN),
        sa.Column("revoked_at", WHEN),
        sa.Column("last_used_at", WHEN),
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("owner", sa.String(32), primary_key=True),
        sa.Column("call", sa.String(40), primary_key=True),
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("request", sa.String(64), nullable=False),
        sa.Column("subject", sa.String(32), nullable=False),
        sa.Column("created_at", WHEN, nullable=False),
    )
    op.create_index("idempotency_by_subject", "idempotency_keys", ["subject"])
