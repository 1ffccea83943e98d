"""Jobs stand in lines by owner and lane, count what interrupted them, and are held by heartbeats; clock readings."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

WHEN = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the jobs' table anew, with what was queued, and the tables beside it."""
    op.drop_index("jobs_by_kind", "jobs")
    op.rename_table("jobs", "jobs_before")
    create_jobs()
    copy_jobs()
    op.drop_table("jobs_before")
    create_lines()
    create_tallies()
    create_readings()


def create_jobs() -> None:
    """Queued work: a row is there as long as there is something to do."""
    op.create_table(
        "jobs",
        sa.Column("number", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("lane", sa.String(12), nullable=False),
        sa.Column("owner", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(32), nullable=False, unique=True),
        sa.Column("queued_at", WHEN, nullable=False),
        sa.Column("available_at", WHEN),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("crashed", sa.Integer, nullable=False),
        sa.Column("outlasted", sa.Integer, nullable=False),
        sa.Column("worker", sa.String(120)),
        sa.Column("beats", sa.Integer, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("jobs_by_line", "jobs", ["kind", "lane", "owner", "worker", "number"])
    op.create_index("jobs_by_worker", "jobs", ["worker", "owner"])


def copy_jobs() -> None:
    """What was queued, in its order; an attempt that did not end counts as a crash, one that is held not yet."""
    op.execute(
        "INSERT INTO jobs (kind, lane, owner, subject, queued_at, available_at, attempts, crashed, outlasted, worker,"
        " beats) SELECT kind, CASE kind WHEN 'check' THEN 'interactive' ELSE 'bulk' END,"
        " COALESCE((SELECT owner FROM checks WHERE checks.id = subject),"
        " (SELECT owner FROM imports WHERE imports.id = subject), ''), subject, available_at, NULL, attempts,"
        " CASE WHEN worker IS NOT NULL AND attempts > 0 THEN attempts - 1 ELSE attempts END, 0, worker, 0"
        " FROM jobs_before ORDER BY number"
    )


def create_lines() -> None:
    """Whose turn it is."""
    op.create_table(
        "lines",
        sa.Column("kind", sa.String(10), primary_key=True),
        sa.Column("lane", sa.String(12), primary_key=True),
        sa.Column("owner", sa.String(32), primary_key=True),
        sa.Column("turn", sa.BigInteger, nullable=False),
    )
    op.create_index("lines_by_turn", "lines", ["lane", "turn"])
    op.execute("INSERT INTO lines (kind, lane, owner, turn) SELECT DISTINCT kind, lane, owner, 0 FROM jobs")


def create_tallies() -> None:
    """How many jobs have ended, and how."""
    tallies = op.create_table(
        "tallies",
        sa.Column("kind", sa.String(10), primary_key=True),
        sa.Column("outcome", sa.String(10), primary_key=True),
        sa.Column("count", sa.BigInteger, nullable=False),
    )
    ends = [(kind, outcome) for kind in ("check", "import") for outcome in ("finished", "failed", "cancelled")]
    op.bulk_insert(tallies, [{"kind": kind, "outcome": outcome, "count": 0} for kind, outcome in ends])


def create_readings() -> None:
    """What the clock said of late."""
    op.create_table(
        "clock_readings",
        sa.Column("number", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("boot", sa.String(36), nullable=False),
        sa.Column("steady", sa.Float, nullable=False),
        sa.Column("at", WHEN, nullable=False),
        sqlite_autoincrement=True,
    )
