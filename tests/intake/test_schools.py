"""Other schools' forms through the whole intake: recognised, read, drafted or refused; never silently wrong."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import walking

from pipeline.blanks.layout_cache import compile_layouts, open_forms, open_layouts
from pipeline.core.doubts import Reason
from pipeline.core.errors import FormRejected
from pipeline.core.fields import Dictionary, FieldKind
from pipeline.core.models import FieldReading, Form, Kind, Reading, get
from pipeline.core.outcomes import Delivered, Waiting
from pipeline.dossier import context as understanding
from pipeline.dossier.context import Context
from pipeline.forms.layouts import load_layout
from pipeline.reading import reader as intake
from pipeline.reading.alignment import Compiled
from pipeline.reading.digital import read_form
from pipeline.reading.known_forms import KnownForms
from pipeline.reading.scans import lists_apart
from pipeline.reports.truth import agrees, belongs
from pipeline.services.confirmation import doubtful, settle

pytestmark = pytest.mark.sampled(2)

SETS = Path(__file__).parent.parent / "layouts"
NAMES = ("tableau", "pointilles", "colonnes", "convention", "champs")
TODAY = dt.date(2026, 1, 5)
Read = Callable[..., Reading]


@pytest.fixture(scope="module")
def known_forms(dictionary: Dictionary, tmp_path_factory: pytest.TempPathFactory) -> tuple[Compiled, ...]:
    """The five schools' layouts, compiled once."""
    layouts = [load_layout(SETS / name) for name in NAMES]
    return compile_layouts(layouts, dictionary, tmp_path_factory.mktemp("memory"))


@pytest.fixture(scope="module")
def read(given_out: KnownForms, known_forms: tuple[Compiled, ...]) -> Read:
    """Read a form of the sets."""

    def run(path: Path, *, layouts: tuple[Compiled, ...] = known_forms) -> Reading:
        form = Form(hashlib.sha256(path.read_bytes()).hexdigest(), path, path.name, dt.date(2026, 1, 5))
        return intake.read(form, replace(given_out, layouts=layouts))

    return run


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("tableau/00.docx", Kind.DOCX),
        ("pointilles/00.pdf", Kind.PDF_TEXT),
        ("champs/00.pdf", Kind.ACROFORM),
        ("champs/00.printed.pdf", Kind.PDF_TEXT),
        ("tableau/00.scan.pdf", Kind.PDF_SCAN),
    ],
)
def test_each_kind_of_file_is_recognised_and_read(read: Read, file: str, kind: Kind) -> None:
    """The layout is found by its words, whatever the channel, and the name is read as it was typed."""
    path = SETS / file
    truth = json.loads(path.with_name(f"{path.name.split('.')[0]}.truth.json").read_text())

    reading = read(path)

    assert (reading.kind, reading.layout) == (kind, f"layouts/{path.parent.name}")
    names = {entry.path: entry for entry in reading.fields}
    assert names["stage.date_debut"].value == truth["stage.date_debut"]
    assert names["stage.date_debut"].doubt is None
    assert names["stage.date_debut"].page == (None if kind is Kind.DOCX else names["stage.date_debut"].page)


def test_a_combined_name_is_kept_as_typed_and_split(read: Read) -> None:
    """« tuteur.nom_prenom » stands among the fields; the record has the two parts only."""
    reading = read(SETS / "tableau" / "00.docx")
    paths = {entry.path for entry in reading.fields}

    assert {"tuteur.nom_prenom", "tuteur.nom", "tuteur.prenom"} <= paths
    assert "nom_prenom" not in reading.values["tuteur"]


def test_an_unknown_form_is_a_draft_in_which_everything_is_in_doubt(
    read: Read, known_forms: tuple[Compiled, ...]
) -> None:
    """Without its layout, labels propose values and not one is believed."""
    others = tuple(compiled for compiled in known_forms if compiled.layout.folder.name != "tableau")

    reading = read(SETS / "tableau" / "00.docx", layouts=others)

    assert (reading.layout, reading.formation) == (None, None)
    assert sum(entry.value is not None for entry in reading.fields) > 25
    assert [entry.path for entry in reading.fields if not entry.doubt] == []
    assert reading.values == {}


def test_an_unknown_scan_is_a_draft_too(read: Read) -> None:
    """Page images without a layout: most answers are proposed right by their labels, and not one is believed."""
    truth = json.loads((SETS / "tableau" / "00.truth.json").read_text())

    reading = read(SETS / "tableau" / "00.scan.pdf", layouts=())

    proposed = {entry.path: entry.value for entry in reading.fields}
    right = [path for path, value in truth.items() if value is not None and proposed.get(path) == value]
    assert (reading.kind, reading.layout, reading.values) == (Kind.PDF_SCAN, None, {})
    assert [entry.path for entry in reading.fields if not entry.doubt] == []
    assert len(right) >= len(truth) // 2


@pytest.mark.parametrize("name", NAMES)
def test_an_unknown_form_gives_a_draft_worth_confirming(
    dictionary: Dictionary, given_out: KnownForms, name: str
) -> None:
    """Nothing is accepted; at least 70 % of the answers are proposed right, and nine proposals in ten are."""
    present = right = proposed = wrong = 0
    accepted: list[str] = []
    for path in sorted((SETS / name).glob("0[0-2]*")):
        if path.suffix not in (".docx", ".pdf") or ".scan" in path.name:
            continue
        truth = json.loads(path.with_name(f"{path.name.split('.')[0]}.truth.json").read_text())
        doubtful = truth.pop("douteux", [])
        draft = {entry.path: entry for entry in read_form(path.read_bytes(), given_out, TODAY).fields}
        accepted += [entry.path for entry in draft.values() if entry.doubt is None]
        asked = {name: value for name, value in truth.items() if value is not None and name not in doubtful}
        present += len(asked)
        right += sum(name in draft and verdict(draft[name], truth, dictionary) is True for name in asked)
        verdicts = [verdict(entry, truth, dictionary) for entry in draft.values() if entry.value is not None]
        proposed += len(verdicts)
        wrong += verdicts.count(False)

    assert accepted == []
    assert present > 60
    assert right / present >= 0.7
    assert wrong / proposed <= 0.1


