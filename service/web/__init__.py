"""The only home of Flask besides app.py."""
