"""The service's own tables (SQLAlchemy Core), as the newest migration leaves them."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from service.store.account_tables import account_sessions as account_sessions
from service.store.account_tables import accounts as accounts
from service.store.account_tables import sign_in_tries as sign_in_tries
from service.store.asked_tables import dismissed_clusters as dismissed_clusters
from service.store.asked_tables import drafts as drafts
from service.store.calibration_tables import site_calibrations as site_calibrations
from service.store.calling_tables import audit as audit
from service.store.calling_tables import batch_items as batch_items
from service.store.calling_tables import batches as batches
from service.store.calling_tables import callbacks as callbacks
from service.store.calling_tables import deliveries as deliveries
from service.store.calling_tables import idempotency as idempotency
from service.store.calling_tables import keys as keys
from service.store.calling_tables import negatives as negatives
from service.store.calling_tables import policies as policies
from service.store.calling_tables import usage as usage
from service.store.column_kinds import Number, When
from service.store.column_kinds import metadata as metadata
from service.store.correction_tables import corrections as corrections
from service.store.correction_tables import earlier_verdicts as earlier_verdicts
from service.store.correction_tables import late_checks as late_checks

checks = Table(
    "checks",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("owner", String(32), nullable=False),
    Column("kind", String(4), nullable=False),  # url, text, html; check_rows.py has the others
    Column("url", Text),
    Column("language", String(35)),
    Column("reference", Text),
    Column("payload", Text),  # the supplied text or HTML, until the check is done
    Column("digest", String(64), nullable=False),  # of what was asked, so that the same question is recognised
    Column("page", String(64)),  # digest of the address that the service itself fetched in the end
    Column("fetched_at", When),  # when the service asked the site; a copy keeps it
    Column("begun_at", When),  # when the run began that made the result, fetched or not; a copy keeps it
    Column("state", String(10), nullable=False),
    Column("stage", String(10)),
    Column("created_at", When, nullable=False),
    Column("finished_at", When),
    Column("versions", String(64)),  # digest of what made the result: index, models, this program
    Column("result", Text),
    Column("verdict", String(25)),  # its code, out of the result
    Column("policy", String(32)),  # the id of the version that it goes by
    Column("decision", Text),  # what that decided
    Column("action", String(10)),  # out of the decision
    Column("took", Float),  # seconds of the run that made the result, where the times above do not tell
    Column("revised_at", When),  # when it was last judged anew, by statements that it did not know
    Index("checks_by_digest", "digest", "finished_at"),
    Index("checks_by_page", "page", "finished_at"),
    Index("checks_by_end", "finished_at"),
    Index("checks_by_owner", "owner", "created_at", "id"),
    Index("checks_by_reference", "owner", "reference", "created_at"),
)

# What a check was concluded from: every sentence that was searched or would have been, and the statements beside it.
sentences = Table(
    "sentences",
    metadata,
    Column("check_id", String(32), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("claim", Integer),  # its place among the claims that are shown
    Column("begins", Integer, nullable=False),  # offsets into the article's text
    Column("ends", Integer, nullable=False),
    Column("checkworthiness", Float, nullable=False),
    Column("is_claim", Boolean, nullable=False),
    Column("mode", String(10), nullable=False),
    Column("words", Integer, nullable=False),
    Column("alone", Boolean, nullable=False),
    Column("searched", Boolean, nullable=False),
    Column("farthest", Float),  # None in rows of before it was kept
    Column("vector", LargeBinary, nullable=False),  # 16-bit floats; empty where nothing was searched
    Column("cluster", String(32)),  # of claims that nobody verified; "": in none; None: nobody looked yet
    Column("wording", String(32)),  # digest of its words, where it is in a cluster
    Index("sentences_by_cluster", "cluster"),
)

findings = Table(
    "findings",
    metadata,
    Column("check_id", String(32), primary_key=True),
    Column("sentence", Integer, primary_key=True),  # its place
    Column("number", Integer, primary_key=True),
    Column("claim", Integer),
    Column("statement_key", BigInteger, nullable=False),
    Column("statement_id", String(32), nullable=False),
    Column("rating", String(20), nullable=False),  # normalized, and in the publisher's words, as it was then
    Column("rating_words", Text, nullable=False),
    Column("similarity", Float, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("stance", String(10), nullable=False),
    Column("stance_confidence", Float, nullable=False),
    Column("mode", String(10), nullable=False),
    Column("differences", JSON, nullable=False),  # [[kind, words of the claim, words of the statement], …]
    Column("around", Boolean, nullable=False),
    Column("shared", Float, nullable=False),
    Column("omits", Boolean, nullable=False),
    Column("own", Boolean, nullable=False, server_default=false()),  # a statement of this house, as it was then
    Index("findings_by_statement", "statement_key"),
)

jobs = Table(
    "jobs",
    metadata,
    Column("number", Number, primary_key=True, autoincrement=True),
    Column("kind", String(40), nullable=False),
    Column("lane", String(12), nullable=False),
    Column("owner", String(32), nullable=False),
    Column("subject", String(32), nullable=False),  # the id of the check or import, the name of the schedule
    Column("queued_at", When, nullable=False),
    Column("postponed_at", When),  # when it was put back for later
    Column("available_at", When),  # not before; None: at once, whatever the clock says
    Column("attempts", Integer, nullable=False),  # how often it was claimed
    Column("crashed", Integer, nullable=False),  # how often its worker fell silent
    Column("outlasted", Integer, nullable=False),  # how often its worker was stopped before it was done
    Column("failed", Integer, nullable=False),  # how often it failed for a reason that may pass
    Column("worker", String(120)),  # who holds it; None: it waits
    Column("beats", Integer, nullable=False),  # of the worker's heart, counted up while it is held
    UniqueConstraint("kind", "subject"),
    Index("jobs_by_line", "kind", "lane", "owner", "worker", "number"),
    Index("jobs_by_worker", "worker", "owner"),
    sqlite_autoincrement=True,
)

# Jobs of one kind, lane and owner stand in a line; `turn` counts up over all lines: the lowest was served longest ago.
lines = Table(
    "lines",
    metadata,
    Column("kind", String(40), primary_key=True),
    Column("lane", String(12), primary_key=True),
    Column("owner", String(32), primary_key=True),
    Column("turn", BigInteger, nullable=False),
    Index("lines_by_turn", "lane", "turn"),
)

# How many jobs have ever ended, and how: the same for every process.
tallies = Table(
    "tallies",
    metadata,
    Column("kind", String(40), primary_key=True),
    Column("outcome", String(10), primary_key=True),
    Column("count", BigInteger, nullable=False),
)

# Work that comes again and again: whoever sees that it is due queues a job of its kind.
schedules = Table(
    "schedules",
    metadata,
    Column("name", String(32), primary_key=True),  # the subject of its jobs
    Column("kind", String(40), nullable=False),
    Column("every_seconds", Integer, nullable=False),
    Column("planned_at", When),  # when the next run was planned
    Column("next_run_at", When),  # None: at once
    Column("ran_at", When),  # when it last ended
    Column("problem", Text),  # why it last failed; None: it did not
)

# What the clock said of late: nothing is deleted on the word of one reading.
readings = Table(
    "clock_readings",
    metadata,
    Column("number", Number, primary_key=True, autoincrement=True),
    Column("boot", String(36), nullable=False),
    Column("steady", Float, nullable=False),
    Column("at", When, nullable=False),
    sqlite_autoincrement=True,
)

imports = Table(
    "imports",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("owner", String(32), nullable=False),
    Column("state", String(10), nullable=False),
    Column("content_type", String(100)),
    Column("url", Text),
    Column("created_at", When, nullable=False),
    Column("finished_at", When),
    Column("read", Integer, nullable=False),
    Column("added", Integer, nullable=False),
    Column("updated", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    Column("rejected_count", Integer, nullable=False),
    Column("warnings_count", Integer, nullable=False),
    Column("notes", JSON, nullable=False),  # {"rejected": [[line, reason], …], "warnings": […]}, the first of each
    Column("searchable", Boolean, nullable=False),
    Column("problem_code", String(40)),
    Column("problem_detail", Text),
    Column("columns", JSON),  # {"columns": {field: column}, "values": {field: value}}, where somebody said so
)

feedback = Table(
    "feedback",
    metadata,
    Column("number", Number, primary_key=True, autoincrement=True),
    Column("id", String(32), nullable=False, unique=True),
    Column("check_id", String(32), nullable=False),
    Column("owner", String(32), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("claim", Integer),  # place in the check's list of claims
    Column("comment", Text),
    Column("created_at", When, nullable=False),
    Column("status", String(10), nullable=False),
    Column("note", Text),
    Column("decided_at", When),
    Index("feedback_by_check", "check_id"),
)

# What the service itself must keep to itself, the same for all its machines.
secrets = Table(
    "secrets",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("content", LargeBinary, nullable=False),
    Column("made_at", When, nullable=False),
)

# What is too big for a row, in parts, where machines share nothing but the database.
blobs = Table(
    "blobs",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("part", Integer, primary_key=True),
    Column("content", LargeBinary, nullable=False),
    Column("written_at", When, nullable=False),
)
