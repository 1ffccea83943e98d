"""The table of calibrations on site: what was put into effect, by which decisions, and what was taken back."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Float, String, Table

from service.store.column_kinds import Number, When, metadata

site_calibrations = Table(
    "site_calibrations",
    metadata,
    Column("number", Number, primary_key=True, autoincrement=True),
    Column("slope", Float, nullable=False),
    Column("offset_", Float, nullable=False),  # OFFSET is a word of SQL
    # Whose confidences they set right: with another model or calibration they are not used.
    Column("pair", String(200), nullable=False),
    Column("calibration", String(100), nullable=False),
    Column("applied_at", When, nullable=False),
    Column("reverted_at", When),
    Column("report", JSON, nullable=False),  # what was told before it was put into effect
    sqlite_autoincrement=True,
)
