"""Error messages in French about a missing, wrong or doubtful answer. A NIR is never quoted."""

from __future__ import annotations

from typing import Any

import jsonschema

from pipeline.checks.formats import is_rna, is_siren
from pipeline.core.fields import Dictionary, FieldKind
from pipeline.core.french import number
from pipeline.core.law import as_number
from pipeline.core.models import FieldReading

_LONGEST_QUOTE = 60
_FORMATS = {
    "telephone": "{value} n’est pas un numéro de téléphone complet. Écrivez les dix chiffres (06 12 34 56 78), "
    "ou le numéro avec son indicatif (+32…) pour l’étranger.",
    "courriel": "{value} n’est pas une adresse de courriel valable. Vérifiez-la lettre à lettre (nom@domaine.fr).",
    "code-postal": "{value} n’est pas un code postal français. Écrivez ses cinq chiffres, ou le pays si l’adresse "
    "est à l’étranger.",
    "date": "{value} n’est pas une date qui existe. Écrivez le jour, le mois et l’année (07/04/2025).",
    "nir": "la clé du numéro ne correspond pas. La convention n’a pas besoin de ce numéro : il peut être effacé.",
}


def missing_message(path: str, dictionary: Dictionary, *, asked: bool) -> str:
    """A required answer that the form does not give, or did not ask for; choices are recalled."""
    field = dictionary.fields[path]
    where = dictionary.label(path)
    if not asked:
        return (
            f"{where} : la réponse manque, car ce formulaire ne posait pas la question. Donnez-la à la scolarité, en "
            "réponse."
        )
    if field.kind in (FieldKind.CHOICE, FieldKind.BOOLEAN):
        return (
            f"{where} : aucune réponse, ou plusieurs. Cochez une seule case ({' / '.join(field.choices.values())})."
        )
    if field.kind is FieldKind.CALENDAR:
        return f"{where} : il n’est pas rempli. Écrivez le nombre d’heures dans la case de chaque jour de stage."
    if field.kind is FieldKind.WEEK:
        return f"{where} : rien n’est écrit. Écrivez les heures de chaque jour où vous venez, une semaine ordinaire."
    return f"{where} : la réponse manque. Complétez cette case."


def wrong_message(error: jsonschema.ValidationError, path: str, dictionary: Dictionary) -> str:
    """A value that the schema refuses."""
    where = dictionary.label(path) if path else "Formulaire"
    return f"{where}{_line(error, path)} : {_complaint(error, path, dictionary)}"


def doubt_message(entry: FieldReading, where: str, *, private: bool) -> str:
    """A value that the reader does not stand behind: what was read, and why; only the school is told its code."""
    read = "" if private or not entry.raw.strip() else f" nous avons lu {quote(entry.raw)} ;"
    place = f" (page {entry.page})" if entry.page else ""
    here = entry.doubt is not None and entry.doubt.settled_here
    told = str(entry.doubt) if here or entry.doubt is None else entry.doubt.why
    reason = "la lecture n’est pas sûre" if private else told.rstrip(" .")
    if here:
        return f"{where}{place} :{read} {reason}. Regardez le formulaire reçu, puis confirmez la réponse."
    return f"{where}{place} :{read} {reason}. Confirmez la réponse ou écrivez-la à nouveau, lisiblement."


def quote(value: object) -> str:
    """« value », cut when it is long, on one line."""
    amount = as_number(value)
    text = number(amount) if amount is not None else " ".join(str(value).split())
    return f"« {text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1] + '…'} »"


def _line(error: jsonschema.ValidationError, path: str) -> str:
    rest = list(error.absolute_path)[len(path.split(".")) :] if path else []
    return f", ligne {rest[0] + 1}" if rest and isinstance(rest[0], int) else ""


def _complaint(error: jsonschema.ValidationError, path: str, dictionary: Dictionary) -> str:
    limit: Any = error.validator_value
    field = dictionary.fields.get(path)
    if field is not None and field.kind is FieldKind.NIR:
        return _FORMATS["nir"]
    shown = quote(error.instance)
    kind = str(error.validator)
    if kind == "format":
        return _siret(str(error.instance)) if limit == "siret" else _FORMATS[limit].format(value=shown)
    if kind in ("enum", "const"):
        options = " / ".join(field.choices.values()) if field else ""
        return f"{shown} n’est pas une réponse prévue. Choisissez parmi : {options}."
    if kind == "additionalProperties":
        return "le formulaire contient une réponse que nous n’attendons pas. Renvoyez-le sur le modèle fourni."
    sentence = _LIMITS.get(kind, "{value} ne convient pas. Corrigez cette case.")
    example = f" ({field.help})" if field and field.help else ""
    return sentence.format(value=shown, limit=quote(limit).strip("« »"), example=example)


_LIMITS = {
    "maximum": "{value} dépasse le maximum de {limit}. Corrigez le nombre.",
    "minimum": "{value} est au-dessous du minimum de {limit}. Corrigez le nombre.",
    "exclusiveMinimum": "{value} doit être plus grand que {limit}. Corrigez le nombre.",
    "maxLength": "la réponse est trop longue ({limit} caractères au plus). Abrégez-la.",
    "minLength": "la réponse est vide. Complétez cette case.",
    "maxItems": "il y a plus de {limit} réponses. Regroupez-les.",
    "minItems": "la réponse manque. Complétez cette case.",
    "uniqueItems": "la même réponse est donnée deux fois. Gardez-en une.",
    "pattern": "{value} n’a pas la forme attendue{example}. Corrigez cette case.",
    "type": "{value} n’est pas une réponse de la forme attendue{example}. Corrigez cette case.",
}


def _siret(value: str) -> str:
    shown = quote(value)
    if is_siren(value):
        return (
            f"{shown} est un numéro SIREN (9 chiffres) : il désigne l’organisme, pas l’établissement. "
            "Ajoutez les 5 chiffres de l’établissement qui accueille."
        )
    if is_rna(value):
        return f"{shown} est un numéro d’association. Si elle a aussi un SIRET, écrivez-le."
    if value.isdigit() and len(value) != 14:
        return f"{shown} a {len(value)} chiffres au lieu de 14. Recopiez le numéro SIRET en entier."
    return f"{shown} n’est pas un numéro SIRET : sa clé de contrôle est fausse. Recopiez-le chiffre à chiffre."
