"""Matches to evidence: where a claim stands towards each statement, and which matches may count."""
