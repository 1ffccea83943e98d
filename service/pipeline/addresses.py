"""addresses (being written)."""
