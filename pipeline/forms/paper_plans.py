"""Plans of the papers of a dossier's life: which fields stand on each, of the one schema, and under which title.

A demande de modification asks the very fields of the record that a formation's own formulaire asks: it is handed out
with the terms of the day, and what differs when it comes back is what is asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from pipeline.core.fields import ALWAYS, Dictionary, Field
from pipeline.core.formation import Formation, Session
from pipeline.core.paper_kinds import PaperForm
from pipeline.forms.asking import asked_fields
from pipeline.forms.blank import Blank, Block, Cell, Row, Slot, plan_blank, rows_of, slots_of_field
from pipeline.forms.cell_widths import width_of

NUMBER = "dossier.numero"
PERSON = ("stagiaire.nom", "stagiaire.prenom")
REFERENT = "referent"
_IDENTITY = (NUMBER, *PERSON)
_SIGNED = frozenset(
    {"modification.demande_le", "evaluation.evalue_le", "emargement.stagiaire_le", "emargement.tuteur_le"}
)
_WIDTHS = {
    NUMBER: 3,
    "modification.demande_par": 12,
    "modification.demandeur": 12,
    "modification.demande_le": 12,
    "evaluation.heures_faites": 4,
    "evaluation.evaluateur": 6,
    "evaluation.fonction": 6,
    "evaluation.evalue_le": 12,
    "emargement.mois": 4,
    "emargement.total_heures": 4,
    "emargement.stagiaire_le": 6,
    "emargement.tuteur_le": 6,
}


@dataclass(frozen=True)
class Part:
    """A titled part of a paper: fields, or objects whose fields it asks, in the order of the schema.

    ``today``: fields of the record, of which only those are asked that the formation's formulaire asks.
    """

    title: str
    paths: tuple[str, ...]
    today: bool = False


_DAYS = tuple(
    f"stage.{name}"
    for name in (
        "date_debut", "date_fin", "duree_heures", "heures_hebdo", "heures_jour", "quotite", "semaine",
        "calendrier", "interruptions", "exceptions", "presence_exceptionnelle",
    )
)  # fmt: skip
_TUTEUR = tuple(f"tuteur.{name}" for name in ("civilite", "nom", "prenom", "fonction", "telephone", "courriel"))
MODIFIABLE = (
    Part("Dates et horaires (aujourd’hui, à modifier)", _DAYS, today=True),
    Part("Lieu et service (aujourd’hui, à modifier)", ("organisme.service", "organisme.lieu_stage"), today=True),
    Part("Tuteur (aujourd’hui, à modifier)", _TUTEUR, today=True),
    Part("Enseignant référent (aujourd’hui, à modifier)", (REFERENT,), today=True),
    Part("Signataire pour l’organisme (aujourd’hui, à modifier)", ("organisme.signataire",), today=True),
    Part("Gratification (aujourd’hui, à modifier)", ("gratification",), today=True),
)
_PARTS: Mapping[PaperForm, tuple[Part, ...]] = {
    PaperForm.MODIFICATION: (
        Part("Dossier", _IDENTITY),
        Part("Changement demandé", ("modification.date_effet", "modification.motif", "modification.raison")),
        *MODIFIABLE,
        Part(
            "Signature de la demande",
            ("modification.demande_par", "modification.demandeur", "modification.demande_le"),
        ),
    ),
    PaperForm.EVALUATION: (
        Part("Dossier", _IDENTITY),
        Part("Savoir-être", ("evaluation.savoir_etre",)),
        Part("Savoir-faire", ("evaluation.savoir_faire",)),
        Part(
            "Bilan",
            tuple(f"evaluation.{name}" for name in ("generale", "objectifs", "appreciation", "observations")),
        ),
        Part(
            "Décision du tuteur",
            tuple(
                f"evaluation.{name}"
                for name in ("heures_faites", "valide", "attestation_remise", "nouveau_stagiaire", "motif")
            ),
        ),
        Part("Signature", tuple(f"evaluation.{name}" for name in ("evaluateur", "fonction", "evalue_le"))),
    ),
    PaperForm.QUESTIONNAIRE: (
        Part("Dossier", _IDENTITY),
        Part("L’accueil", ("questionnaire.accueil",)),
        Part("L’encadrement", ("questionnaire.encadrement",)),
        Part("Les activités", ("questionnaire.activites",)),
        Part("La santé, la sécurité et le respect des personnes", ("questionnaire.respect",)),
        Part(
            "Bilan",
            tuple(
                f"questionnaire.{name}" for name in ("reussi", "ameliorer", "difficultes", "recommande", "rempli_le")
            ),
        ),
    ),
    PaperForm.EMARGEMENT: (
        Part("Dossier", _IDENTITY),
        Part("Mois", ("emargement.mois", "emargement.total_heures")),
        Part("Présence, jour par jour", ("emargement.jours",)),
        Part("Signatures", ("emargement.stagiaire_le", "emargement.tuteur_le")),
    ),
}


def plan_paper(dictionary: Dictionary, formation: Formation, session: Session, paper: PaperForm) -> Blank:
    """The plan of one of our papers for one formation and session; that of a formulaire is ``plan_blank``'s."""
    if paper is PaperForm.FORMULAIRE:
        return plan_blank(dictionary, formation, session)
    fields = dictionary.of(formation.settings).on(paper)
    asked = {field.path: field for field in asked_fields(dictionary.of(formation.settings), formation)}
    blocks = tuple(
        block
        for number, part in enumerate(_PARTS[paper])
        if (block := _block(part, f"{paper}.{number}", fields, asked, session)).rows
    )
    return Blank(formation, session, blocks, paper)


