"""Dossiers whose packet is made, for tests of what comes after."""

from __future__ import annotations

from typing import Any

import people
from walking import sent

from pipeline.core.life import PaperKind
from pipeline.core.outcomes import Delivered
from pipeline.documents.life_papers import Sheet
from pipeline.dossier.context import Context
from pipeline.dossier.life.holding import Life, life_of
from pipeline.dossier.life.issuing import Order


def delivered(context: Context, data: dict[str, Any] | None = None, code: str = people.COORDINATION) -> Life:
    """The dossier of a form that was sent and whose packet is made."""
    report = sent(context, "formulaire.pdf", data if data is not None else people.coordination(), code)
    assert isinstance(report.outcome, Delivered), report
    return life_of(context, context.ledger.entries.get(report.form.sha256).dossier)


def attestation(hours: str) -> Order:
    """A paper to issue, which says so many hours."""
    sheet = Sheet("attestation", "Attestation de stage", "commun/attestation.docx")
    return Order(PaperKind.END, "", (sheet,), {"heures": hours})
