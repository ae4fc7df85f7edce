"""Editions: what was given out in September is read in January as it was filled, whatever the blank has become."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import people
import pytest
import walking
from forms_filler import fill_acroform, fill_word, print_pdf, print_words

from pipeline.blanks.layout_cache import open_forms
from pipeline.core.errors import ConfigError
from pipeline.core.fields import Dictionary
from pipeline.core.formation import load_formation
from pipeline.core.law import Law
from pipeline.core.models import FieldReading
from pipeline.core.outcomes import ToComplete
from pipeline.core.workspace import Workspace
from pipeline.dossier.context import Context
from pipeline.forms.blank import Blank, plan_blank
from pipeline.forms.drawing.blank_docx import draw_docx
from pipeline.forms.drawing.blank_pdf import draw_pdf
from pipeline.forms.prefill import slot_texts
from pipeline.ledger.store import Ledger
from pipeline.reading.digital import read_form
from pipeline.reading.known_forms import KnownForms

ASKED_SINCE = "stagiaire.nationalite"
RENAMED = "stagiaire.telephone"
DRESSES = ("fillable", "printed", "Word", "Word printed")


def blank_of(workspace: Workspace) -> Blank:
    """The form that a workspace gives out today."""
    formation = load_formation(workspace, people.COORDINATION)
    return plan_blank(Dictionary.load(workspace), formation, formation.session("2024-2025"))


@dataclass(frozen=True)
class Changed:
    """A workspace whose blank has changed: its forms filled on the old one by dress, and what is known of it now."""

    workspace: Workspace
    forms: dict[str, bytes]
    known: KnownForms
    old: Blank
    new: Blank

    def read(self, dress: str, known: KnownForms | None = None) -> dict[str, FieldReading]:
        """What is read of a form, by path."""
        reading = read_form(self.forms[dress], known or self.known, people.TODAY)
        return {field.path: field for field in reading.fields}


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory, workspace: Workspace) -> Changed:
    """The old blank is opened and given out; then a question is added, and the label of another is written anew."""
    root = tmp_path_factory.mktemp("work")
    for name in ("templates", "schemas"):
        shutil.copytree(workspace.root / name, root / name)
    for shipped in root.glob("templates/*/formulaires/editions"):
        shutil.rmtree(shipped)
    (root / "inbox").mkdir()
    (root / "outbox").mkdir()
    own = Workspace.at(root)
    with Ledger.open(own):
        open_forms(own, Dictionary.load(own))
    old = blank_of(own)
    texts = slot_texts(old, people.coordination())
    typed, word = fill_acroform(draw_pdf(old), old, texts), fill_word(draw_docx(old), texts)
    forms = dict(zip(DRESSES, (typed, print_pdf(typed), word, *print_words([word])), strict=True))

    settings = own.templates / people.COORDINATION / "formation.toml"
    text = settings.read_text(encoding="utf-8")
    for key in ("avec", "requis"):
        text = text.replace(f'{key} = ["stagiaire.sur', f'{key} = ["{ASKED_SINCE}", "stagiaire.sur')
    settings.write_text(text, encoding="utf-8")
    schema = own.schemas / "formulaire.schema.json"
    fields = json.loads(schema.read_text(encoding="utf-8"))
    fields["properties"]["stagiaire"]["properties"]["telephone"]["title"] = "Numéro de portable"
    schema.write_text(json.dumps(fields, ensure_ascii=False), encoding="utf-8")
    new = blank_of(own)
    return Changed(own, forms, open_forms(own, Dictionary.load(own)), old, new)


def wanted(blank: Blank) -> Iterator[str]:
    """The paths that a blank asks for."""
    return (cell.field.path for cell in blank.cells())


@pytest.mark.parametrize("dress", DRESSES)
def test_a_form_is_read_by_the_edition_that_it_was_filled_on(changed: Changed, dress: str) -> None:
    """Every answer and not one doubt; what the new blank asks in addition is no answer of this form."""
    found = changed.read(dress)

    assert changed.new.version != changed.old.version
    assert set(found) == set(wanted(changed.old))
    assert ASKED_SINCE in set(wanted(changed.new))
    assert {path: field.doubt for path, field in found.items() if field.doubt} == {}
    assert found["stagiaire.nom"].value == "LE GOFF"
    assert found[RENAMED].value == people.coordination()["stagiaire"]["telephone"]


def test_what_is_asked_since_is_said_not_to_have_been_asked(changed: Changed) -> None:
    """No refusal, no doubt: the letter asks for the one answer that is missing, and says why it is."""
    own = changed.workspace
    dictionary = Dictionary.load(own)
    path = own.inbox / "formulaire.pdf"
    path.write_bytes(changed.forms["fillable"])
    with Ledger.open(own) as ledger:
        context = Context(own, dictionary, Law.load(own), ledger, people.TODAY, changed.known)
        (report,) = walking.run([path], context)

    assert isinstance(report.outcome, ToComplete)
    (problem,) = [problem for problem in report.outcome.problems if problem.rule == "F-01"]
    assert problem.field == ASKED_SINCE
    assert "ce formulaire ne posait pas la question" in problem.message


@pytest.mark.parametrize("dress", DRESSES)
def test_the_mark_of_an_edition_that_nobody_kept_is_read_with_what_is_there(changed: Changed, dress: str) -> None:
    """By the blank of today: an answer is the one that was written or in doubt, and most are not in doubt."""
    own = changed.known.own
    today = {mark: open_edition for mark, open_edition in own.editions.items() if mark in own.current}
    lost = replace(changed.known, own=replace(own, editions=today))
    right, found = changed.read(dress), changed.read(dress, lost)

    silently = {path for path, field in right.items() if not found[path].doubt and found[path].value != field.value}
    assert silently == set()
    assert found[ASKED_SINCE].value is None or found[ASKED_SINCE].doubt
    believed = [path for path, field in right.items() if field.value is not None and not found[path].doubt]
    assert len(believed) >= 0.5 * sum(field.value is not None for field in right.values())


def test_a_damaged_edition_is_ours_to_mend(changed: Changed, tmp_path: Path) -> None:
    """The file that was kept is cut short: nobody's form is blamed, the file is named."""
    shutil.copytree(changed.workspace.root, tmp_path / "copy")
    own = Workspace.at(tmp_path / "copy")
    (kept,) = own.memory.glob(f"editions/{people.COORDINATION}/*-{changed.old.version}.json")
    kept.write_text(kept.read_text(encoding="utf-8")[:1000], encoding="utf-8")

    with pytest.raises(ConfigError, match=kept.name):
        read_form(changed.forms["fillable"], open_forms(own, Dictionary.load(own)), people.TODAY)
