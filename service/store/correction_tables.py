"""The tables of corrections: how far the statements were compared with past checks, and what these said before."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, String, Table, Text

from service.store.column_kinds import When, metadata

# Changes of the statements up to `reached` were compared with all checks; up to `goal` it was begun.
corrections = Table(
    "corrections",
    metadata,
    Column("one", Integer, primary_key=True, autoincrement=False),  # the only row
    Column("reached", BigInteger, nullable=False),
    Column("goal", BigInteger, nullable=False),
    Column("periods_until", String(10)),  # the last day, ISO 8601, up to which periods were followed; None: none were
)

# Checks that ended after that was begun, and were made with an older index.
late_checks = Table("late_checks", metadata, Column("check_id", String(32), primary_key=True))

# What a check said before it was judged anew. It goes with its check.
earlier_verdicts = Table(
    "earlier_verdicts",
    metadata,
    Column("check_id", String(32), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("concluded_at", When, nullable=False),
    Column("replaced_at", When, nullable=False),
    Column("result", Text, nullable=False),  # without the article
    Column("decision", Text),
)
