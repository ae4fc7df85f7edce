"""A file that stayed half written: its sender's copy was cut, and somebody must send it again."""

from __future__ import annotations

from pathlib import Path

from pipeline.ledger.spool import publish, put_aside, receive
from pipeline.models import Form
from pipeline.understanding import Desk

FOLDER = "quarantaine"
_RAISON = """Fichier incomplet : {name}

Ce qui s’est passé : le fichier a cessé d’arriver avant sa fin (copie interrompue, partage coupé, disque plein).
Où : ce qui est arrivé est dans ce dossier, tel quel.
Que faire : copiez de nouveau le fichier entier dans le dossier d’arrivée ; s’il ne s’ouvre pas chez vous non plus,
demandez un nouvel envoi.
"""


def set_aside(path: Path, desk: Desk) -> Form:
    """Put an incomplete file in the quarantine with the reason, and out of the inbox; it is no form yet."""
    received = receive(path, desk.workspace, desk.today)
    form = received.form
    files = {"fichier-incomplet.bin": form.path.read_bytes(), "raison.txt": _RAISON.format(name=form.name).encode()}
    publish(desk.workspace.outbox / FOLDER / form.id, files)
    put_aside(path, desk.workspace, received)
    return form
