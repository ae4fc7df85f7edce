"""The cohort room: what only shows when forms are laid side by side, and the papers that tell a cohort's story."""
