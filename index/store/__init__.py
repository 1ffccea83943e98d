"""The truth: statements, their revisions and changes in a database, its tables and numbered migrations.

Everything else is derived from it and rebuilt from it at any time.
"""