def modifiable(path: str) -> bool:
    """Whether a demande de modification asks a field of the record."""
    return any(_stands_in(path, name) for part in MODIFIABLE for name in part.paths)


def _block(part: Part, path: str, dictionary: Dictionary, asked: Mapping[str, Field], session: Session) -> Block:
    table = next((name for name in part.paths if name in dictionary.tables), None)
    if table is not None:
        rows = tuple(_table_rows(table, dictionary, session))
        return Block(table, part.title, rows, top=True, columns=dictionary.tables[table])
    fields = [
        asked.get(field.path, field)
        for name in part.paths
        for field in dictionary.fields.values()
        if _stands_in(field.path, name)
        if not part.today or field.path in asked or field.section == REFERENT
    ]
    cells = tuple(_cell(field, session, dictionary, bare=part.today) for field in fields)
    return Block(path, part.title, tuple(rows_of(cells)), top=True)


def _stands_in(path: str, name: str) -> bool:
    return path == name or path.startswith(f"{name}.")


def _table_rows(table: str, dictionary: Dictionary, session: Session) -> Iterator[Row]:
    """One row for each field of the object, or for each object that it holds."""
    fields = [field for path, field in dictionary.fields.items() if _stands_in(path, table)]
    rows: dict[str, list[Field]] = {}
    for field in fields:
        rows.setdefault(field.path if field.group == table else field.group, []).append(field)
    for name, held in rows.items():
        title = held[0].title if name == held[0].path else dictionary.titles[name]
        cells = (_cell(field, session, dictionary, bare=True) for field in held)
        yield Row(tuple(replace(cell, slots=_narrow(cell)) for cell in cells), title)


def _narrow(cell: Cell) -> tuple[Slot, ...]:
    return tuple(replace(slot, narrow=True) for slot in cell.slots)


def _cell(field: Field, session: Session, dictionary: Dictionary, *, bare: bool) -> Cell:
    return Cell(
        field=field,
        slots=slots_of_field(field, session),
        width=_WIDTHS.get(field.path, 0) or width_of(field),
        required=not bare and ALWAYS in field.required,
        name=dictionary.label(field.path),
        signed=field.path in _SIGNED,
    )
