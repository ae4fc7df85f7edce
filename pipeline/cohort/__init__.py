"""Rules on several forms: what only shows when they are laid side by side."""
