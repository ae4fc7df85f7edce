"""Choice parser: an option written out instead of ticked (« oui », « virement »), to its code."""

from __future__ import annotations

import re

from pipeline.core.fields import Field, FieldKind
from pipeline.core.folding import fold
from pipeline.reading.figures import Parsed
from pipeline.reading.names import civility

_YES = frozenset({"oui", "o", "yes", "y", "vrai", "true", "x", "✓", "✔", "☒", "☑", "1"})
_NO = frozenset({"non", "n", "no", "faux", "false", "0"})
_SEX = {"f": "Mme", "feminin": "Mme", "femme": "Mme", "h": "M.", "homme": "M.", "masculin": "M."}
# Other words for an option, by the last name of the path; folded.
_WORDS = {
    "obligatoire": {
        "obligatoire": "oui",
        "optionnel": "non",
        "facultatif": "non",
        "conseille": "non",
        "non obligatoire": "non",
    },
    "prevue": {"gratifie": "oui", "non gratifie": "non", "aucune": "non", "neant": "non"},
    "quotite": {
        "complet": "plein",
        "temps complet": "plein",
        "temps plein": "plein",
        "plein temps": "plein",
        "100 %": "plein",
        "100%": "plein",
        "temps partiel": "partiel",
        "mi-temps": "partiel",
    },
    "unite": {
        "h": "heure",
        "de l'heure": "heure",
        "horaire": "heure",
        "mensuel": "mois",
        "mensuelle": "mois",
        "journalier": "jour",
        "j": "jour",
        "total": "total",
    },
    "modalite": {
        "virement bancaire": "virement",
        "cheque bancaire": "cheque",
        "liquide": "especes",
        "par virement bancaire": "virement",
    },
    "decision": {"avis favorable": "favorable", "avis defavorable": "defavorable"},
}


def option_words(field: Field) -> dict[str, str]:
    """Folded words that name an option of a field, with its code: « heure » and « h » for ``heure``."""
    words = {fold(code): code for code in field.choices}
    words |= {fold(label): code for code, label in field.choices.items()}
    words |= _WORDS.get(field.path.rpartition(".")[2], {})
    if field.path.endswith(".civilite"):
        words |= {"monsieur": "M.", "madame": "Mme", "mr": "M.", "m": "M.", "mlle": "Mme", **_SEX}
    if field.kind is FieldKind.BOOLEAN:
        words |= dict.fromkeys(_YES, "oui") | dict.fromkeys(_NO, "non")
    return words


def parse_choice(field: Field, text: str) -> Parsed:
    """The code of the option that a text names; a doubt for other words, or for several options at once.

    A boolean gives ``True`` or ``False``, days a list in the order of the week.
    """
    if field.kind is FieldKind.DAYS:
        return _days(field, text)
    plain = re.sub(r"^(?:par|en|:)\s+", "", fold(text).strip(" .:;"))
    code = option_words(field).get(plain) or (civility(text) if field.path.endswith(".civilite") else None)
    if code is None:
        return Parsed(None, f"« {text[:60]} » n’est pas une des réponses prévues")
    return coded(field, code)


def coded(field: Field, code: str) -> Parsed:
    """The value that an option's code stands for; a doubt for a code the schema does not know."""
    if field.kind is FieldKind.BOOLEAN and code in ("oui", "non"):
        return Parsed(code == "oui")
    if field.choices and code in field.choices:
        return Parsed([code] if field.kind is FieldKind.DAYS else code)
    if not field.choices and code in ("oui", "non"):  # « présence de nuit ? » answered by boxes on some forms
        return Parsed("Oui" if code == "oui" else None)
    return Parsed(None, f"« {code} » n’est pas une des réponses prévues")


def _days(field: Field, text: str) -> Parsed:
    pieces = [piece for piece in re.split(r"[\s,;/+&-]+|\bet\b", fold(text)) if piece]
    if match := re.fullmatch(r"(?:du )?(\w+) (?:au|a) (\w+)", " ".join(pieces)):
        days = list(field.choices)
        if match[1] in days and match[2] in days and days.index(match[1]) < days.index(match[2]):
            return Parsed(days[days.index(match[1]) : days.index(match[2]) + 1])
    if pieces and all(piece in field.choices for piece in pieces):
        return Parsed([day for day in field.choices if day in pieces])
    return Parsed(None, f"« {text[:60]} » ne dit pas quels jours")
