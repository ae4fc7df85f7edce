"""Rules about a convention that changes: how a change is asked, who accepts it, the avenant, the attestations.

They are asked of the life of a dossier, and of what it would be with a change before that is kept.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from pipeline.core.done_days import presence_from
from pipeline.core.folding import folded_words
from pipeline.core.french import long_date
from pipeline.core.law import STUDENTS
from pipeline.core.life import Fact, FactKind, PaperKind
from pipeline.core.models import get
from pipeline.dossier.life.changing import asked_of, judge_command, judged
from pipeline.dossier.life.holding import Life
from pipeline.dossier.life.signing import of_paper

FAVORABLE = "favorable"
_TELL_DAYS = frozenset({FactKind.PRESENCE, FactKind.SHEET})
_REFERENT = "referent"


class NoObject(Exception):
    """A rule on changes, of a dossier of which none was ever asked."""


def announced(life: Life, _today: dt.date) -> Iterator[str]:
    """A change that is asked says who asks for it and on which day."""
    for one in _changes(life):
        wanted = (("qui le demande", "demande_par"), ("le jour", "demande_le"))
        absent = [said for said, key in wanted if not one.body.get(key)]
        if absent:
            told = life.programme.formation.settings.get("changement", {}).get("annonce", "à l’établissement")
            yield f"Changement {one.key} : {' et '.join(absent)} manque. Il s’annonce par courriel, {told}."


def accepted(life: Life, _today: dt.date) -> Iterator[str]:
    """A change is accepted by all whom ``[changement] accord`` names: the référent's word, the others' signatures.

    The référent comes first, or somebody for them, with a reason; the others agree by signing the avenant.
    """
    names = judges(life)
    for one in _changes(life):
        word = judged(life, one.key)
        if word is None or word.body["avis"] != FAVORABLE:
            continue
        by = str(word.body["par"])
        if not word.body.get("raison") and not any(is_named(by, family) for _, family in names):
            whom = " ou ".join(whole for whole, _ in names) or "nommé nulle part"
            yield (
                f"Changement {one.key} : « {by} » n’est pas la personne à qui il revient de l’accepter, "
                f"{whom_of(life)} ({whom}). Donnez son nom (--by), ou dites pour qui et pourquoi vous jugez "
                "(--reason)."
            )
        elif word.at:  # kept: of one that is only tried, nobody has signed anything
            yield from _agreed(life, one.key, by)


def _agreed(life: Life, key: str, by: str) -> Iterator[str]:
    """Who has still to agree to a change that was judged, by signing its avenant."""
    number, others = life.dossier.number, _others(life, by)
    if life.paper(PaperKind.AVENANT, key) is None:
        waiting, command = others, judge_command(number, key)
    else:
        paper = of_paper(life, PaperKind.AVENANT, key)
        missing = {one.role for one in paper.missing} if paper else set()
        waiting = [role for role in others if role in missing]
        command = f"liasse signed {number} --piece avenant-{key} --on DATE --by NOM"
    if waiting:
        words = life.programme.formation.settings.get("vocabulaire", {})
        whom = " ni par ".join(words.get(role, role) for role in waiting)
        yield (
            f"Changement {key} : accepté par {by}, pas encore par {whom}. C’est la signature de l’avenant qui le "
            f"dit : {command}"
        )


def _others(life: Life, by: str) -> list[str]:
    """The roles that must agree beside whoever judged."""
    accord = _accord(life)
    if _REFERENT in accord:
        return [role for role in accord if role != _REFERENT]
    families = {role: [str(get(data, f"{role}.nom") or "") for data in _both(life)] for role in accord}
    return [role for role in accord if not any(one and is_named(by, one) for one in families[role])]


def calendar_kept(life: Life, _today: dt.date) -> Iterator[str]:
    """No presence is told on another day, nor for longer, than the convention and its avenants say."""
    days = life.days
    if not any(one.kind in _TELL_DAYS for one in life.facts.told):
        _changes(life)
    student = get(life.data, "stagiaire.regime") in STUDENTS
    presence = presence_from(days.hours if days else {}, life.facts, leave_counts=student)
    for clash in presence.clashes:
        if clash.beyond:
            told = f"(liasse amend {life.dossier.number}), ou corrigez la présence."
            yield f"{long_date(clash.day)} : {clash.why} {told}"


def attested_again(life: Life, _today: dt.date) -> Iterator[str]:
    """Each attestation whose figures an avenant changed was issued again since."""
    for one in _changes(life):
        word = judged(life, one.key)
        for name in word.body.get("attestations", ()) if word else ():
            papers = [paper for paper in life.papers if paper.name == name and paper.counts]
            if word and not any(paper.made_at >= word.at for paper in papers):
                yield (
                    f"{name} : à refaire après l’avenant {one.key}, et à adresser de nouveau : liasse amend "
                    f"{life.dossier.number} --accept {one.key} --by NOM"
                )


def _changes(life: Life) -> tuple[Fact, ...]:
    """The changes that were asked; raises NoObject where none ever was."""
    found = tuple(asked_of(life))
    if not found:
        raise NoObject
    return found


def judges(life: Life) -> list[tuple[str, str]]:
    """The whole and the family name of each person who may accept a change; the others agree by signing.

    Where a change names another one, both may.
    """
    people = (
        (get(data, f"{role}.prenom"), get(data, f"{role}.nom")) for role in _roles(life) for data in _both(life)
    )
    return list(dict.fromkeys((f"{first or ''} {family}".strip(), str(family)) for first, family in people if family))


def whom_of(life: Life) -> str:
    """Who accepts a change, in the formation's word."""
    words = life.programme.formation.settings.get("vocabulaire", {})
    return " ou ".join(words.get(role, role) for role in _roles(life))


def is_named(said: str, family: str) -> bool:
    """Whether what was typed (« F. GARÇON ») has that family name, accents and case aside."""
    wanted, words = folded_words(family), folded_words(said)
    return any(words[at : at + len(wanted)] == wanted for at in range(len(words)))


def _roles(life: Life) -> list[str]:
    """Who judges: the référent where that one must agree, else any of those who must."""
    roles = _accord(life)
    return [_REFERENT] if _REFERENT in roles else roles


def _accord(life: Life) -> list[str]:
    """All who must agree to a change, as the formation says and its conventions print."""
    return list(life.programme.formation.settings.get("changement", {}).get("accord", [_REFERENT]))


def _both(life: Life) -> tuple[dict[str, object], ...]:
    return dict(life.terms.convention), dict(life.terms.current)
