"""The only place that accepts a value: two readings, the validators and the rest of the form decide together."""

from pipeline.reading.decision.ballots import Summary
from pipeline.reading.decision.decide import decide

__all__ = ["Summary", "decide"]
