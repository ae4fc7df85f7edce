"""Incomplete upload: a file that stayed half written; its sender's copy was cut, and somebody must send it again."""

from __future__ import annotations

from pathlib import Path

from pipeline.core.models import Form
from pipeline.dossier.context import Context
from pipeline.storage.spool import publish, put_aside, receive

FOLDER = "quarantaine"
_RAISON = """Fichier incomplet : {name}

Ce qui s’est passé : le fichier a cessé d’arriver avant sa fin (copie interrompue, partage coupé, disque plein).
Où : ce qui est arrivé est dans ce dossier, tel quel.
Que faire : copiez de nouveau le fichier entier dans le dossier d’arrivée ; s’il ne s’ouvre pas chez vous non plus,
demandez un nouvel envoi.
"""


def set_aside(path: Path, context: Context) -> Form:
    """Put an incomplete file in the quarantine with the reason, and out of the inbox; it is no form yet."""
    received = receive(path, context.workspace, context.today)
    form = received.form
    files = {"fichier-incomplet.bin": form.path.read_bytes(), "raison.txt": _RAISON.format(name=form.name).encode()}
    publish(context.workspace.outbox / FOLDER / form.id, files)
    put_aside(path, context.workspace, received)
    return form
