"""Speed and search quality of the bundled embedder against plain sentence-transformers, in the same run."""
