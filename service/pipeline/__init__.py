"""The walk of one page to its verdict: one file a stage; check.py alone knows their order."""
