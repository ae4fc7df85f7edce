"""What stands beside the PDF: ``signature.json`` for signing tools, ``manifest.json`` for who checks the packet."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any

from pipeline import __version__
from pipeline.core.models import Edition, Form, Record
from pipeline.core.programme import Programme
from pipeline.documents.binding.assembly import packet_boxes
from pipeline.documents.binding.pieces import BoundUnit, Document, SignatureBox

_VERSION = 2  # of what the manifest says; 1: one liasse.pdf, in which every piece was


def signature_plan(units: Sequence[BoundUnit], people: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """What is signed, in the order in which it is: each unit with its file, its title and who signs it."""
    return {
        "unites": [
            {
                "fichier": bound.unit.file,
                "titre": bound.unit.title,
                "signataires": unit_signers(bound.documents, people),
            }
            for bound in units
        ]
    }


def unit_signers(documents: Sequence[Document], people: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Who signs one unit where, in order: fields, boxes in points from the bottom left, names and addresses."""
    return [
        _signature(order, box, people[box.role], _piece_at(box.page, documents))
        for order, box in enumerate(packet_boxes(documents), 1)
    ]


def _piece_at(page: int, documents: Sequence[Document]) -> str:
    ends = accumulate(document.pages for document in documents)
    return next(document.code for document, end in zip(documents, ends, strict=True) if page <= end)


def _signature(order: int, box: SignatureBox, person: Mapping[str, Any], piece: str) -> dict[str, Any]:
    return {
        "ordre": order,
        "champ": box.name,
        "role": box.role,
        **{name: person[name] for name in ("titre", "nom", "fonction", "courriel", "telephone")},
        "obligatoire": True,
        "piece": piece,
        "page": box.page,
        "boite": {"origine": "bas-gauche", "points": list(box.box)},
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
