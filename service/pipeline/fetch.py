"""fetch (being written)."""
