"""Drafts hold a whole change and wait for somebody else to release it; findings know what is the house's own."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """What was begun so far is a claim alone, and nothing that was found so far counts as the house's own."""
    op.add_column("findings", sa.Column("own", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("drafts", sa.Column("content", sa.JSON(none_as_null=True)))
    for name, length, default in (("act", 10, "write"), ("state", 10, "begun")):
        op.add_column("drafts", sa.Column(name, sa.String(length), nullable=False, server_default=default))
    for name in ("statement_id", "version", "decided_by"):
        op.add_column("drafts", sa.Column(name, sa.String(32)))
    for name in ("reason", "decided_because"):
        op.add_column("drafts", sa.Column(name, sa.Text))
    op.create_index("drafts_by_state", "drafts", ["state", "number"])
