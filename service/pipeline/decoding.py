"""decoding (being written)."""
