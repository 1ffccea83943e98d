"""Webhooks: who wants to be told of what, and what was delivered; keys have a secret to sign with, and former ones."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Keys made so far get the secret that they sign with when it is first needed."""
    op.create_table(
        "callbacks",
        sa.Column("subject", sa.String(32), primary_key=True),
        sa.Column("owner", sa.String(32), nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("language", sa.String(10), nullable=False),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("owner", sa.String(32), nullable=False),
        sa.Column("event", sa.String(20), nullable=False),
        sa.Column("subject", sa.String(32), nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("language", sa.String(10), nullable=False),
        sa.Column("created_at", WHEN, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("tried_at", WHEN),
        sa.Column("status", sa.Integer),
        sa.Column("problem", sa.Text),
    )
    op.create_index("deliveries_by_owner", "deliveries", ["owner", "created_at", "id"])
    op.create_index("deliveries_by_subject", "deliveries", ["subject"])
    for name in ("webhook_secret", "former_webhook_secret", "former_digest"):
        op.add_column("keys", sa.Column(name, sa.String(80)))
    for name in ("former_webhook_until", "former_until"):
        op.add_column("keys", sa.Column(name, WHEN))
