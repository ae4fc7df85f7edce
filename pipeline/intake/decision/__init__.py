"""The only place that accepts a value: two readings, the validators and the rest of the form decide together."""

from pipeline.intake.decision.ballots import Summary
from pipeline.intake.decision.combined import is_combined
from pipeline.intake.decision.decide import decide

__all__ = ["Summary", "decide", "is_combined"]
