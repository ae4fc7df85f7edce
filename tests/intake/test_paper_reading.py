"""Papers of a dossier's life, each filled in every digital way: what was written is read, and nothing is doubted."""

from __future__ import annotations

import paper_kit
import pytest
from own_answers import read_own

from pipeline.core.fields import Dictionary
from pipeline.core.paper_kinds import PaperForm
from pipeline.core.workspace import Workspace

pytestmark = pytest.mark.sampled(4)


@pytest.mark.parametrize("dress", paper_kit.DRESSES)
@pytest.mark.parametrize(("code", "paper"), paper_kit.CASES)
def test_what_was_written_on_a_paper_is_read(
    workspace: Workspace, dictionary: Dictionary, *, code: str, paper: PaperForm, dress: str
) -> None:
    """Typed on screen, in Word, or printed to PDF from either: every answer, no doubt, no remark, the paper's id."""
    blank = paper_kit.paper_plan(workspace, dictionary, code, paper)
    data = paper_kit.answers(code, paper)

    reading = read_own(paper_kit.in_dress(blank, data, dress), blank)

    assert reading.layout == f"{code}/2024-2025/{paper}"
    assert {one.path: str(one.doubt) for one in reading.fields if one.doubt} == {}
    assert reading.strays == ()
    found = {one.path: one.value for one in reading.fields if one.value is not None}
    assert found == paper_kit.asked_of(blank, data)
