"""What a changed template, rule or setting would change in the packets that are made already."""

from pipeline.impact.compare import Impact, compare, judged_alone
from pipeline.impact.survey import survey

__all__ = ["Impact", "compare", "judged_alone", "survey"]
