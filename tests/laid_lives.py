"""Lives for tests: packets with their plan of signatures, and papers, laid as the steps that make them lay them."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import people
from delivering import beside, claimed, received
from pypdf import PdfWriter

from pipeline.core.life import Paper, PaperKind, PaperState
from pipeline.core.models import Form
from pipeline.dossier.context import Context
from pipeline.dossier.life.holding import Life, life_of
from pipeline.ledger.entries import State
from pipeline.ledger.form_rows import Ending
from pipeline.storage.spool import publish

SESSION = "2024-2025"
PARTIES = {
    people.COORDINATION: {"liasse": ("stagiaire", "organisme", "employeur", "etablissement")},
    people.CNAM: {
        "contrat": ("stagiaire", "tuteur", "referent"),
        "convention": ("stagiaire", "organisme", "tuteur", "referent", "etablissement"),
    },
}


def pdf(pages: int = 1, title: str = "") -> bytes:
    """A PDF of empty sheets."""
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    writer.add_metadata({"/Title": title})
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def begun(context: Context, name: str = "a.pdf", code: str = people.COORDINATION, **changes: Any) -> Life:
    """A dossier whose packet is ready to be signed by the parties of its formation."""
    make = people.cnam if code == people.CNAM else people.coordination
    data = make(formation={"code": code, "annee": SESSION}, **changes)
    form = received(context.ledger, context.workspace, name, data)
    return packed(context, form, data, code)


def packed(context: Context, form: Form, data: Mapping[str, Any], code: str) -> Life:
    """That form delivered, its packet in the outbox with all that a manifest says of it."""
    claim = claimed(context.ledger, form)
    entry = context.ledger.entries.get(form.sha256)
    packet = hashlib.sha256(f"{form.sha256} {claim.token}".encode()).hexdigest()
    folder = Path(code) / SESSION / f"{form.id}_{packet[:12]}"
    home = beside(context.ledger, form.sha256)
    context.ledger.packets.intend(claim, packet, folder, dossier=entry.dossier, beside=home)
    publish(
        context.workspace.outbox / folder, _files(packet, form, entry.number, data, code), manifest="manifest.json"
    )
    name = data["stagiaire"]["nom"]
    ending = Ending(State.DELIVERED, formation=code, stagiaire=name, folder=folder, packet=packet)
    context.ledger.settle(claim, ending)
    return life_of(context, entry.dossier)


def _files(packet: str, form: Form, number: str, data: Mapping[str, Any], code: str) -> dict[str, bytes]:
    units = PARTIES[code]
    names = {unit: "liasse.pdf" if len(units) == 1 else f"liasse-{at}-{unit}.pdf" for at, unit in enumerate(units, 1)}
    files = {name: pdf(2, unit) for unit, name in names.items()}
    files["signature.json"] = _plan({names[unit]: roles for unit, roles in units.items()})
    files["record.json"] = json.dumps(data, ensure_ascii=False).encode()
    return files | {
        "manifest.json": _json(
            {
                "version": 2,
                "id": packet,
                "dossier": {"numero": number, "version": 1},
                "formation": {"code": code, "annee": SESSION, "sha256": "0" * 64},
                "formulaire": {"id": form.id, "sha256": form.sha256, "recu_le": form.received_on},
                "edite_le": people.TODAY,
                "projet": False,
                "avertissements": 0,
                "regles": [],
                "unites": [
                    {"code": unit, "titre": unit, "fichier": name, "pages": 2} for unit, name in names.items()
                ],
                "pieces": [],
                "fichiers": _hashes(files),
            }
        )
    }


def issued(
    context: Context, dossier: str, kind: PaperKind, key: str = "", *, signers: Sequence[str] = (), basis: str = "1"
) -> Paper:
    """A paper of a dossier in the outbox, that counts."""
    paper = intended(context, dossier, kind, key, basis=basis)
    lay(context, paper, signers)
    entries = context.ledger.entries.of_dossier(dossier)
    context.ledger.life.settle(paper, form=entries[0].form.sha256)
    settled = context.ledger.life.paper(paper.id)
    assert settled is not None
    return settled


def intended(context: Context, dossier: str, kind: PaperKind, key: str = "", *, basis: str = "1") -> Paper:
    """A paper that the ledger only knows to be intended."""
    stem = Path(people.COORDINATION) / SESSION / f"papier-{kind.value}{key}"
    body = {"basis": basis, "heures": "140"}
    wanted = Paper("", dossier, kind, key, 0, PaperState.INTENDED, stem, context.today, "", body)
    paper = context.ledger.life.intend(wanted, seen=context.ledger.life.facts(dossier).seen)
    assert paper is not None
    return paper


def lay(context: Context, paper: Paper, signers: Sequence[str] = ()) -> None:
    """The files of a paper in the outbox."""
    number = context.ledger.dossiers.get(paper.dossier).number
    files = {f"{paper.name}.pdf": pdf(1, paper.name), "record.json": b"{}"}
    if signers:
        files["signature.json"] = _plan({f"{paper.name}.pdf": signers})
    told = {
        "version": 1,
        "id": paper.id,
        "papier": paper.kind.value,
        "cle": paper.key,
        "dossier": {"numero": number, "version": paper.version},
        "edite_le": paper.day,
        "remplace": paper.replaces,
        "contenu": dict(paper.body),
        "pieces": [],
        "fichiers": _hashes(files),
    }
    publish(context.workspace.outbox / paper.folder, files | {"manifest.json": _json(told)}, manifest="manifest.json")


def _plan(units: Mapping[str, Sequence[str]]) -> bytes:
    signers = {
        role: {
            "nom": role.upper(),
            "prenom": "Une",
            "fonction": None,
            "courriel": f"{role}@example.org",
            "telephone": None,
            "boites": [{"champ": f"sign-{role}", "role": role, "titre": f"Partie {role}"}],
        }
        for roles in units.values()
        for role in roles
    }
    told = [{"fichier": file, "signataires": [signers[role] for role in roles]} for file, roles in units.items()]
    return _json({"version": 2, "projet": False, "unites": told})


def _hashes(files: Mapping[str, bytes]) -> list[dict[str, Any]]:
    return [
        {"nom": name, "octets": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        for name, data in sorted(files.items())
    ]


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, default=str).encode()
