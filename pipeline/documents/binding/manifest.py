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
from pipeline.documents.binding.pieces import Document
from pipeline.documents.binding.signers import Party, signer_entries


def signature_plan(units: Sequence[tuple[str, Sequence[Document], Mapping[str, Party]]]) -> dict[str, Any]:
    """Who signs what: for each PDF (its name, the pieces bound in it, the parties by role) its persons in order.

    Without any PDF to sign it is a projet.
    """
    return {
        "version": 2,
        "projet": not units,
        "unites": [
            {"fichier": name, "signataires": signer_entries(documents, parties)} for name, documents, parties in units
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
    files: Mapping[str, bytes],
    on: dt.date,
) -> dict[str, Any]:
    """What ``manifest.schema.json`` describes: where the packet comes from and the hash of each of its files."""
    return {
        "version": 1,
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
        "pieces": [
            {
                "code": document.code,
                "titre": document.title,
                "pages": document.pages,
                "modele": document.template,
                "modele_sha256": document.template_sha256,
            }
            for document in documents
        ],
        "fichiers": [
            {"nom": name, "octets": len(data), "sha256": hashlib.sha256(data).hexdigest()}
            for name, data in sorted(files.items())
        ],
    }


def as_json(value: Any) -> bytes:  # noqa: ANN401 -- any JSON value
    """The bytes of a JSON file that people can read; dates are written ISO."""
    return (json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n").encode(errors="replace")
