"""Avenants as papers: what each says article by article, who signs it, the calendar that it redraws."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from pipeline.checks import Since
from pipeline.core.amendable import Amendable
from pipeline.core.days import Days
from pipeline.core.formation import Signataire
from pipeline.core.french import counted, euros, hours
from pipeline.core.grammar import capital, full_date
from pipeline.core.law import is_minor
from pipeline.core.life import Fact, PaperKind
from pipeline.core.models import Data, get, packet_number
from pipeline.core.monthly_pay import paid_by_month
from pipeline.core.terms import Terms
from pipeline.core.units import Piece
from pipeline.documents import rewording
from pipeline.documents.life_papers import Sheet
from pipeline.documents.months import presence_of
from pipeline.documents.nouns import Noun, nouns, title_of
from pipeline.documents.printable import full_name
from pipeline.documents.template_context import field_values
from pipeline.dossier.context import Context
from pipeline.dossier.life.attestation_words import month_name
from pipeline.dossier.life.attestations import paper_title
from pipeline.dossier.life.changing import Request, asked_of, judged
from pipeline.dossier.life.holding import Life
from pipeline.dossier.life.issuing import Order
from pipeline.dossier.life.signing import edition_day

_TEMPLATE, _CALENDAR = "avenant.docx", "commun/calendrier.docx"
_CONVENTION = "convention"
_WITH_CALENDAR = "calendrier_coherent"  # the control whose piece carries the calendar
_PERSONAL = ("tuteur", "referent")  # who signs in their own name: the one before signs too, where a party
_PRINTED = ("civilite", "nom", "prenom", "fonction")  # what the calendar's piece says of a tuteur
_BEFORE = "precedent_"  # no dash: the role is what follows the last one in a field’s name


def avenant_order(context: Context, life: Life, key: str) -> Order | None:
    """The avenant of a change that was accepted, by its number; ``None`` for another.

    It is made of the terms as it left them: what came later does not change it.
    """
    found = next((one for one in asked_of(life) if one.key == key), None)
    word = judged(life, key) if found else None
    if found is None or word is None or word.body["avis"] != "favorable":
        return None
    number, request = int(key), Request.of(found)
    before, after = _terms(life, number - 1), _terms(life, number)
    session = life.programme.session
    old, new = before.days(session), after.days(session)
    drawn = new is not None and not new.is_assumed
    calendar = _calendar(life) if drawn and _differ(old, new) else None
    if drawn and calendar is None and _is_another(before.current, after.current, "tuteur"):
        calendar = _calendar_piece(life)
    sheets = [_avenant(context, life, found, word, calendar), *([calendar] if calendar else [])]
    figures = {"numero": number, "effet": request.effect_on.isoformat(), **_effect(old, new)}
    return Order(PaperKind.AVENANT, key, tuple(sheets), figures, terms=after.whole(session), days=new)


def convention_of(life: Life) -> Piece:
    """The piece of its packet that is the convention: of that code, else the one that most parties sign."""
    regime = str(get(life.terms.convention, "stagiaire.regime") or "")
    pieces = [one for one in life.programme.formation.pieces() if one.belongs_to(regime) and one.template]
    named = next((one for one in pieces if one.code == _CONVENTION), None)
    return named or max(pieces, key=lambda one: len(one.signataires))


def _terms(life: Life, number: int) -> Terms:
    """The terms with the avenants up to that number."""
    kept = tuple(one for one in life.terms.avenants if one.number <= number)
    return Terms(life.terms.convention, kept)


def _differ(old: Days | None, new: Days | None) -> bool:
    return (old.hours if old else {}) != (new.hours if new else {})


def _avenant(context: Context, life: Life, asked: Fact, word: Fact, calendar: Sheet | None) -> Sheet:
    convention = convention_of(life)
    number, request = int(asked.key), Request.of(asked)
    before, after = _terms(life, number - 1), _terms(life, number)
    formation, dictionary = life.programme.formation, life.programme.dictionary
    amendable, months = Amendable.load(context.workspace), list(_months(life, after))
    words = nouns(formation, field_values(after.current, dictionary))
    told = {
        "numero": number,
        "effet": request.effect_on,
        "motif": _motive(amendable.motives.get(request.motive, request.motive), words),
        "demande": {"par": request.asked_by, "le": request.asked_on},
        "accepte": {
            "par": word.body["par"],
            "le": dt.date.fromisoformat(word.body["le"]),
            "pour": bool(word.body.get("raison")),
        },
        "abrege": Since(request.motive).shortened,
        "calendrier": calendar.title if calendar else None,
        "convention_du": edition_day(life),
        "articles": rewording.articles(
            request.changes,
            before.current,
            after.current,
            amendable=amendable,
            template=str(convention.template),
            dictionary=dictionary,
            words=words,
        ),
        "effets": list(_effects(life, before, after)),
        "mois": months if months != list(_months(life, before)) else [],
        "attestations": [_called(life, name) for name in word.body.get("attestations", ())],
        "precedents": [one.title for one in convention_pieces(life, convention)],
    }
    own = f"{formation.code}/{_TEMPLATE}"
    template = own if context.workspace.model(own).is_file() else f"commun/{_TEMPLATE}"
    values = {"avenant": told, "avant": field_values(before.current, dictionary)}
    parties, roles = _parties(life, after.current, convention, values)
    title = f"Avenant n° {number} à la convention de stage n° {packet_number(life.packet.id)}"
    return Sheet("avenant", title, template, roles, values, parties)


def convention_pieces(life: Life, convention: Piece) -> Iterator[Piece]:
    """The other pieces that the parties signed with it, or before: the change holds for them too."""
    regime = str(get(life.terms.convention, "stagiaire.regime") or "")
    for piece in life.programme.formation.pieces():
        if piece.belongs_to(regime) and piece.signataires and piece.template and piece.code != convention.code:
            yield piece


def _parties(
    life: Life, after: Data, convention: Piece, values: Mapping[str, Any]
) -> tuple[tuple[Signataire, ...], tuple[str, ...]]:
    """The parties that the formation does not list as such, then the roles in the order in which they sign.

    Those of the convention: nobody else (« signé des mêmes parties »). Where the tuteur or the référent is one and
    becomes another, whoever was it until then signs too.
    """
    formation, regime = life.programme.formation, str(get(after, "stagiaire.regime") or "")
    before, mot = values["avant"], {"mot": nouns(life.programme.formation, values["avant"])}
    minor = is_minor(after, edition_day(life), life.programme.law.majority)
    listed = {one.role for one in formation.signataires(regime, minor=minor)}
    roles = [role for role in convention.signataires if role in listed]
    former: list[Signataire] = []
    known = {one.role: one for one in formation.parties}
    for role in _PERSONAL:
        if role not in roles or not _name(before, role) or _name(before, role) == _name(after, role):
            continue
        usual = known[role]
        title = f"{title_of(role, mot, usual.title)}, jusqu’alors"
        former.append(replace(usual, role=f"{_BEFORE}{role}", title=title, person=f"avant.{role}"))
        roles.insert(roles.index(role), f"{_BEFORE}{role}")
    return tuple(former), tuple(roles)


def _motive(said: str, words: Mapping[str, Noun]) -> str:
    """« changement de référente de stage »: a motive in the formation's words."""
    for role, usual in (("tuteur", "de tuteur"), ("referent", "de référent")):
        said = said.replace(usual, words[role].de) if said.endswith(usual) else said
    return said


