"""Reading sources: one file for each way in which they are read, and one for what all runs share."""
