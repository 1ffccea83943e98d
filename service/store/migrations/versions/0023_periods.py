"""It is known up to which day the periods of statements were followed."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """So far none were."""
    op.add_column("corrections", sa.Column("periods_until", sa.String(10)))
