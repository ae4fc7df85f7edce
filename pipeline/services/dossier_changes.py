"""Read model of changes: where each one that was asked of a convention has got, and what takes it further."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.core.amendable import Amendable
from pipeline.core.french import long_date
from pipeline.core.life import Fact, FactKind, Facts, Paper, PaperKind, PaperState
from pipeline.dossier.context import Context
from pipeline.dossier.life.change_rules import FAVORABLE
from pipeline.dossier.life.changing import judge_command


@dataclass(frozen=True)
class Standing:
    """One change of a dossier: from which day, why, where it has got, the command that takes it further if any."""

    dossier: str
    number: int
    effect_on: dt.date
    motive: str
    where: str
    command: str


def standing_of(facts: Facts, papers: Sequence[Paper], number: str, motives: Mapping[str, str]) -> list[Standing]:
    """Each change that was asked of a dossier, and where it has got."""
    asked = sorted(facts.of(FactKind.ASKED), key=lambda one: int(one.key))
    return [_standing(one, facts, papers, number, motives) for one in asked]


def waiting(context: Context) -> list[Standing]:
    """The changes of all dossiers that wait for the référent's word, or whose avenant was left on its way."""
    motives = Amendable.load(context.workspace).motives
    found = []
    for dossier, facts in context.ledger.life.histories().items():
        if not facts.closed and next(facts.of(FactKind.ASKED), None) is not None:
            papers, number = context.ledger.life.papers(dossier), context.ledger.dossiers.get(dossier).number
            found += [one for one in standing_of(facts, papers, number, motives) if one.command]
    return sorted(found, key=lambda one: (one.effect_on, one.dossier))


def _standing(
    asked: Fact, facts: Facts, papers: Sequence[Paper], number: str, motives: Mapping[str, str]
) -> Standing:
    word, motif = facts.last(FactKind.JUDGED, asked.key), str(asked.body["motif"])
    paper = next(
        (one for one in papers if (one.kind, one.key) == (PaperKind.AVENANT, asked.key) and one.counts), None
    )
    command = ""
    if word is None:
        where, command = f"attend son avis, demandé le {long_date(asked.day)}", judge_command(number, asked.key)
    elif word.body["avis"] != FAVORABLE:
        where = f"refusé le {long_date(word.day)} par {word.body['par']} : {word.body.get('raison', '')}"
    elif paper is None:
        where, command = "accepté, l’avenant n’est pas établi", judge_command(number, asked.key)
    else:
        signed = "signé" if paper.state is PaperState.SIGNED else "à signer"
        where = f"accepté le {long_date(word.day)} par {word.body['par']}, avenant établi, {signed}"
    effect_on = dt.date.fromisoformat(asked.body["effet"])
    return Standing(number, int(asked.key), effect_on, motives.get(motif, motif), where, command)
