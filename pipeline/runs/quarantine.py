"""Dead-letter queue (quarantine): a form that failed again and again, or a file that came only in part, with why."""

from __future__ import annotations

import json
from pathlib import Path

from pipeline.core.models import Form
from pipeline.core.outcomes import ToComplete
from pipeline.core.refusals import rejected
from pipeline.dossier.context import Context
from pipeline.dossier.endings import Report, report_of
from pipeline.dossier.receiving import require_space
from pipeline.ledger.claims import Claim
from pipeline.ledger.entries import Entry, State
from pipeline.ledger.form_rows import Ending
from pipeline.storage.aside import put_aside
from pipeline.storage.spool import publish, receive, received_name

POISON = "LECTURE_IMPOSSIBLE"
_RAISON = """Ce formulaire a été mis de côté : {name}

Ce qui s’est passé : le programme s’est arrêté {attempts} fois en le traitant. Le fichier est peut-être abîmé.
Où : l’original est dans ce dossier, tel qu’il a été reçu ; rien n’est perdu.
Que faire : ouvrez-le. S’il s’affiche bien, imprimez-le dans un nouveau PDF et déposez ce PDF ; sinon, demandez un
nouvel envoi. Pour réessayer tel quel : liasse retry {id} --by NOM
Pour le retirer : liasse discard {id} --by NOM --reason MOTIF
"""
_CUT = """Fichier incomplet : {name}

Ce qui s’est passé : le fichier a cessé d’arriver avant sa fin (copie interrompue, partage coupé, disque plein).
Où : ce qui est arrivé est dans ce dossier, tel quel.
Que faire : copiez de nouveau le fichier entier dans le dossier d’arrivée ; s’il ne s’ouvre pas chez vous non plus,
demandez un nouvel envoi. Rien n’a été écrit à la personne qui l’a envoyé.
Pour le faire lire tel quel, lettre comprise s’il est illisible : liasse retry {id} --by NOM
Pour le retirer : liasse discard {id} --by NOM --reason MOTIF
"""


def quarantine(entry: Entry, claim: Claim, error: str, context: Context) -> Report:
    """Put a form aside with its original, ``raison.txt`` (French) and ``error.json``, and end its job."""
    form = entry.form
    folder = context.workspace.quarantine / form.id
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
    context.ledger.settle(claim, Ending(State.QUARANTINED, message, entry.formation, entry.stagiaire, folder=place))
    return report_of(entry, ToComplete(place, (rejected(POISON, message),)))


_TOLD = "Fichier incomplet : il a cessé d’arriver avant sa fin. Copiez-le de nouveau en entier, voir raison.txt."


def set_aside(path: Path, context: Context) -> Form:
    """Put an incomplete file aside with the reason, and out of the inbox: its copy was cut, and it is not read.

    It is in the ledger, in quarantine: a person may have it read as it is, or put it away. Raises as ``take_in``.
    """
    require_space(context)
    received = receive(path, context.workspace, context.today, announce=context.ledger.announce)
    form = received.form
    files = {
        "fichier-incomplet.bin": form.path.read_bytes(),
        "raison.txt": _CUT.format(name=form.name, id=form.id).encode(),
    }
    publish(context.workspace.quarantine / form.id, files)
    context.ledger.arrive(form, source=received.source, day=context.today, incomplete=_TOLD)
    put_aside(path, context.workspace, received)
    return form
