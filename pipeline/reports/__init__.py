"""What became of a cohort (bilan.xlsx, bilan.pdf, bordereau.pdf), and what reading is worth (evaluation)."""
