"""What the service keeps: one file a table."""
