"""Confirmation: a doubtful form waits, the place is shown in a picture, and a named person settles it."""

from __future__ import annotations

import datetime as dt
import io
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import people
import pytest
import walking
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, TextStringObject
from test_cli import DAY, SAMPLES, liasse

from pipeline.core.decisions import Confirmation
from pipeline.core.doubts import Doubt, Reason
from pipeline.core.errors import NotAllowed
from pipeline.core.models import FieldReading, Form, Kind, Reading, Who
from pipeline.core.outcomes import Delivered, ToComplete, Waiting
from pipeline.core.workspace import Workspace
from pipeline.documents.proof import page_texts
from pipeline.dossier import context as understanding
from pipeline.dossier.context import Context
from pipeline.ledger.entries import Entry, State
from pipeline.pictures.crops import crop_doubts
from pipeline.services import confirmation as answers

SUBJECT, NAME = "stage.sujet", "organisme.raison_sociale"


def hiding(path: str, text: str, form: bytes = b"") -> bytes:
    """A form, the sample of a salariée unless given, where one field holds another value than the one it shows."""
    source = io.BytesIO(form) if form else SAMPLES / "4-essms-salariee.pdf"
    writer = PdfWriter(clone_from=PdfReader(source))
    for page in writer.pages:
        for annotation in page["/Annots"]:
            widget = annotation.get_object()
            if str(widget.get("/T", "")).replace("/", ".") == path:
                widget[NameObject("/V")] = TextStringObject(text)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


@pytest.fixture
def doubtful(own_workspace: Workspace) -> Path:
    """A form in the inbox whose host's name is another than the one shown."""
    path = own_workspace.inbox / "formulaire.pdf"
    path.write_bytes(hiding(NAME, "Structure cachée"))
    return path


def test_a_doubt_waits_and_a_named_person_settles_it(context: Context, doubtful: Path) -> None:
    """VALEUR_CACHEE: nothing is sent back; once confirmed the packet is made, and controle.pdf says by whom."""
    (waiting,) = walking.run([doubtful], context)
    assert isinstance(waiting.outcome, Waiting)
    assert "VALEUR_CACHEE" in waiting.outcome.reasons[0]
    assert not context.workspace.to_complete.exists()

    settled = Confirmation(NAME, "Structure cachée", "Résidence Les Tilleuls", "F. GARÇON", people.TODAY)
    seen = context.ledger.seen(waiting.form)
    assert context.ledger.decide_confirm(waiting.form, [settled], seen=seen, day=context.today)
    outcome = walking.resume(waiting.form, context).outcome

    assert isinstance(outcome, Delivered)
    folder = context.workspace.outbox / outcome.folder
    (control,) = ["".join(page_texts((folder / "controle.pdf").read_bytes()))]
    assert "confirmé par F. GARÇON" in " ".join(control.split())
    assert "Résidence Les Tilleuls" in " ".join("".join(page_texts((folder / "liasse.pdf").read_bytes())).split())


def test_the_crop_shows_the_zone_and_is_ours_alone(context: Context, doubtful: Path) -> None:
    """The PNG of the zone with a margin, mode 0600; it is deleted once there is no doubt."""
    (report,) = walking.run([doubtful], context)
    reading = understanding.understand(report.form, context.ledger.decisions(report.form), context)
    (doubt,) = answers.doubtful(reading)

    pictures = crop_doubts(report.form, [doubt], context.workspace)
    path = pictures[NAME]
    with Image.open(path) as picture:
        size = picture.size

    assert path == context.workspace.memory / "crops" / report.form.id / f"{NAME}.png"
    assert path.stat().st_mode & 0o777 == 0o600
    assert doubt.box is not None
    assert size[0] >= (doubt.box[2] - doubt.box[0]) * 150 / 72
    assert size[1] < 200
    assert crop_doubts(report.form, [], context.workspace) == {}
    assert not path.exists()


def test_a_file_that_is_no_page_has_no_crop(own_workspace: Workspace, tmp_path: Path) -> None:
    """A damaged PDF, a Word document: no picture and no error; the person opens the file."""
    for name, data in (("a.pdf", b"%PDF-1.7 nothing"), ("b.docx", (SAMPLES / "5-essms-emploi.docx").read_bytes())):
        path = tmp_path / name
        path.write_bytes(data)
        form = Form("ab" * 32, path, name, people.TODAY)
        crossed = Doubt(Reason.CROSSED_OUT)
        doubt = FieldReading(NAME, None, "", "docx", 0.5, page=1, box=(10.0, 10.0, 90.0, 30.0), doubt=crossed)
        assert crop_doubts(form, [doubt], own_workspace) == {}


