"""Evaluation: forms read beside their truth, and the scoreboard of what was right, wrong, doubted and lost."""
