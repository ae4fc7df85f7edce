"""Dead-letter queue (quarantine): a form that failed unexpectedly again and again, kept whole, with why."""

from __future__ import annotations

import json

from pipeline.core.models import rejected
from pipeline.core.outcomes import ToComplete
from pipeline.dossier.context import Context
from pipeline.dossier.endings import Report, report_of
from pipeline.ledger.claims import Claim
from pipeline.ledger.entries import Entry, State
from pipeline.ledger.store import Ending
from pipeline.storage.spool import publish, received_name

FOLDER = "quarantaine"
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
    files = {
        received_name(form): form.path.read_bytes(),
        "raison.txt": _RAISON.format(name=form.name, attempts=claim.attempt - 1, id=form.id).encode(),
        "error.json": (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode(),
    }
    publish(folder, files, turn=lambda: context.ledger.jobs.held(claim))
    place = folder.relative_to(context.workspace.outbox)
    message = f"Mis en quarantaine après {claim.attempt - 1} essais : voir raison.txt."
    ending = Ending(State.QUARANTINED, message, entry.formation, entry.stagiaire, folder=place)
    context.ledger.settle(claim, ending)
    outcome = ToComplete(place, (rejected(POISON, message),))
    return report_of(entry, outcome)
