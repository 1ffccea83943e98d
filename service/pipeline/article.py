"""article (being written)."""
