"""The quarantine: a form that killed its worker or failed unexpectedly again and again, kept whole, with why."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from pipeline.core.errors import ConfigError
from pipeline.core.models import rejected
from pipeline.core.outcomes import ToComplete
from pipeline.dossier.context import Context
from pipeline.dossier.journey import Report
from pipeline.ledger.jobs import Claim
from pipeline.ledger.store import Ending, Entry, State
from pipeline.storage.spool import publish

FOLDER = "quarantaine"
_PRINTED = (State.DELIVERED, State.SUPERSEDED)
POISON = "LECTURE_IMPOSSIBLE"
_RAISON = """Ce formulaire a été mis de côté : {name}

Ce qui s’est passé : le programme s’est arrêté {attempts} fois en le traitant. Le fichier est peut-être abîmé.
Où : l’original est dans ce dossier, tel qu’il a été reçu ; rien n’est perdu.
Que faire : ouvrez-le. S’il s’affiche bien, imprimez-le dans un nouveau PDF et déposez ce PDF ; sinon, demandez un
nouvel envoi. Pour réessayer tel quel : liasse retry {id} --by NOM
Pour le retirer : liasse discard {id} --by NOM --reason MOTIF
"""


def quarantine(entry: Entry, claim: Claim, error: str, context: Context) -> Report:
    """Put a form aside with its original, ``raison.txt`` (French) and ``error.json``, and end its job."""
    form = entry.form
    folder = context.workspace.outbox / FOLDER / form.id
    told = {
        "id": form.id,
        "sha256": form.sha256,
        "attempts": claim.attempt - 1,
        "error": error,
        "received_on": form.received_on.isoformat(),
    }
    suffix = Path(form.name).suffix.lower()
    files = {
        f"formulaire-recu{suffix if suffix.isascii() and len(suffix) < 6 else '.bin'}": form.path.read_bytes(),
        "raison.txt": _RAISON.format(name=form.name, attempts=claim.attempt - 1, id=form.id).encode(),
        "error.json": (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode(),
    }
    publish(folder, files, turn=lambda: context.ledger.jobs.held(claim))
    place = folder.relative_to(context.workspace.outbox)
    message = f"Mis en quarantaine après {claim.attempt - 1} essais : voir raison.txt."
    ending = Ending(State.QUARANTINED, message, entry.formation, entry.stagiaire, folder=place)
    context.ledger.settle(claim, ending)
    outcome = ToComplete(place, (rejected(POISON, message),))
    return Report(form, outcome, entry.formation, entry.stagiaire)


def retry(entry: Entry, context: Context, *, by: str) -> None:
    """Make a form ready again that failed, was put in quarantine, or waits for what another form kept from it.

    Raises ConfigError for one that is over.
    """
    if entry.state not in {State.QUARANTINED, State.FAILED, State.RECEIVED, State.WAITING}:
        raise ConfigError(f"{entry.form.id} is {entry.state.value}: only a form that failed or waits is tried again.")
    context.ledger.take_up(entry.form, context.today, event="retry", actor=by)


def discard(entry: Entry, context: Context, *, by: str, reason: str) -> None:
    """Put a form away by a person's word; raises ConfigError when a packet was made of it."""
    intended = context.ledger.packets.intended(entry.form.sha256)
    if not context.ledger.put_away(entry.form, State.DISCARDED, by=by, reason=reason, unless=_PRINTED):
        raise ConfigError(f"{entry.form.id} has a packet. 'liasse erase' removes a person's data, if that is meant.")
    for line in intended:  # of a worker that died after it was in the outbox
        shutil.rmtree(context.workspace.outbox / line.folder, ignore_errors=True)
