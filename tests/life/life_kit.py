"""Dossiers whose packet is made, for tests of what comes after."""

from __future__ import annotations

from typing import Any

import people
from delivering import received
from laid_lives import packed

from pipeline.core.formation import load_formation
from pipeline.core.life import PaperKind
from pipeline.core.models import put
from pipeline.documents.life_papers import Sheet
from pipeline.dossier.context import Context
from pipeline.dossier.life.holding import Life
from pipeline.dossier.life.issuing import Order


def delivered(context: Context, data: dict[str, Any] | None = None, code: str = people.COORDINATION) -> Life:
    """The dossier of a form whose packet lies in the outbox, made without LibreOffice."""
    data = data if data is not None else people.coordination()
    put(data, "formation", {"code": code, "annee": "2024-2025"})
    known = load_formation(context.workspace, code).settings["referent"]
    names = ("nom", "prenom", "fonction", "telephone", "courriel")
    put(data, "referent", {name: known[name] for name in names if known.get(name)})
    return packed(context, received(context.ledger, context.workspace, f"{code}.pdf", data), data, code)


def attestation(hours: str) -> Order:
    """A paper to issue, which says so many hours."""
    sheet = Sheet("attestation", "Attestation de stage", "commun/attestation.docx")
    return Order(PaperKind.END, "", (sheet,), {"heures": hours})
