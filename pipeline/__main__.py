"""``python -m pipeline`` is ``liasse``."""

from pipeline.cli.main import main

main()
