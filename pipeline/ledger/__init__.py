"""The database: which forms were received, what was decided of them, and where each has got."""
