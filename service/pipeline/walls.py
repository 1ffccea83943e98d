"""walls (being written)."""