def verdict(entry: FieldReading, truth: dict[str, Any], dictionary: Dictionary) -> bool | None:
    """Whether a proposal is right; ``None`` where the truth says nothing."""
    if entry.path not in truth:
        return belongs(entry, truth)
    field = dictionary.fields.get(entry.path)
    return agrees(field.kind if field else FieldKind.LINE, truth[entry.path], entry.value)


@pytest.mark.parametrize("name", NAMES)
def test_a_blank_that_came_back_unfilled_is_no_draft(given_out: KnownForms, name: str) -> None:
    """The printed words of a form alone propose nothing: it is sent back."""
    (blank,) = (SETS / name).glob("vierge.*")
    with pytest.raises(FormRejected) as refusal:
        read_form(blank.read_bytes(), given_out, TODAY)
    assert refusal.value.reason == "FORMULAIRE_INCONNU"


@pytest.mark.parametrize("file", ["tableau/01.docx", "convention/01.pdf"])
def test_an_unknown_form_waits_for_the_scolarite(context: Context, file: str) -> None:
    """It is kept, said to be unknown, with how many values wait and what to type; then each value waits."""
    (report,) = walking.run([Path(shutil.copy(SETS / file, context.workspace.inbox))], context)

    assert isinstance(report.outcome, Waiting)
    (message,) = report.outcome.reasons
    assert re.match(r"Formulaire inconnu : \d\d valeurs sont proposées, toutes à vérifier\.", message)
    assert f"liasse confirm {report.form.id} formation.code=" in message
    assert "liasse forms add" in message

    reading = understanding.understand(report.form, context.ledger.decisions(report.form), context)
    codes = {entry.doubt and entry.doubt.code for entry in reading.fields if entry.value is not None}
    assert "FORMULAIRE_INCONNU" in codes
    assert codes <= set(Reason)
    assert reading.values == {}


def test_what_a_person_confirms_of_a_draft_is_kept(context: Context) -> None:
    """Every proposal taken as it was read: the record then holds what the truth says, and no doubt is left."""
    (report,) = walking.run([Path(shutil.copy(SETS / "convention" / "01.docx", context.workspace.inbox))], context)
    truth = json.loads((SETS / "convention" / "01.truth.json").read_text())
    (entry,) = context.ledger.entries.starting(report.form.id)
    reading = understanding.understand(report.form, context.ledger.decisions(report.form), context)
    words = [doubt.path for doubt in doubtful(reading)]

    settled = settle(entry, reading, [*words, "formation.code=coordination-essms"], by="F. GARÇON", context=context)
    seen = context.ledger.seen(report.form)
    assert context.ledger.decide_confirm(report.form, settled, seen=seen, day=context.today)

    after = understanding.understand(report.form, context.ledger.decisions(report.form), context)
    assert list(doubtful(after)) == []
    kept = ("stagiaire.nom", "organisme.siret", "tuteur.fonction", "stage.date_debut", "stage.activites")
    assert [get(after.values, path) for path in kept] == [truth[path] for path in kept]


def test_a_row_that_the_student_added_makes_the_form_wait(context: Context) -> None:
    """F-03: what stands outside the boxes is shown to a person before anything is printed."""
    folder = context.workspace.templates / "coordination-essms" / "formulaires" / "tableau"
    shutil.copytree(SETS / "tableau", folder, ignore=shutil.ignore_patterns("0*", "vierge*"))
    context = replace(context, today=TODAY, forms=open_forms(context.workspace, context.dictionary))

    (report,) = walking.run([SETS / "mutations" / "tableau-ligne-inseree.docx"], context)

    assert not isinstance(report.outcome, Delivered)
    reading = understanding.understand(report.form, context.ledger.decisions(report.form), context)
    assert any("usage" in stray.text for stray in reading.strays)


def test_printed_blanks_are_kept_and_not_printed_again(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    """LibreOffice prints a blank once; the next run finds it in the memory."""
    folder = context.workspace.templates / "coordination-essms" / "formulaires" / "tableau"
    shutil.copytree(SETS / "tableau", folder, ignore=shutil.ignore_patterns("0*", "vierge*"))
    first = open_layouts(context.workspace, context.dictionary)
    monkeypatch.setenv("PATH", "")

    again = open_layouts(context.workspace, context.dictionary)

    assert [compiled.layout.id for compiled in again] == ["coordination-essms/tableau"]
    assert again[0].zones == first[0].zones


@pytest.mark.parametrize(
    ("raw", "value", "doubted"),
    [
        ("- Accueillir\nConseiller", ["Accueillir Conseiller"], True),
        ("- Accueillir\n- Conseiller", ["Accueillir", "Conseiller"], False),
        ("- Accueillir le public\net conseiller", ["Accueillir le public et conseiller"], False),
    ],
)
def test_a_lost_bullet_on_a_scan_is_shown_to_a_person(raw: str, value: list[str], *, doubted: bool) -> None:
    """Two activities joined because an engine missed a dash are not printed as one unseen."""
    field = FieldReading("stage.activites", value, raw, "gabarit", 0.97)

    assert bool(lists_apart(field).doubt) is doubted
