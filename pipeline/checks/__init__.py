"""Validation: ``Reading -> Record | Refused``, by the schema and the rules."""

from pipeline.checks.registry import check_rules, controls, legal_rules
from pipeline.checks.validation import all_rules, validate, with_verdicts

__all__ = ["all_rules", "check_rules", "controls", "legal_rules", "validate", "with_verdicts"]
