"""What Alembic runs around the migrations: the caller's connection and the version table, nothing else."""

from alembic import context

attributes = context.config.attributes
context.configure(connection=attributes["connection"], version_table=attributes["version_table"])
context.run_migrations()
