"""Forms brought to an end without making a document: what purge, erase and other workers then do with them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import people

from pipeline.core.models import Form
from pipeline.core.workspace import Workspace
from pipeline.ledger.claims import Claim
from pipeline.ledger.entries import State
from pipeline.ledger.form_rows import Ending
from pipeline.ledger.store import Ledger
from pipeline.storage.spool import publish, receive

MANIFEST = "manifest.json"


def received(ledger: Ledger, workspace: Workspace, name: str, data: dict[str, Any] | None = None) -> Form:
    """A form in the spool and in the queue; with ``data``, as if it had been read so."""
    path = workspace.inbox / name
    path.write_bytes(b"%PDF- " + name.encode())
    got = receive(path, workspace, people.TODAY)
    path.unlink()
    ledger.arrive(got.form, source=got.source, day=people.TODAY)
    if data is not None:
        ledger.keep_values(got.form.sha256, data)
    return got.form


def claimed(ledger: Ledger, form: Form) -> Claim:
    """That form's job in this hand."""
    claim = ledger.jobs.claim(lease=60, only=form.sha256)
    assert claim is not None
    return claim


def published(ledger: Ledger, workspace: Workspace, claim: Claim, folder: str) -> str:
    """A packet of the claimed form in the outbox, which the ledger only knows to be intended; its id."""
    packet = f"{claim.sha256[:8]}{claim.token:056d}"
    home = ledger.entries.get(claim.sha256).dossier
    ledger.packets.intend(claim, packet, Path(folder), dossier=home, beside=beside(ledger, claim.sha256))
    files = {
        MANIFEST: b'{"id": "%s", "edite_le": "2025-03-17", "pieces": [], "avertissements": 0}' % packet.encode(),
        "signature.json": b'{"signataires": []}',
    }
    publish(workspace.outbox / folder, files, manifest=MANIFEST)
    return packet


def beside(ledger: Ledger, sha256: str) -> set[str]:
    """The packets of the other forms of its dossier."""
    return {line.id for line in ledger.packets.beside(sha256)}


def delivered(ledger: Ledger, workspace: Workspace, form: Form, folder: str, *, replaces: str | None = None) -> str:
    """That form delivered, its packet in that folder of the outbox; the packet's id."""
    claim = claimed(ledger, form)
    packet = published(ledger, workspace, claim, folder)
    ending = Ending(State.DELIVERED, stagiaire="D’A", folder=Path(folder), packet=packet, replaces=replaces)
    ledger.settle(claim, ending)
    return packet
