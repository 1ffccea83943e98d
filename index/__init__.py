"""What is already verified, and how to find it. No Flask and no network in here."""
