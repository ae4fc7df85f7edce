"""Voting on one field: accepted, doubted or empty, by the rules of a careful person."""

from __future__ import annotations

import re

from pipeline.core.models import FieldReading
from pipeline.reading.decision.agreement import Likeness, likeness
from pipeline.reading.decision.ballots import Ballot, Summary, filled, outcome, short
from pipeline.reading.decision.optical import best_reading, optical
from pipeline.reading.decision.read_value import Rules, read_value
from pipeline.reading.decision.reasons import Reason, doubt_text
from pipeline.reading.labels.vocabulary import label_words
from pipeline.reading.parsed import Parsed

# Questions that every form asks; an answer that is one of them, or holds one with its colon, has slipped.
_ASKED = frozenset(
    label_words(text)
    for text in (
        "Nom",
        "Prénom",
        "Nom et prénom",
        "Téléphone",
        "Courriel",
        "Adresse",
        "Code postal",
        "Ville",
        "SIRET",
        "N° SIRET",
        "Date de naissance",
        "Né(e) le",
        "Fonction",
        "Raison sociale",
        "Code APE",
        "N° étudiant",
        "Date de début",
        "Date de fin",
        "N° de sécurité sociale",
        "Montant",
        "N° de contrat",
        "Signature",
        "Qualité",
        "Représenté par",
    )
)
_BEFORE_COLON = re.compile(r"([^\n:;,.]{2,40}?)\s*:(?=\s|$|\S)")


def asks_of_another(path: str, text: str) -> bool:
    """Whether an answer is itself a question, or holds one (« DUPONT Prénom : Marie »)."""
    words = label_words(text)
    if words in _ASKED:
        return True
    if path.startswith(("stage.activites", "stage.objectifs", "stage.competences", "stage.sujet")):
        return False
    for match in _BEFORE_COLON.finditer(text):
        asked = label_words(match[1])
        if any(asked[-size:] in _ASKED for size in range(1, len(asked) + 1)):
            return not path.endswith(
                (".telephone", ".courriel", ".siret", ".nir")
            )  # « Tél. : 06… » typed by the person
    return False


_OF_THE_WORDS = (Reason.CROSSED_OUT, Reason.HIDDEN, Reason.AMBIGUOUS_TICK)  # true whatever the place
LEGIBLE_MATCH = 0.85  # below, a page that was recognised is not read well enough to be trusted


def vote(ballot: Ballot, summary: Summary, rules: Rules, *, digital: bool) -> FieldReading:
    """The field's reading: its value alone when it is accepted, with a doubt when a person must look."""
    ballot = ballot if digital else best_reading(ballot, rules)
    parsed = read_value(ballot.path, ballot.aligned, rules)
    if not filled(ballot.aligned):
        return _empty(ballot, summary, rules, digital=digital)
    stop = _stop(ballot, parsed, summary, confirmed=_confirmed(ballot, parsed, summary, rules))
    if stop:
        return outcome(ballot, parsed.value, stop, 0.5)
    return _digital(ballot, parsed, summary, rules) if digital else optical(ballot, parsed, rules)


def _confirmed(ballot: Ballot, parsed: Parsed, summary: Summary, rules: Rules) -> bool:
    """Whether the label says the very same, in a form with nothing unexplained: the place is sure then."""
    other = ballot.labelled
    if other is None or not filled(other) or other.doubt or not summary.exact:
        return False
    return likeness(parsed.value, read_value(ballot.path, other, rules).value) is Likeness.SAME


def _stop(ballot: Ballot, parsed: Parsed, summary: Summary, *, confirmed: bool) -> str | None:
    """What alone is enough for a doubt: the reader's own, a value that cannot be, words that belong elsewhere."""
    aligned = ballot.aligned
    other = ballot.labelled.doubt if ballot.labelled and ballot.labelled.sure else None
    own = aligned.doubt or (other if other and other.startswith(_OF_THE_WORDS) else None)
    if own:
        return own
    if summary.match < LEGIBLE_MATCH:
        return doubt_text(Reason.CHANGED if aligned.source in ("docx", "pdf-text", "acroform") else Reason.ILLEGIBLE)
    if asks_of_another(ballot.path, aligned.text):
        return doubt_text(Reason.STRAY_TEXT, "le libellé d’une autre question est dans cette réponse")
    if parsed.doubt:
        return doubt_text(Reason.INCOHERENT if "ce jour-là" in parsed.doubt else Reason.INVALID, parsed.doubt)
    if not aligned.sure and not confirmed:
        return doubt_text(Reason.CHANGED if summary.changed else Reason.STRAY_TEXT)
    return None


def _empty(ballot: Ballot, summary: Summary, rules: Rules, *, digital: bool) -> FieldReading:
    """Nothing at the place: believed, unless another reader saw an answer or the place itself is not sure."""
    aligned = ballot.aligned
    if aligned.doubt:
        return outcome(ballot, None, aligned.doubt, 0.5)
    for other in (ballot.second, ballot.labelled):
        if not filled(other) or other is None:
            continue
        weak = other is ballot.labelled and not other.sure and (aligned.sure or summary.exact)
        seen = read_value(ballot.path, other, rules)
        if not weak and other.doubt is None and seen.value is not None:
            why = f"une lecture ne voit rien, l’autre « {short(other)} »"
            return outcome(ballot, seen.value, doubt_text(Reason.DIVERGENT, why), 0.3)
    confirmed = ballot.labelled is not None and not filled(ballot.labelled)
    if not aligned.sure and not confirmed and not (digital and summary.exact):
        return outcome(ballot, None, doubt_text(Reason.EMPTY), 0.3)
    return outcome(ballot, None, None, 1.0)


def _digital(ballot: Ballot, parsed: Parsed, summary: Summary, rules: Rules) -> FieldReading:
    other = ballot.labelled
    if other is not None and other.doubt is None:
        read = read_value(ballot.path, other, rules)
        if filled(other) and likeness(parsed.value, read.value) in (Likeness.SAME, Likeness.SIGNS):
            return outcome(ballot, parsed.value, None, 0.99, with_label=True)
        against = other.sure or (filled(other) and not summary.exact)
        if against and (read.doubt is None or not summary.exact):
            why = f"« {short(ballot.aligned)} » à sa place, « {short(other)} » d’après le libellé"
            return outcome(ballot, parsed.value, doubt_text(Reason.DIVERGENT, why), 0.3)
    if summary.exact:
        return outcome(ballot, parsed.value, None, 0.97)
    return outcome(ballot, parsed.value, doubt_text(Reason.CHANGED), 0.5)
