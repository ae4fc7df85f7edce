"""Screens: what the terminal shows, as tables, as progress, and as JSON for other programs."""
