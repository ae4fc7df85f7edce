"""Makers of attestations: of presence by month and on the whole, certificat de réalisation, attestation of the host.

Nothing effective is printed before its period is over, nor a day that nobody confirmed. A version after another says
which one it replaces, and what has changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

from pipeline.core.done_days import Presence, Source
from pipeline.core.french import duration, hours, long_date
from pipeline.core.grammar import capital, full_date
from pipeline.core.law import CONTINUING
from pipeline.core.life import Paper, PaperKind
from pipeline.core.models import Data, get
from pipeline.documents.life_papers import Sheet
from pipeline.documents.printable import Euros, Hours
from pipeline.dossier.context import Context
from pipeline.dossier.life.attestation_words import difference, month_name
from pipeline.dossier.life.course import WHOLE, Course, Figures, course_of, end_title, figures_of
from pipeline.dossier.life.holding import Life
from pipeline.dossier.life.issuing import Order, basis_of
from pipeline.dossier.life.paper_mails import attestation_mails
from pipeline.dossier.life.stays import places_of, tuteurs_of

_TITLES = {PaperKind.PRESENCE: "Attestation de présence", PaperKind.COMPLETION: "Certificat de réalisation"}
_TEMPLATES = {
    PaperKind.PRESENCE: "commun/attestation-de-presence.docx",
    PaperKind.COMPLETION: "commun/certificat-de-realisation.docx",
    PaperKind.END: "commun/attestation-de-fin-de-stage.docx",
}
_SIGNERS = {  # the school attests from the sheets; the host attests at the end, with both who were there (S2-22)
    PaperKind.PRESENCE: ("etablissement",),
    PaperKind.COMPLETION: ("etablissement",),
    PaperKind.END: ("organisme", "tuteur", "stagiaire"),
}
_SAID_BY = {
    Source.SHEET: "les feuilles d’émargement signées",
    Source.PLANNED: "la présence confirmée au service de scolarité",
    Source.TOLD: "la présence confirmée au service de scolarité",
}


def attestation_order(kind: PaperKind, context: Context, life: Life, key: str) -> Order | None:
    """The paper of a kind and key; ``None`` while its period runs, a day is not known, or it is not for them."""
    course = course_of(life)
    if not course.is_over(key, context.today):
        return None
    if kind is PaperKind.COMPLETION and get(life.data, "stagiaire.regime") not in CONTINUING:
        return None
    figures = figures_of(course, kind, key)
    if figures is None:
        return None
    title = paper_title(life, kind, key)
    sheet = Sheet(kind.value, title, _TEMPLATES[kind], _SIGNERS[kind])
    plain = Order(kind, key, (sheet,), figures, terms=terms_at(life, course, key))
    told = _told_of(_replaced(life, plain, basis_of(context, life, plain)), figures)
    values = {"attestation": _printed(course, kind, key, figures, told)}
    drafts = partial(attestation_mails, context, life, title=title, figures=figures, replaced=told)
    return replace(plain, sheets=(replace(sheet, values=values),), drafts=drafts)


def terms_at(life: Life, course: Course, key: str) -> Data:
    """The terms that a paper prints: of a month those of its last day, of the whole those in force."""
    return life.data if key == WHOLE else life.terms.on(course.period(key)[1])


def _replaced(life: Life, order: Order, basis: str) -> Paper | None:
    """The version that a paper takes the place of; of the one that counts already, the one before it."""
    counts = life.paper(order.kind, order.key)
    if counts is None or counts.basis != basis:
        return counts
    return next((one for one in life.papers if one.id == counts.replaces), None)


def paper_title(life: Life, kind: PaperKind, key: str) -> str:
    """What an attestation is called: of a month, or of the whole."""
    if kind is PaperKind.END:
        return end_title(life) or "Attestation de stage"
    return f"{_TITLES[kind]} – {month_name(key)}" if key != WHOLE else _TITLES[kind]


def _printed(
    course: Course, kind: PaperKind, key: str, figures: Figures, told: Mapping[str, Any] | None
) -> dict[str, Any]:
    first, last = course.period(key)
    part = course.presence.between(first, last)
    counted, excused = Decimal(figures["heures"]), Decimal(figures["heures"]) - Decimal(figures["presence"])
    away = part.planned - part.counted
    return {
        "du": first,
        "au": last,
        "lieu": " ; ".join(places_of(course.life.terms, first, last)),
        "tuteur": " ; ".join(tuteurs_of(course.life.terms, first, last)),
        "prevu": Hours(part.planned),
        "heures": Hours(counted),
        "jours": part.attended,
        "duree": duration(counted),
        "absence": Hours(away) if away else None,
        "conges": Hours(excused) if excused else None,
        "absences": [f"{long_date(one.day)} ({hours(one.missed)})" for one in part.absences],
        "colonne": "Mois" if key == WHOLE else "Jour",
        "lignes": list(_months(part) if key == WHOLE else _days(part)),
        "sources": sources(part),
        "verse": Euros(figures["verse"]) if kind is PaperKind.END and figures["verse"] else None,
        "remplace": told,
    }


def _days(part: Presence) -> Iterator[dict[str, Any]]:
    for one in part.days:
        yield {"quoi": full_date(one.day), "prevu": Hours(one.planned), "fait": Hours(one.counted or 0)}


def _months(part: Presence) -> Iterator[dict[str, Any]]:
    for month in part.months:
        inside = part.month(month)
        name = capital(month_name(month))
        yield {"quoi": name, "prevu": Hours(inside.planned), "fait": Hours(inside.counted)}


def sources(part: Presence) -> str:
    """What the figures rest on, in French."""
    said = dict.fromkeys(_SAID_BY[one.source] for one in part.days if one.source in _SAID_BY)
    return " et ".join(said) or "la convention"


def _told_of(before: Paper | None, figures: Figures) -> dict[str, Any] | None:
    """What is said of the version that is replaced: its day, its hours, and what has changed."""
    if before is None or "heures" not in before.body:
        return None
    return {
        "jour": long_date(before.day),
        "heures": hours(Decimal(before.body["heures"])),
        "ecart": difference(before.body, figures),
    }
