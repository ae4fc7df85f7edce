"""Letters to the sender, in French, grouped by who must act; and the form pre-filled as it was read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pipeline.core.addressees import Contact, contact_of
from pipeline.core.errors import FormRejected
from pipeline.core.fields import Dictionary
from pipeline.core.formation import Formation, Session
from pipeline.core.grammar import capital
from pipeline.core.models import Data, Form, Kind, Problem, Refused, Who, get
from pipeline.core.refusals import rejected
from pipeline.core.text import displayable
from pipeline.core.workspace import Workspace
from pipeline.documents.binding.assembly import settle_piece
from pipeline.documents.binding.manifest import as_json
from pipeline.documents.filling import fill
from pipeline.documents.libreoffice import convert
from pipeline.documents.nouns import Noun, nouns
from pipeline.documents.opened import Opened
from pipeline.documents.printable import full_name
from pipeline.documents.proof import require_printed
from pipeline.documents.template_context import school_settings
from pipeline.forms.blank import plan_blank
from pipeline.forms.drawing.blank_docx import draw_docx
from pipeline.forms.drawing.blank_pdf import draw_pdf
from pipeline.forms.prefill import to_sign_again

LETTER = "commun/lettre-de-complement.docx"
_OTHERS = {  # of the house: no party
    Who.RESPONSABLE: "Le responsable pédagogique",
    Who.SCOLARITE: "Le service de scolarité",
}


def letter_for_problems(
    form: Form,
    refused: Refused,
    *,
    number: str,
    dictionary: Dictionary,
    formation: Formation,
    session: Session,
    workspace: Workspace,
    on: dt.date,
) -> dict[str, bytes]:
    """The files of ``a-completer/<id>/`` for a form that was read: letter, pre-filled form, report.

    ``number`` is its dossier's.
    """
    blocking = refused.asked
    school = school_settings(formation)["etablissement"]
    letter = _letter(form, number, on) | {
        "stagiaire": full_name(get(refused.data, "stagiaire") or {}, civility=True),
        "organisme": get(refused.data, "organisme.raison_sociale"),
        "formation": formation.title,
        "etablissement": school["nom"],
        "contact": school["courriel"],
        "groupes": _groups(blocking, dictionary, formation, refused.data),
        "prerempli": True,
    }
    blank = plan_blank(dictionary, formation, session)
    notes = {problem.field: "à corriger ou à compléter" for problem in blocking if problem.field}
    kind, draw = ("docx", draw_docx) if refused.reading.kind in (Kind.DOCX, Kind.ODT) else ("pdf", draw_pdf)
    return {
        "lettre-de-complement.pdf": _print(letter, workspace, on),
        "rapport.json": _report(form, number, blocking, motif=None, on=on),
        f"formulaire-prerempli.{kind}": draw(blank, to_sign_again(refused.reading.values), notes),
    }


def letter_for_rejection(
    form: Form,
    rejection: FormRejected,
    *,
    number: str,
    workspace: Workspace,
    on: dt.date,
    sender: str | None = None,
) -> dict[str, bytes]:
    """The files of ``a-completer/<id>/`` for a file that could not be read as a form: letter and report.

    ``sender`` is whose dossier it is, where that is known.
    """
    letter = _letter(form, number, on) | {
        "motif": displayable(rejection.message),
        "stagiaire": displayable(sender) if sender else None,
    }
    return {
        "lettre-de-complement.pdf": _print(letter, workspace, on),
        "rapport.json": _report(
            form, number, (rejected(rejection.reason, rejection.message),), motif=rejection.reason, on=on
        ),
    }


def _letter(form: Form, number: str, on: dt.date) -> dict[str, Any]:
    """What every letter prints, with nothing where only some have something to say."""
    return {
        "date": on,
        "formulaire": displayable(form.name),
        "identifiant": number,
        "stagiaire": None,
        "organisme": None,
        "motif": None,
        "date_limite": None,
        "formation": None,
        "etablissement": None,
        "contact": None,
        "groupes": [],
        "prerempli": False,
    }


def _groups(
    problems: Sequence[Problem], dictionary: Dictionary, formation: Formation, data: Data
) -> list[dict[str, Any]]:
    words = nouns(formation, data)
    lines = {who: [_problem_line(problem, dictionary) for problem in problems if problem.who is who] for who in Who}
    return [
        {"destinataire": _addressed(_named(who, words), contact_of(data, who)), "problemes": mine}
        for who, mine in lines.items()
        if mine
    ]


def _addressed(named: str, contact: Contact | None) -> str:
    """« Le tuteur, dans l’entreprise : Karim BENALI, karim.benali@example.org »."""
    told = ", ".join(filter(None, (contact.name, contact.email))) if contact else ""
    return f"{named} : {displayable(told)}" if told else named


def _named(who: Who, words: Mapping[str, Noun]) -> str:
    """Who must act, in the words of the formation, which agree with the person."""
    noun = words.get(who.value)
    if noun is None:
        return _OTHERS[who]
    return f"{noun.Le}, dans {words['organisme'].le}" if who is Who.TUTEUR else noun.Le


def _problem_line(problem: Problem, dictionary: Dictionary) -> dict[str, str]:
    *place, name = dictionary.titles_to(problem.field) if problem.field else ("",)
    label = dictionary.label(problem.field) if problem.field else ""
    message = problem.message.removeprefix(f"{label} : ")
    return {
        "quoi": name or "L’ensemble",
        "ou": ", ".join(place) or name or "formulaire",
        "message": displayable(capital(message)),
        "regle": problem.rule,
    }


def _print(letter: dict[str, Any], workspace: Workspace, on: dt.date) -> bytes:
    title = "Demande de complément"
    template = workspace.model(LETTER)
    filled = fill(template, {"lettre": letter}, title=title, beside=workspace.beside(template))
    pdf = convert({"lettre": filled.docx})["lettre"]
    with Opened(pdf) as opened:
        require_printed(filled.printed, opened, LETTER)
    return settle_piece(pdf, title=title, on=on)


def _report(form: Form, number: str, problems: Iterable[Problem], *, motif: str | None, on: dt.date) -> bytes:
    return as_json(
        {
            "dossier": number,
            "id": form.id,
            "sha256": form.sha256,
            "formulaire": form.name,
            "recu_le": form.received_on,
            "le": on,
            "motif": motif,
            "problems": [problem.as_json() for problem in problems],
        }
    )
