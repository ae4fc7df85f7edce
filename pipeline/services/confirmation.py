"""Confirmation: what a person types for a doubtful field becomes a value, or a refusal that says what to type."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence

from pipeline.core.decisions import Confirmation
from pipeline.core.errors import InvalidRequest, NotAllowed
from pipeline.core.fields import Dictionary, Field, FieldKind
from pipeline.core.formation import formation_codes, load_formation
from pipeline.core.models import FORMATION, JSON, YEAR, FieldReading, Reading
from pipeline.dossier.context import Context
from pipeline.ledger.entries import Entry
from pipeline.reading.candidates import Candidate
from pipeline.reading.decision.read_value import Rules, read_value


def settle(
    entry: Entry, reading: Reading, words: Sequence[str], *, by: str, context: Context
) -> tuple[Confirmation, ...]:
    """What ``field=value…`` settles of a form; ``reading`` is as the file was read, before any confirmation.

    ``field`` alone takes the value that was proposed, ``field=`` says that nothing was answered; ``formation.annee``
    says the session of a form that is on another year's blank. What nobody answered, or
    the form did not ask, may be given too. Raises InvalidRequest, NotAllowed for an unknown field, one that was
    answered and that nobody doubts, a value that cannot be understood, or a field given twice.
    """
    settled = tuple(_settled(word, entry, reading, by, context) for word in words)
    fields = [one.field for one in settled]
    twice = sorted({field for field in fields if fields.count(field) > 1})
    if twice:
        raise InvalidRequest(f"{twice[0]} est donné deux fois : gardez une seule valeur.")
    return settled


def doubtful(reading: Reading) -> Iterator[FieldReading]:
    """The doubts that a person can settle: those of fields, not of the combined places that give them."""
    yield from (entry for entry in reading.doubts if not entry.combined)


def proposed(reading: Reading, *, but: Sequence[str], confirmed: Sequence[Confirmation]) -> tuple[str, ...]:
    """The fields in doubt of which something was read, but those that ``but`` names and those confirmed already.

    Raises InvalidRequest where there is none.
    """
    named = {word.partition("=")[0].strip() for word in but} | {one.field for one in confirmed}
    fields = tuple(one.path for one in doubtful(reading) if one.value is not None and one.path not in named)
    if not fields and not but:
        raise InvalidRequest("Il n’y a plus de doute dont une valeur ait été lue : rien n’est à reprendre tel quel.")
    return fields


def _settled(word: str, entry: Entry, reading: Reading, by: str, context: Context) -> Confirmation:
    path, equals, text = (part.strip() for part in word.partition("="))
    if path == FORMATION and reading.formation is None:
        return Confirmation(path, None, _formation(text, context), by, context.today)
    if path == YEAR and reading.formation is not None:
        return Confirmation(path, reading.session, _year(text, reading.formation, context), by, context.today)
    field = _field(path, reading, context.dictionary.on(reading.paper))
    doubt = next((one for one in doubtful(reading) if one.path == path), None)
    if doubt is None and not (text and _is_unanswered(path, reading)):
        raise NotAllowed(
            f"{path} n’est pas en doute sur {entry.form.id} : il n’y a rien à confirmer. « liasse show "
            f"{entry.form.id} » donne les doutes. Une valeur fausse sur le formulaire même est à corriger par qui "
            "l’a envoyé."
        )
    proposed = doubt.value if doubt else None
    if equals:
        rules = Rules(context.dictionary.on(reading.paper), entry.form.received_on)
        return Confirmation(path, proposed, value_of(field, text, rules), by, context.today)
    if proposed is None:
        raise InvalidRequest(
            f"{path} n’a pas de valeur lue à reprendre : écrivez {path}=VALEUR, ou {path}= si la case est vide."
        )
    return Confirmation(path, proposed, proposed, by, context.today)


def _is_unanswered(path: str, reading: Reading) -> bool:
    """Whether the form did not ask for a field, or nobody answered there: then it may be typed."""
    return not any(one.path == path and one.value is not None for one in reading.fields)


def _formation(text: str, context: Context) -> str:
    codes = formation_codes(context.workspace)
    if text not in codes:
        raise InvalidRequest(
            f"{FORMATION}={text} : cette formation n’existe pas. Choisissez parmi {', '.join(codes)}."
        )
    return text


def _year(text: str, formation: str, context: Context) -> str:
    years = [session.annee for session in load_formation(context.workspace, formation).sessions]
    if text not in years:
        raise InvalidRequest(
            f"{YEAR}={text} : {formation} n’a pas cette session. Choisissez parmi {', '.join(years)}."
        )
    return text


def _field(path: str, reading: Reading, dictionary: Dictionary) -> Field:
    if path in dictionary.fields:
        return dictionary.fields[path]
    if any(entry.combined and entry.path == path for entry in reading.fields):
        group = path.removesuffix(".nom_prenom")
        parts = [name for name in dictionary.fields if name.rpartition(".")[0] == group][:4]
        raise InvalidRequest(f"{path} réunit plusieurs champs : confirmez-les un par un ({', '.join(parts)}…).")
    return field_named(path, dictionary)


def field_named(path: str, dictionary: Dictionary) -> Field:
    """A field by its path; raises InvalidRequest that says which ones are spelled alike."""
    field = dictionary.fields.get(path)
    if field is not None:
        return field
    near = difflib.get_close_matches(path, dictionary.fields, n=3, cutoff=0.6)
    hint = f"Est-ce {' ou '.join(near)} ?" if near else "« liasse show ID » nomme ceux qui sont en doute."
    raise InvalidRequest(f"« {path} » n’est pas un champ. {hint}")


def value_of(field: Field, text: str, rules: Rules) -> JSON:
    """The canonical value of what was typed, in French spellings; ``None`` for nothing.

    Raises InvalidRequest that says how a value of that field is written.
    """
    if not text:
        return None
    typed = Candidate(
        field.path, text.replace("\\n", "\n"), None, None, None, "", sure=True, confidence=1.0, doubt=None, source=""
    )
    parsed = read_value(field.path, typed, rules)
    if parsed.doubt:
        raise InvalidRequest(f"{field.path}={text} : {parsed.doubt}. {expected(field)}".rstrip())
    return parsed.value


def expected(field: Field) -> str:
    """How a value of that field is written; nothing where any words will do."""
    if field.choices:
        return f"Écrivez l’un de : {', '.join(field.choices.values())}."
    return {
        FieldKind.BOOLEAN: "Écrivez oui ou non.",
        FieldKind.DATE: "Écrivez une date, par exemple 17/03/2025.",
        FieldKind.HOURS: "Écrivez des heures, par exemple 35 ou 7 h 30.",
        FieldKind.EUROS: "Écrivez un montant, par exemple 4,50.",
        FieldKind.CALENDAR: "Écrivez chaque jour avec ses heures, « 07/04/2025 : 7 ; 08/04/2025 : 3 h 30 ».",
        FieldKind.CHANGES: "Écrivez chaque jour avec ses heures, « 12/04/2025 : 4 ; 14/04/2025 : 0 ».",
        FieldKind.WEEK: "Écrivez chaque jour de la semaine avec ses heures, « lundi : 7 ; mardi : 3 h 30 ».",
        FieldKind.PERIODS: "Écrivez chaque période, « du 14/07/2025 au 18/07/2025 ; le 21/07/2025 ».",
    }.get(field.kind, "")
