"""Drafts that go with a paper: one mail for each person who gets it, in ``outbox/courrier``, never sent from here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from pipeline.core.french import hours, long_date
from pipeline.core.grammar import capital
from pipeline.core.life import Paper, PaperKind
from pipeline.core.models import get
from pipeline.documents.mail_drafts import Attached, draft, words_of
from pipeline.documents.nouns import nouns
from pipeline.documents.printable import full_name
from pipeline.documents.template_context import school_settings
from pipeline.dossier.context import Context
from pipeline.dossier.life.course import EMPLOYER, HOST, STAGIAIRE, Figures
from pipeline.dossier.life.holding import Life

_DEFINITE = {
    PaperKind.PRESENCE: "l’attestation de présence",
    PaperKind.COMPLETION: "le certificat de réalisation",
    PaperKind.END: "l’attestation de stage",
}
_ADDRESS = {  # a financeur has none in the dossier: a person writes it
    EMPLOYER: "employeur.courriel_attestations",
    STAGIAIRE: "stagiaire.courriel",
    HOST: "tuteur.courriel",
}


def attestation_mails(
    context: Context, life: Life, paper: Paper, *, title: str, figures: Figures, replaced: Mapping[str, Any] | None
) -> dict[str, bytes]:
    """The drafts of an attestation, by file name: whoever got the version before gets this one too."""
    settings = school_settings(life.programme.formation)
    pdf = context.workspace.outbox / paper.folder / f"{paper.name}.pdf"
    attached = Attached(f"{paper.name}-v{paper.version}.pdf", "application/pdf", pdf.read_bytes())
    first, last = (dt.date.fromisoformat(day) for day in figures["periode"])
    made: dict[str, bytes] = {}
    for at, role in enumerate(_roles(life, paper, figures), 1):
        values = {
            **settings,
            "formation": {"intitule": settings["intitule"], "intitule_court": settings["intitule_court"]},
            "mot": nouns(life.programme.formation, life.data),
            "papier": capital(title),
            "papier_defini": _DEFINITE[paper.kind],
            "destinataire": role,
            "stagiaire": full_name(get(life.data, "stagiaire")),
            "du": long_date(first),
            "au": long_date(last),
            "heures": hours(Decimal(figures["heures"])),
            "prevu": hours(Decimal(figures["prevu"])),
            "remplace": replaced,
        }
        name = f"{life.dossier.number}-{paper.name}-v{paper.version}-{at}"
        made[f"{name}.eml"] = draft(
            f"{paper.id}-{at}",
            words_of(context.workspace, "attestation", values),
            sender=settings["etablissement"].get("courriel") or "",
            to=address_of(life, role),
            attached=(attached,),
        )
    return made


def address_of(life: Life, role: str) -> str:
    """Where a role is written to; empty where the dossier has no address."""
    path = _ADDRESS.get(role)
    return str(get(life.data, path) or "") if path else ""


def _roles(life: Life, paper: Paper, figures: Figures) -> Iterator[str]:
    before = next((one for one in life.papers if one.id == paper.replaces), None)
    yield from dict.fromkeys((*figures["destinataires"], *(before.body.get("destinataires", ()) if before else ())))
