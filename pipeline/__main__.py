"""``python -m pipeline`` is ``liasse``."""

from pipeline.cli import main

main()
