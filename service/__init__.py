"""Check an article against the index: pipeline, store, background work, and the doors (web, command line)."""
