"""Layout authoring: a draft proposed from a school’s blank, what is wrong with it, what it would read."""

from pipeline.teaching.convention_draft import convert_convention
from pipeline.teaching.draft import DRAFT_SETTINGS, Draft, add_form, load_draft, load_drafts
from pipeline.teaching.trial import Listed, Tried, known_layouts, lint_forms, list_forms, try_forms

__all__ = [
    "DRAFT_SETTINGS",
    "Draft",
    "Listed",
    "Tried",
    "add_form",
    "convert_convention",
    "known_layouts",
    "lint_forms",
    "list_forms",
    "load_draft",
    "load_drafts",
    "try_forms",
]
