"""Claims to matches: one search for all claims of a page."""
