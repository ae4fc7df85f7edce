"""What stands beside the PDF: ``signature.json`` for signing tools, ``manifest.json`` for who checks the packet."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline import __version__
from pipeline.core.models import Edition, Form, Record
from pipeline.core.programme import Programme
from pipeline.documents.binding.pieces import BoundUnit, Document
from pipeline.documents.binding.signers import Party, signer_entries

_VERSION = 2  # of what the manifest says; 1: one liasse.pdf, in which every piece was


def signature_plan(units: Sequence[BoundUnit], parties: Mapping[str, Party], *, draft: bool) -> dict[str, Any]:
    """Who signs what: for each PDF, in the order in which they are signed, its persons in order; ``parties`` by role.

    In a ``draft``, a projet, nothing is signed.
    """
    return {
        "version": 2,
        "projet": draft,
        "unites": [
            {
                "fichier": bound.unit.file,
                "titre": bound.unit.title,
                "signataires": signer_entries(bound.documents, parties),
            }
            for bound in units
            if not draft
        ],
    }


def manifest(
    identity: str,
    edition: Edition,
    record: Record,
    form: Form,
    *,
    programme: Programme,
    documents: Sequence[Document],
    units: Sequence[BoundUnit],
    files: Mapping[str, bytes],
    on: dt.date,
) -> dict[str, Any]:
    """What ``manifest.schema.json`` describes: where the packet comes from and the hash of each of its files."""
    return {
        "version": _VERSION,
        "id": identity,
        "liasse": __version__,
        "dossier": {"numero": edition.number, "version": edition.version},
        "formation": {
            "code": programme.formation.code,
            "annee": programme.session.annee,
            "sha256": programme.formation.sha256,
        },
        "formulaire": {
            "id": form.id,
            "sha256": form.sha256,
            "nature": record.reading.kind.value,
            "gabarit": record.reading.layout,
            "recu_le": form.received_on,
        },
        "edite_le": on,
        "projet": bool(record.lacks),
        "schema": programme.dictionary.version,
        "avertissements": record.warnings,
        "regles": [
            {
                "regle": problem.rule,
                "gravite": problem.severity.value,
                "message": problem.message,
                "levee": verdict.lifted is not None,
            }
            for verdict in record.verdicts
            for problem in verdict.problems
        ],
        "unites": [
            {"code": bound.unit.code, "titre": bound.unit.title, "fichier": bound.unit.file, "pages": bound.pages}
            for bound in units
        ],
        "pieces": [_piece(document) for document in documents],
        "fichiers": [
            {"nom": name, "octets": len(data), "sha256": hashlib.sha256(data).hexdigest()}
            for name, data in sorted(files.items())
        ],
    }


def _piece(document: Document) -> dict[str, Any]:
    joined = document.joined
    told = {
        "code": document.code,
        "titre": document.title,
        "pages": document.pages,
        "unite": document.unit,
        "modele": document.template,
        "modele_sha256": document.template_sha256,
    }
    return told | ({"jointe": {"nom": joined.name, "par": joined.by, "le": joined.on}} if joined else {})


def as_json(value: Any) -> bytes:  # noqa: ANN401 -- any JSON value
    """The bytes of a JSON file that people can read; dates are written ISO."""
    return (json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n").encode(errors="replace")
