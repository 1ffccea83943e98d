"""The HTTP server: waitress, made to withstand a crowd (slow, idle and many callers) and to ask before reading."""
