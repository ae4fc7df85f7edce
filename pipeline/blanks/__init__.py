"""Layout store: every edition of our own blank and every school’s layout, compiled for reading, linted and kept."""
