"""What a house keeps of its own statements, and who wrote each version and why."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Nothing of it is known of the statements so far. What is retired has no version of its own before this."""
    op.add_column("statements", sa.Column("citations", sa.JSON(none_as_null=True)))
    op.add_column("statements", sa.Column("valid_from", sa.String(10)))
    op.add_column("statements", sa.Column("valid_until", sa.String(10)))
    op.add_column("statements", sa.Column("owner", sa.Text))
    op.add_column("statement_revisions", sa.Column("written_at", sa.DateTime(timezone=True)))
    retired = sa.Column("retired", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("statement_revisions", retired)
    for table in ("statements", "statement_revisions"):
        op.add_column(table, sa.Column("written_by", sa.String(32)))
        op.add_column(table, sa.Column("released_by", sa.String(32)))
        op.add_column(table, sa.Column("reason", sa.Text))
