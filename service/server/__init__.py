"""The HTTP server: waitress, taught to bear a crowd (slow, idle and many callers) and to ask before it reads."""
