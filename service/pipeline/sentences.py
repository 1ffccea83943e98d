"""sentences (being written)."""
