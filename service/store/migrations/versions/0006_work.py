"""Jobs of any kind that are tried again, schedules, secrets and blobs for all machines, and how old a result is."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

WHEN = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the jobs' table anew, with what was queued, and the tables beside it."""
    op.add_column("checks", sa.Column("begun_at", WHEN))
    op.execute("UPDATE checks SET begun_at = COALESCE(fetched_at, created_at) WHERE finished_at IS NOT NULL")
    for name in ("jobs_by_line", "jobs_by_worker"):
        op.drop_index(name, "jobs")
    op.rename_table("jobs", "jobs_before")
    create_jobs()
    copy_jobs()
    op.drop_table("jobs_before")
    for table in ("lines", "tallies"):
        with op.batch_alter_table(table) as changed:
            changed.alter_column("kind", existing_type=sa.String(10), type_=sa.String(40), existing_nullable=False)
    create_schedules()
    create_secrets()


def create_jobs() -> None:
    """Queued work of any kind; one about each subject."""
    op.create_table(
        "jobs",
        sa.Column("number", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("lane", sa.String(12), nullable=False),
        sa.Column("owner", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(32), nullable=False),
        sa.Column("queued_at", WHEN, nullable=False),
        sa.Column("postponed_at", WHEN),
        sa.Column("available_at", WHEN),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("crashed", sa.Integer, nullable=False),
        sa.Column("outlasted", sa.Integer, nullable=False),
        sa.Column("failed", sa.Integer, nullable=False),
        sa.Column("worker", sa.String(120)),
        sa.Column("beats", sa.Integer, nullable=False),
        sa.UniqueConstraint("kind", "subject"),
        sqlite_autoincrement=True,
    )
    op.create_index("jobs_by_line", "jobs", ["kind", "lane", "owner", "worker", "number"])
    op.create_index("jobs_by_worker", "jobs", ["worker", "owner"])


def copy_jobs() -> None:
    """What was queued, in its order; what was put back for some seconds is due at once."""
    op.execute(
        "INSERT INTO jobs (kind, lane, owner, subject, queued_at, attempts, crashed, outlasted, failed, worker, beats)"
        " SELECT kind, lane, owner, subject, queued_at, attempts, crashed, outlasted, 0, worker, beats"
        " FROM jobs_before ORDER BY number"
    )


def create_schedules() -> None:
    """Work that comes again and again."""
    op.create_table(
        "schedules",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("every_seconds", sa.Integer, nullable=False),
        sa.Column("planned_at", WHEN),
        sa.Column("next_run_at", WHEN),
        sa.Column("ran_at", WHEN),
        sa.Column("problem", sa.Text),
    )


def create_secrets() -> None:
    """What all machines sign with, and what is too big for a row."""
    op.create_table(
        "secrets",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("made_at", WHEN, nullable=False),
    )
    op.create_table(
        "blobs",
        sa.Column("name", sa.String(80), primary_key=True),
        sa.Column("part", sa.Integer, primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("written_at", WHEN, nullable=False),
    )
