"""The cohort room: what only shows when forms are laid side by side, and the rules that judge it."""
