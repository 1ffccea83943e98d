"""Checks know the action that followed, so that they can be listed by it."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

READ_ACTIONS = {
    "sqlite": "UPDATE checks SET action = json_extract(decision, '$.action') WHERE decision IS NOT NULL",
    "postgresql": "UPDATE checks SET action = decision::json ->> 'action' WHERE decision IS NOT NULL",
}


def upgrade() -> None:
    """The action of what was decided so far is read out of its decision."""
    op.add_column("checks", sa.Column("action", sa.String(10)))
    op.execute(READ_ACTIONS[op.get_bind().dialect.name])
