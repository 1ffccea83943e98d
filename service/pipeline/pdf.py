"""pdf (being written)."""
