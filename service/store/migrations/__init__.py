"""The numbered migrations of the service's own tables (Alembic), beside those of the statements."""