def test_a_fault_of_the_sender_goes_back_without_what_the_school_settles(context: Context) -> None:
    """A wrong telephone goes back; of the value that does not show, the letter says nothing."""
    path = context.workspace.inbox / "a.pdf"
    path.write_bytes(hiding(NAME, "Structure cachée"))
    faulty = PdfWriter(clone_from=PdfReader(path))
    for page in faulty.pages:
        for annotation in page["/Annots"]:
            widget = annotation.get_object()
            if str(widget.get("/T", "")).replace("/", ".") == "organisme.telephone":
                faulty.update_page_form_field_values(page, {str(widget["/T"]): "12"}, auto_regenerate=False)
    faulty.write(path)

    (report,) = walking.run([path], context)

    assert isinstance(report.outcome, ToComplete)
    assert [problem.field for problem in report.outcome.problems] == ["organisme.telephone"]
    letter = (context.workspace.outbox / report.outcome.folder / "lettre-de-complement.pdf").read_bytes()
    assert "VALEUR_CACHEE" not in "".join(page_texts(letter))


def test_show_and_confirm_as_a_person_types_them(own_workspace: Workspace, doubtful: Path) -> None:
    """The doubt is shown with its code and its picture; confirming delivers, and the form then says who did."""
    run = liasse("run", *DAY, doubtful, workspace=own_workspace)
    assert run.returncode == 1
    number = run.stdout.splitlines()[1].split()[1]

    shown = liasse("show", number, *DAY, workspace=own_workspace).stdout
    assert "1 doute à lever" in shown
    assert "VALEUR_CACHEE" in shown
    assert f"crops/{number}/{NAME}.png" in "".join(shown.split())
    assert (own_workspace.memory / "crops" / number / f"{NAME}.png").is_file()

    done = liasse(
        "confirm", number, f"{NAME}=Résidence Les Tilleuls", "--by", "F. GARÇON", *DAY, workspace=own_workspace
    )
    assert done.returncode == 0, done.stdout + done.stderr
    after = liasse("show", number, *DAY, workspace=own_workspace).stdout
    assert "confirmé par F. GARÇON le 17/03/2025" in after
    assert "doute" not in after.split("Champ")[0].split("confirmé")[1]


READ_ON = dt.date(2025, 3, 17)


def reading(**doubts: Any) -> Reading:
    """A reading where these fields, with « __ » for dots, are in doubt with these proposals."""
    fields = [
        FieldReading(
            path.replace("__", "."), value, "?", "pdf-text", 0.5, doubt=Doubt(Reason.DIVERGENT, "deux lectures")
        )
        for path, value in doubts.items()
    ]
    whole = FieldReading(
        "tuteur.nom_prenom", "X Y", "X Y", "pdf-text", 0.5, doubt=Doubt(Reason.ACCENT, "é"), combined=True
    )
    sure = FieldReading("stagiaire.nom", "DUPONT", "DUPONT", "pdf-text", 0.9)
    return Reading("cd" * 32, Kind.PDF_TEXT, "commun/x", None, None, (*fields, whole, sure))


def settle(context: Context, of: Reading, *words: str) -> dict[str, Any]:
    """What these words settle, by field."""
    form = Form(of.sha256, Path("x.pdf"), "x.pdf", READ_ON)
    entry = Entry(form, State.WAITING, None, None, "", None, None)
    return {one.field: one.after for one in answers.settle(entry, of, words, by="F. GARÇON", context=context)}


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("stage.date_debut=7 avril 2025", "2025-04-07"),
        ("stage.date_debut=", None),
        ("stage.date_debut", "2025-04-08"),
        ("stage.heures_hebdo=17 h 30", 17.5),
        ("stage.teletravail=non", False),
        ("gratification.montant=4,50 €", 4.5),
        ("gratification.modalite=par virement", "virement"),
        ("organisme.telephone=02 61 91 00 12", "+33261910012"),
        ("stage.activites=Accueil ; Suivi", ["Accueil", "Suivi"]),
        (
            "stage.calendrier=07/04/2025 : 7 ; 08/04/2025 : 3 h 30",
            [{"date": "2025-04-07", "heures": 7}, {"date": "2025-04-08", "heures": 3.5}],
        ),
    ],
)
def test_values_are_typed_as_people_write_them(context: Context, word: str, value: Any) -> None:
    """French spellings become canonical values; a bare name takes what was read, nothing after « = » means blank."""
    path = word.partition("=")[0]

    assert settle(context, reading(**{path.replace(".", "__"): "2025-04-08"}), word) == {path: value}