def _is_another(before: Data, after: Data, role: str) -> bool:
    return any(get(before, f"{role}.{name}") != get(after, f"{role}.{name}") for name in _PRINTED)


def _name(data: Data, role: str) -> str:
    return full_name(get(data, role) or {}) or ""


def _calendar(life: Life) -> Sheet:
    """The piece that carries the calendar, drawn again; a page of its own where that is no piece."""
    return _calendar_piece(life) or Sheet("calendrier", "Calendrier du stage", _CALENDAR)


def _calendar_piece(life: Life) -> Sheet | None:
    """The piece of the packet that carries the calendar; it names the tuteur too."""
    formation = life.programme.formation
    codes = [line.get("piece") for line in formation.rules if line["controle"] == _WITH_CALENDAR]
    regime = str(get(life.terms.convention, "stagiaire.regime") or "")
    pieces = (one for one in formation.pieces() if one.code in codes and one.template and one.belongs_to(regime))
    piece = next(pieces, None)
    return Sheet(piece.code, piece.title, str(piece.template)) if piece else None


def _effect(old: Days | None, new: Days | None) -> dict[str, Any]:
    """The hours and days before and after, plain."""
    told = {}
    for name, days in (("avant", old), ("apres", new)):
        told[name] = {"heures": str(days.total), "jours": days.count} if days else {"heures": "0", "jours": 0}
    return told


def _effects(life: Life, before: Terms, after: Terms) -> Iterator[dict[str, str]]:
    """What becomes of the length of the stage, its days and its gratification, where one of them changes."""
    session = life.programme.session
    old, new = before.days(session), after.days(session)
    rows = [
        ("Durée totale de présence", _length(old), _length(new)),
        *([("Présence hebdomadaire", _weekly(old), _weekly(new))] if _says_mean(life) else []),
        ("Premier jour", full_date(old.first) if old else "—", full_date(new.first) if new else "—"),
        ("Dernier jour", full_date(old.last) if old else "—", full_date(new.last) if new else "—"),
        ("Gratification prévue, au total", _paid(life, before, old), _paid(life, after, new)),
    ]
    for label, was, becomes in rows:
        if was != becomes:
            yield {"libelle": label, "ancienne": was, "nouvelle": becomes}


def _length(days: Days | None) -> str:
    return f"{hours(days.total)}, en {counted(days.count, 'jour')}" if days else "aucune"


def _says_mean(life: Life) -> bool:
    """Whether the convention gives each day: it prints the mean of its weeks then."""
    days = Terms(life.terms.convention).days(life.programme.session)
    return days is not None and days.is_calendar


def _weekly(days: Days | None) -> str:
    """« 11 h 40 par semaine en moyenne », as the convention says it."""
    return presence_of(days, {}).rythme if days else "aucune"


def _called(life: Life, name: str) -> str:
    """« Attestation de présence – avril 2025 » for the name of a paper."""
    kinds = (PaperKind.PRESENCE, PaperKind.COMPLETION, PaperKind.END)
    kind = next((one for one in kinds if name == one.value or name.startswith(f"{one.value}-")), None)
    return paper_title(life, kind, name.removeprefix(kind.value).lstrip("-")) if kind else name


def _paid(life: Life, terms: Terms, days: Days | None) -> str:
    paid = paid_by_month(terms, life.programme.session, days.hours if days else {})
    return euros(sum(paid.values(), Decimal())) if paid else "aucune"


def _months(life: Life, after: Terms) -> Iterator[dict[str, Any]]:
    """The gratification of each month, by the terms of its days; nothing where none is granted."""
    session = life.programme.session
    days = after.days(session)
    if days is None or days.is_assumed:
        return
    for (year, month), amount in paid_by_month(after, session, days.hours).items():
        yield {
            "titre": capital(month_name(f"{year}-{month:02}")),
            "heures": hours(days.by_month[year, month]),
            "montant": euros(amount),
        }
