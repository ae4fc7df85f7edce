"""Our two blanks, filled on the screen and printed, once for all tests of what is seen."""

from __future__ import annotations

import people
import pytest
from forms_filler import fill_acroform, print_pdf

from pipeline.core.fields import Dictionary
from pipeline.core.formation import load_formation
from pipeline.core.workspace import Workspace
from pipeline.forms.blank import Blank, plan_blank
from pipeline.forms.drawing.blank_pdf import draw_pdf
from pipeline.forms.prefill import slot_texts


@pytest.fixture(scope="session")
def blank(workspace: Workspace, dictionary: Dictionary) -> Blank:
    """The form of the coordination formation."""
    formation = load_formation(workspace, people.COORDINATION)
    return plan_blank(dictionary, formation, formation.session("2024-2025"))


@pytest.fixture(scope="session")
def filled(blank: Blank) -> bytes:
    """That form, filled in a viewer."""
    return fill_acroform(draw_pdf(blank), blank, slot_texts(blank, people.coordination()))


@pytest.fixture(scope="session")
def printed(blank: Blank) -> bytes:
    """The same pages printed to PDF: no field is left."""
    return print_pdf(draw_pdf(blank, people.coordination()))