@pytest.mark.parametrize("asked", [False, True])
def test_what_nobody_answered_may_be_given(context: Context, *, asked: bool) -> None:
    """Not asked by that form, or left empty: the scolarité, told by somebody, may type it; not nothing."""
    path = "stagiaire.representant_legal.nom"
    empty = FieldReading(path, None, "", "pdf-text", 0.9)
    of = reading()
    of = replace(of, layout="commun/x", fields=(*of.fields, *([empty] if asked else ())))

    assert settle(context, of, f"{path}=LE GOFF") == {path: "LE GOFF"}
    with pytest.raises(NotAllowed, match="n’est pas en doute"):
        settle(context, of, f"{path}=")


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("stagiaire.nome=X", "stagiaire.nom"),
        ("stagiaire.nom=X", "n’est pas en doute"),
        ("tuteur.nom_prenom=X Y", "tuteur.nom"),
        ("stage.date_debut=demain", "17/03/2025"),
        ("stage.date_debut=31/02/2025", "stage.date_debut"),
        ("organisme.siret=73282932000079", "SIRET"),
        ("gratification.prevue=peut-être", "Oui, Non"),
        ("stage.calendrier=lundi 7", "07/04/2025 : 7"),
        ("gratification.prevue", "n’a pas de valeur lue"),
        ("formation.code=inconnue", "coordination-essms"),
    ],
)
def test_what_cannot_be_settled_is_refused_with_what_to_type(context: Context, word: str, said: str) -> None:
    """An unknown field, one without a doubt, a value that is none: refused, nothing kept."""
    of = reading(
        stage__date_debut=None,
        organisme__siret=None,
        gratification__prevue=None,
        stage__calendrier=None,
    )

    with pytest.raises(NotAllowed, match=re.escape(said)):
        settle(context, of, word)


def test_one_field_is_given_once(context: Context) -> None:
    """Two values for one field: the person must choose."""
    with pytest.raises(NotAllowed, match="donné deux fois"):
        settle(context, reading(stage__sujet=None), f"{SUBJECT}=A", f"{SUBJECT}=B")


def test_a_form_of_several_formations_waits_for_one(context: Context) -> None:
    """The formation is chosen by a person, and is kept with who chose it."""
    of = reading(stage__sujet="x")
    unplaced = understanding.without_formation(of, context.workspace)
    assert unplaced is not None
    assert unplaced.waits
    assert "coordination-essms" in unplaced.message

    assert settle(context, of, "formation.code=coordination-essms") == {"formation.code": "coordination-essms"}
    chosen = Confirmation("formation.code", None, "coordination-essms", "F. GARÇON", READ_ON)
    assert understanding.without_formation(of.with_confirmed([chosen]), context.workspace) is None


@pytest.mark.parametrize(
    ("doubt", "waits"),
    [
        (Doubt(Reason.DIVERGENT), True),
        (Doubt(Reason.AMBIGUOUS_TICK), True),
        (Doubt(Reason.AMBIGUOUS_TICK, "deux cases", Who.STAGIAIRE), False),
        (Doubt(Reason.UNKNOWN_FORM), True),
        (Doubt(Reason.INVALID), False),
        (Doubt(Reason.INVALID, "« 3S » lu sur une image", Who.SCOLARITE), True),
        (Doubt(Reason.EMPTY), False),
    ],
)
def test_only_the_doubts_of_the_reader_wait(doubt: Doubt, *, waits: bool) -> None:
    """What the paper itself can settle is for the house; what is wrong on the paper is for its sender."""
    assert doubt.settled_here is waits


def test_the_house_says_the_year_of_an_old_blank(context: Context) -> None:
    """L-27: a form of 2025-2026 on the blank of the year before moves to its session; no other year can be typed."""
    old = replace(reading(), formation=people.CNAM, session="2024-2025")
    form = Form(old.sha256, Path("x.pdf"), "x.pdf", READ_ON)
    entry = Entry(form, State.WAITING, None, None, "", None, None)
    said = answers.settle(entry, old, ("formation.annee=2025-2026",), by="F. GARÇON", context=context)

    assert understanding.open_programme(old, context).session.annee == "2024-2025"
    assert understanding.open_programme(old.with_confirmed(said), context).session.annee == "2025-2026"
    with pytest.raises(NotAllowed, match="2024-2025, 2025-2026"):
        answers.settle(entry, old, ("formation.annee=2030-2031",), by="F. GARÇON", context=context)


def test_all_that_was_read_is_taken_at_a_word(context: Context) -> None:
    """What was read of each doubt; but what is typed, what was settled before, and where nothing was read."""
    of = reading(stage__sujet="Un projet", tuteur__nom="MARCHAND", tuteur__prenom="Luc", stage__date_debut=None)
    before = Confirmation("tuteur.prenom", "Luc", "Lucas", "F. GARÇON", context.today)

    assert set(answers.proposed(of, but=(f"{SUBJECT}=Autre",), confirmed=(before,))) == {"tuteur.nom"}
    with pytest.raises(NotAllowed, match="Il n’y a plus de doute"):
        answers.proposed(reading(stage__date_debut=None), but=(), confirmed=())
