"""Sources of statements, what they list, their runs, and the hosts that must not be asked yet."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

WHEN = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """There are none so far."""
    create_sources()
    create_documents()
    op.create_table(
        "source_runs",
        sa.Column("number", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("source_id", sa.String(32), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("started_at", WHEN, nullable=False),
        sa.Column("finished_at", WHEN),
        sa.Column("tally", sa.JSON, nullable=False),
        sa.Column("notes", sa.JSON, nullable=False),
        sa.Column("unvetted", sa.JSON, nullable=False),
        sa.Column("problem_code", sa.String(40)),
        sa.Column("problem_detail", sa.Text),
        sqlite_autoincrement=True,
    )
    op.create_index("source_runs_by_source", "source_runs", ["source_id", "number"])
    op.create_table(
        "asked_hosts",
        sa.Column("host", sa.String(300), primary_key=True),
        sa.Column("noted_at", WHEN, nullable=False),
        sa.Column("free_at", WHEN, nullable=False),
    )


def create_sources() -> None:
    """Where statements come from."""
    op.create_table(
        "sources",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("plan", sa.JSON, nullable=False),
        sa.Column("created_at", WHEN, nullable=False),
        sa.Column("has_key", sa.Boolean, nullable=False),
        sa.Column("paused_at", WHEN),
        sa.Column("succeeded_at", WHEN),
        sa.Column("changed_at", WHEN),
        sa.Column("failing_since", WHEN),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("problem_code", sa.String(40)),
        sa.Column("problem_detail", sa.Text),
        sa.Column("told", sa.Integer, nullable=False),
    )


def create_documents() -> None:
    """Articles, and lists of them."""
    op.create_table(
        "source_documents",
        sa.Column("source_id", sa.String(32), primary_key=True),
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("is_list", sa.Boolean, nullable=False),
        sa.Column("place", sa.BigInteger, nullable=False),
        sa.Column("mark", sa.Text, nullable=False),
        sa.Column("said", sa.JSON, nullable=False),
        sa.Column("pending", sa.Boolean, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("tried_in", sa.BigInteger),
        sa.Column("etag", sa.Text),
        sa.Column("last_modified", sa.Text),
        sa.Column("read_at", WHEN),
    )
    op.create_index("source_documents_by_turn", "source_documents", ["source_id", "pending", "is_list", "place"])
