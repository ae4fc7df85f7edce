"""Template context: the names that Word templates print. ``docs/modeles.md`` lists them for the scolarité."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from pipeline.core.agreed import presence_hours
from pipeline.core.countries import ADDRESSES
from pipeline.core.days import Days, days_of
from pipeline.core.fields import Dictionary
from pipeline.core.formation import TO_COMPLETE, Formation, Session, Signataire
from pipeline.core.french import DAYS_A_MONTH, duration, siret, split_duration
from pipeline.core.gratification import Gratification, gratification
from pipeline.core.law import (
    AGENTS,
    EMPLOYEES,
    WITH_EMPLOYER,
    Law,
    first_day,
    is_abroad,
    is_host_abroad,
    is_minor,
    last_day_under_age,
    same_company,
)
from pipeline.core.models import Data, Record, get, put
from pipeline.core.programme import Programme
from pipeline.core.school import ROOTS, SETTINGS, Setting, SettingKind
from pipeline.core.units import Piece
from pipeline.documents.attendance import attendance
from pipeline.documents.facts import facts
from pipeline.documents.months import draw_months, presence_of
from pipeline.documents.nouns import nouns, title_of
from pipeline.documents.particulars import dpp_place, immersion, put_particulars
from pipeline.documents.printable import (
    Address,
    Euros,
    Hours,
    Phone,
    Picture,
    address,
    full_name,
    printable,
)
from pipeline.documents.weekly_hours import half_days

_PERSONS = (
    "stagiaire",
    "stagiaire.representant_legal",
    "stagiaire.second_representant_legal",
    "tuteur",
    "referent",
    "organisme.signataire",
    "organisme.second_signataire",
    "employeur.signataire",
)

Context = dict[str, Any]


def build_context(
    record: Record,
    programme: Programme,
    *,
    number: str,
    on: dt.date,
    pieces: Sequence[Piece],
    days: Days | None = None,
) -> Context:
    """Everything that all the pieces of one packet may print; ``on`` is the day of edition.

    ``days`` are those of presence, of terms that changed on the way; else those of the record.

    A setting that nobody gave is ``None``; in a projet, what is missing before it can be signed is « À COMPLÉTER ».
    """
    context = field_values(record.data, programme.dictionary)
    days = days or days_of(record.data, programme.session)
    put_particulars(context, record.data, days)
    context["statut"] = _status(record, on, programme.law)
    context["dpp"]["etablissement"] = dpp_place(context)
    settings, length = school_settings(programme.formation, draft=bool(record.lacks)), programme.formation.length
    _fill_referent(context, settings)
    return context | {
        "etablissement": _school(settings["etablissement"], programme.formation.logo),
        "mot": nouns(programme.formation, context),
        "formation": {**context["formation"], **_titles(programme.formation, settings)},
        "formation_stage": {
            "duree_heures": length.told() if length.exact is None else Hours(length.exact),
            "heures_jour": Hours(str(settings["stage"]["heures_jour"])),
        },
        "session": _session(programme.session, on),
        "convention": {"numero": number, "date": on},
        "droit": legal_figures(record.data, programme.law, days),
        "immersion": immersion(settings, context["stage"]["date_debut"], days),
        "jours_presence": days.timetable.names if days and days.timetable and not days.is_assumed else [],
        "horaires": half_days(record.data),
        "calendrier": draw_months(days, programme.session) if days and not days.is_assumed else None,
        "presence": presence_of(days, gratification(programme.law, record.data, days).monthly) if days else None,
        "emargement": attendance(days),
        **facts(programme.formation, pieces, context),
    }


def field_values(data: Data, dictionary: Dictionary) -> Context:
    """Every field of the schema by its path, absent ones as ``None``, with the combined names and addresses."""
    context: Context = {}
    for path, field in dictionary.fields.items():
        put(context, path, printable(field, get(data, path)))
    for path in _PERSONS:
        _add_names(get(context, path))
    places: dict[str, Address | None] = {path: address(data, path) for path in ADDRESSES}
    places["organisme.lieu_stage"] = places["organisme.lieu_stage"] or places["organisme.adresse"]
    for path, place in places.items():
        put(context, path, place)
    return context


def school_settings(formation: Formation, *, draft: bool = False) -> dict[str, Any]:
    """The settings of a formation as papers print them: ``None`` for an empty one, or what a projet says there."""
    settings = {name: value for name, value in formation.settings.items() if name not in ROOTS}
    for setting in SETTINGS:
        value = get(formation.settings, setting.key)
        if value in (None, ""):
            put(settings, setting.key, TO_COMPLETE if draft and setting.needed else None)
        else:
            put(settings, setting.key, _written(setting, value))
    return settings


def _written(setting: Setting, value: Any) -> Any:  # noqa: ANN401 -- TOML values
    """A setting as papers print it; one that is badly written stays as it is, on a projet (rule F-05)."""
    try:
        return _WRITTEN.get(setting.kind, str)(value)
    except (ArithmeticError, AttributeError, TypeError, ValueError):
        return str(value)


_WRITTEN: dict[SettingKind, Callable[[Any], Any]] = {
    SettingKind.PHONE: Phone,
    SettingKind.SIRET: siret,
    SettingKind.HOURS: lambda value: Hours(str(value)),
}


def _fill_referent(context: Context, settings: Mapping[str, Any]) -> None:
    """The référent of the settings, where the form names no other: a form asks for no civilité."""
    person, school = context["referent"], settings["referent"]
    if person["nom"] in (None, school["nom"]) and person["prenom"] in (None, school["prenom"]):
        person |= {name: value for name, value in school.items() if not person.get(name)}
    _add_names(person)


def _add_names(person: Context) -> None:
    person |= {"nom_prenom": full_name(person), "identite": full_name(person, civility=True)}


def _school(settings: Mapping[str, Any], logo: bytes | None) -> dict[str, Any]:
    _add_names(person := dict(settings["signataire"]))
    return {**settings, "signataire": person, "logo": Picture(logo) if logo else None}


def _titles(formation: Formation, settings: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "code": formation.code,
        "intitule": settings["intitule"],
        "intitule_court": settings["intitule_court"],
        "certification": settings["certification"],
        "volume_horaire": settings["volume_horaire"],
    }


def _session(session: Session, on: dt.date) -> dict[str, Any]:
    """The session as papers of that day print it: a meeting that is over is convened by none of them."""
    meeting = session.settings.get("reunion")
    return {
        "annee": session.annee,
        "date_debut": session.start,
        "date_fin": session.end,
        "reunion": meeting if meeting and meeting["date"] >= on else None,
    }


def _status(record: Record, on: dt.date, law: Law) -> dict[str, Any]:
    """Which clauses are printed; ``mineur`` is who signs today, ``mineur_en_stage`` whose hours are limited.

    ``mineur_jusqu_au`` is their last day under age, if it is one of the stage.
    """
    regime = record.get("stagiaire.regime")
    return {
        "formation_initiale": regime == "FI_ETUDIANT",
        "salarie": regime in EMPLOYEES,
        "en_emploi": regime in EMPLOYEES | AGENTS,
        "sans_financeur": regime == "FPC_AUTOFINANCE" and not record.get("employeur.financeur"),
        "agent_public": regime == "AGENT_PUBLIC",
        "demandeur_emploi": regime == "FPC_DEMANDEUR_EMPLOI",
        "mineur": is_minor(record.data, on),
        "mineur_en_stage": is_minor(record.data, first_day(record.data)),
        "mineur_jusqu_au": last_day_under_age(record.data, law.majority),
        "stage_a_l_etranger": is_abroad(record.data),
        "organisme_a_l_etranger": is_host_abroad(record.data),
        "employeur_partie": regime in WITH_EMPLOYER and bool(record.get("employeur.raison_sociale")),
        "employeur_accueille": regime in WITH_EMPLOYER and same_company(record.data),
    }


def legal_figures(data: Data, law: Law, days: Days | None) -> dict[str, Any]:
    """The computation of durations (D124-6) and of the gratification (L124-6), as printed."""
    hours = presence_hours(data, days) or Decimal()
    months, rest, _ = split_duration(hours)
    figures = gratification(law, data, days)
    return {
        "duree": duration(hours),
        "jours": months * DAYS_A_MONTH + rest,
        "annee": str(figures.year) if figures.year else None,  # a name, not a number
        "plafond_horaire": _euros(figures.ceiling),
        "minimum_horaire": _euros(figures.minimum),
        "gratification_due": figures.due,
        "sous_le_seuil": hours <= law.threshold,
        "formation_exemptee": get(data, "formation.code") in law.exempt,
        "gratification_horaire": _euros(figures.hourly),
        "gratification_totale": _euros(figures.total),
        "base_mensuelle": _a_month(data, figures),
    }


def _a_month(data: Data, figures: Gratification) -> Hours | None:
    """The hours that an amount by the month or by the day pays (D124-6: 154 at full time, 7)."""
    by_time = get(data, "gratification.unite") in ("mois", "jour")
    return Hours(figures.agreed.hours) if figures.agreed and by_time else None


def _euros(value: Decimal | None) -> Euros | None:
    return None if value is None else Euros(value)


def signing_parties(piece: Piece, parties: Sequence[Signataire], context: Context, *, prefix: str) -> list[Context]:
    """Who signs this piece now, in the order of its ``signataires``, each with the name of their signature field."""
    by_role = {party.role: party for party in parties}
    signing = [by_role[role] for role in piece.signataires if role in by_role]
    return [_party(party, context, f"{prefix}sign{number}-{party.role}") for number, party in enumerate(signing, 1)]


def _party(party: Signataire, context: Context, anchor: str) -> Context:
    title, person = title_of(party.role, context, party.title), get(context, party.person)
    if party.role == "stagiaire" and context["statut"]["mineur"]:
        title, person = f"{title}, par son représentant légal", get(context, "stagiaire.representant_legal")
    return {
        "role": party.role,
        "titre": title,
        "nom": person["nom_prenom"] or TO_COMPLETE,
        "fonction": person.get("fonction"),
        "mention": party.mention,
        "ancre": anchor,
        "courriel": person.get("courriel"),
        "telephone": person.get("telephone"),
        "personne": _person(person),
    }


def _person(person: Context) -> Context:
    """Who a signing tool asks: names apart, the telephone in E.164; ``None`` for what is not known."""
    known = {name: person.get(name) for name in ("civilite", "nom", "prenom", "fonction", "courriel")}
    number = person.get("telephone")
    return known | {"telephone": number.e164 if isinstance(number, Phone) else None}
