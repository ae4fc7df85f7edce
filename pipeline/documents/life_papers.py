"""Papers of a dossier's life: Word templates filled with the terms in force, converted, proved, put together.

The steps are those of a packet: what is printed is held against the page, and who signs has a field there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from pipeline import __version__
from pipeline.core.days import Days
from pipeline.core.formation import Signataire
from pipeline.core.life import Paper
from pipeline.core.models import Data, Edition, Kind, Reading, Record, packet_number
from pipeline.core.programme import Programme
from pipeline.core.units import ONLY_UNIT, Piece, Unit
from pipeline.core.workspace import Workspace
from pipeline.documents import finishing
from pipeline.documents.binding import logo as logos
from pipeline.documents.binding.manifest import as_json, signature_plan
from pipeline.documents.binding.marks import Stamp
from pipeline.documents.drafts import Draft
from pipeline.documents.filling import fill
from pipeline.documents.filling.composing import template_sha256
from pipeline.documents.libreoffice import convert_each
from pipeline.documents.sources import sha256
from pipeline.documents.template_context import Context, build_context, signing_parties

_VERSION = 1  # of what the manifest of a paper says


@dataclass(frozen=True)
class Sheet:
    """One document of a paper: its code, title and template, who signs it, and what it prints beside the terms.

    ``parties`` are signers whom the formation does not list: their persons stand in ``values``, or in the terms.
    """

    code: str
    title: str
    template: str
    signers: Sequence[str] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    parties: Sequence[Signataire] = ()


def record_of(data: Data, programme: Programme) -> Record:
    """Terms in force as a record that can be printed: they were checked when they were accepted."""
    reading = Reading("", Kind.ACROFORM, None, programme.formation.code, programme.session.annee, ())
    return Record(data, (), reading)


def templates_of(sheets: Sequence[Sheet], workspace: Workspace) -> list[str]:
    """What the templates are known by: part of what decides a paper's bytes. Raises TemplateError."""
    places = [workspace.model(sheet.template) for sheet in sheets]
    return [template_sha256(place.read_bytes(), workspace.beside(place)) for place in places]


def make_paper(
    paper: Paper,
    sheets: Sequence[Sheet],
    data: Data,
    *,
    programme: Programme,
    workspace: Workspace,
    number: str,
    convention: str,
    days: Days | None = None,
) -> dict[str, bytes]:
    """Every file of a paper by name: ``<kind>.pdf`` bound and marked, the Word files, who signs, the manifest.

    ``data`` are the terms that it prints, ``number`` is the dossier's, ``convention`` how they number the convention;
    ``days`` are those of the terms over time, where they are not those of ``data`` alone. Raises TemplateError (a
    template, or a printed value that is not on the page), ConversionError, ToolMissing.
    """
    formation, on = programme.formation, paper.day
    record, pieces = record_of(data, programme), formation.pieces()
    shared = build_context(record, programme, number=convention, on=on, pieces=pieces, days=days)
    drafts = [_draft(at, sheet, shared, programme, workspace) for at, sheet in enumerate(sheets, 1)]
    stamp = Stamp(packet_number(paper.id), Edition(number, paper.version))
    named = ((draft.title, draft.filled.docx) for draft in drafts if draft.filled)
    with closing(convert_each(named, pdfa=formation.pdfa)) as pdfs:
        papers = [
            finishing.finish(draft, _headed(draft, pdf, formation.logo), on, pdfa=formation.pdfa, stamp=stamp)
            for draft, (_, pdf) in zip(drafts, pdfs, strict=True)
        ]
    unit = Unit(ONLY_UNIT, sheets[0].title, f"{paper.name}.pdf")
    bound = finishing.bind(papers, (unit,), stamp, on, pdfa=formation.pdfa)
    people = {party["role"]: party for draft in drafts for party in draft.signing}
    files = {one.unit.file: one.pdf for one in bound}
    files |= {f"{document.code}.docx": document.docx for _, document in papers if document.docx is not None}
    if people:
        files["signature.json"] = as_json(signature_plan(bound, people, draft=False))
    files["record.json"] = as_json(data)
    return files | {"manifest.json": as_json(_manifest(paper, sheets, files, number))}


def _draft(at: int, sheet: Sheet, shared: Context, programme: Programme, workspace: Workspace) -> Draft:
    template = workspace.model(sheet.template)
    regime, minor = shared["stagiaire"]["regime"], shared["statut"]["mineur"]
    parties = (*_parties(programme, regime, sheet.signers, minor=minor), *sheet.parties)
    piece = Piece(sheet.code, sheet.title, sheet.template, None, frozenset(), tuple(sheet.signers), None)
    prefix = "" if at == 1 else f"d{at}-"
    signing = tuple(signing_parties(piece, parties, {**shared, **sheet.values}, prefix=prefix))
    values = {"piece": {"code": sheet.code, "titre": sheet.title, "numero": at}, "signataires": signing}
    filled = fill(
        template, {**shared, **values, **sheet.values}, title=sheet.title, beside=workspace.beside(template)
    )
    known = template_sha256(template.read_bytes(), workspace.beside(template))
    return Draft(sheet.code, sheet.title, at, sheet.template, known, filled, signing=signing)


def _parties(programme: Programme, regime: str, roles: Sequence[str], *, minor: bool) -> tuple[Signataire, ...]:
    """Those who sign the convention, and whoever signs this paper and not the convention under that régime."""
    signing = programme.formation.signataires(regime, minor=minor)
    others = {party.role: party for party in programme.formation.parties}
    missing = [others[role] for role in roles if role in others and role not in {one.role for one in signing}]
    return (*signing, *missing)


def _headed(draft: Draft, pdf: bytes, logo: bytes | None) -> bytes:
    placed = draft.filled is None or draft.filled.own_logo
    return pdf if placed or not logo else logos.with_logo(pdf, logo, draft.title)


def _manifest(paper: Paper, sheets: Sequence[Sheet], files: Mapping[str, bytes], number: str) -> dict[str, Any]:
    return {
        "version": _VERSION,
        "id": paper.id,
        "liasse": __version__,
        "papier": paper.kind.value,
        "cle": paper.key,
        "dossier": {"numero": number, "version": paper.version},
        "edite_le": paper.day,
        "remplace": paper.replaces,
        "contenu": dict(paper.body),
        "pieces": [{"code": sheet.code, "titre": sheet.title, "modele": sheet.template} for sheet in sheets],
        "fichiers": [
            {"nom": name, "octets": len(data), "sha256": sha256(data)} for name, data in sorted(files.items())
        ],
    }
