"""Personal data kept no longer than needed (purge, export, erase), and the machine looked at (doctor)."""
