"""Validation: ``Reading -> Record | Refused``, by the schema and the rules."""

from pipeline.checks.registry import check_rules, controls, legal_rules
from pipeline.checks.since import Since
from pipeline.checks.validation import all_rules, validate, validate_terms, with_verdicts

__all__ = [
    "Since",
    "all_rules",
    "check_rules",
    "controls",
    "legal_rules",
    "validate",
    "validate_terms",
    "with_verdicts",
]
