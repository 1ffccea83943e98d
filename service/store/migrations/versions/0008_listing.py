"""Checks know their verdict, so that they can be listed by it, and are found by their owner in the order of asking."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

READ_VERDICTS = {
    "sqlite": "UPDATE checks SET verdict = json_extract(result, '$.verdict.code') WHERE result IS NOT NULL",
    "postgresql": "UPDATE checks SET verdict = result::json #>> '{verdict,code}' WHERE result IS NOT NULL",
}


def upgrade() -> None:
    """The verdict of what was checked so far is read out of its result."""
    op.add_column("checks", sa.Column("verdict", sa.String(25)))
    op.execute(READ_VERDICTS[op.get_bind().dialect.name])
    op.create_index("checks_by_owner", "checks", ["owner", "created_at", "id"])
    op.create_index("checks_by_reference", "checks", ["owner", "reference", "created_at"])
