"""The reader started ahead: for a command that will read a form, before it imports what else it needs."""

from __future__ import annotations

from pipeline.reading.warming import preload_one

__all__ = ["preload_one"]
