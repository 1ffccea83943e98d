"""Checks are judged anew when statements appear or change that they did not know."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Statements so far are not compared with the checks so far."""
    op.add_column("checks", sa.Column("revised_at", sa.DateTime(timezone=True)))
    made = op.create_table(
        "corrections",
        sa.Column("one", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("reached", sa.BigInteger, nullable=False),
        sa.Column("goal", sa.BigInteger, nullable=False),
    )
    op.create_table("late_checks", sa.Column("check_id", sa.String(32), primary_key=True))
    op.create_table(
        "earlier_verdicts",
        sa.Column("check_id", sa.String(32), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("concluded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("result", sa.Text, nullable=False),
        sa.Column("decision", sa.Text),
    )
    sequence = current_sequence(op.get_bind())
    op.bulk_insert(made, [{"one": 1, "reached": sequence, "goal": sequence}])


def current_sequence(connection: sa.Connection) -> int:
    """The last change of the statements, whose tables are in the same database."""
    if "statement_store" not in sa.inspect(connection).get_table_names():
        return 0
    return connection.execute(sa.text("SELECT sequence FROM statement_store")).scalar() or 0
