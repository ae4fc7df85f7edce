"""Signatures of a dossier's papers, as people tell them: who signs what, who has, since when, and who has not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.core.life import Fact, FactKind, Paper, PaperKind, PaperState
from pipeline.documents.filed_signers import Signer, signing_units
from pipeline.dossier.life.holding import Life
from pipeline.ledger.packet_store import PacketState

CONVENTION = "convention"  # what a packet of one unit is called
EVALUATION = "evaluation"  # the sheet that those who evaluate fill and sign at the end
_PEOPLE = ("stagiaire", "tuteur", "referent", "organisme", "etablissement", "employeur")


@dataclass(frozen=True)
class Signature:
    """The word that a party signed: on which day, by whom it was told, and when (UTC)."""

    on: dt.date
    told_by: str
    told_at: str


@dataclass(frozen=True)
class ToSign:
    """One thing that is signed: its ``name`` as people type it, the id of the packet or paper, its day of edition.

    ``packet``: it is a unit of the packet. ``signed`` are the signatures by role; ``whole``: all signed, as an older
    liasse kept it, or as somebody said without days.
    """

    name: str
    id: str
    day: dt.date
    signers: tuple[Signer, ...]
    signed: Mapping[str, Signature]
    packet: bool = False
    paper: Paper | None = None
    whole: bool = False

    @property
    def missing(self) -> tuple[Signer, ...]:
        """Who has not signed, as far as anybody told."""
        return () if self.whole else tuple(one for one in self.signers if one.role not in self.signed)

    @property
    def last(self) -> dt.date | None:
        """The day of the last signature, once nobody is missing."""
        return None if self.missing else max((one.on for one in self.signed.values()), default=None)


def to_sign(life: Life) -> tuple[ToSign, ...]:
    """All that is signed of a dossier: the packet, its avenants and attestations that count, the evaluation."""
    return (*of_packet(life), *_papers(life), *_evaluation(life))


def of_packet(life: Life) -> tuple[ToSign, ...]:
    """What is signed before the first day: each unit of the packet."""
    units = signing_units(life.workspace, life.packet.folder)
    signed = life.packet.state is PacketState.SIGNED
    named = ((unit, CONVENTION if len(units) == 1 else unit.code) for unit in units)
    return tuple(
        ToSign(
            name,
            life.packet.id,
            edition_day(life),
            unit.signers,
            _signatures(life, name, life.packet.id),
            packet=True,
            whole=signed,
        )
        for unit, name in named
    )


def edition_day(life: Life) -> dt.date:
    """The day that is printed on the packet: nobody signed before."""
    return dt.date.fromisoformat(life.packet.day or life.packet.made_at[:10])


def of_paper(life: Life, kind: PaperKind, key: str = "") -> ToSign | None:
    """What is signed of the paper of a kind and key that counts; ``None`` where nobody signs it or there is none."""
    return next((one for one in _papers(life) if one.paper and (one.paper.kind, one.paper.key) == (kind, key)), None)


def unsigned_avenants(life: Life, until: dt.date) -> Iterator[int]:
    """The numbers of the avenants that hold by a day and that somebody has still to sign, or that are not printed."""
    for one in life.terms.avenants:
        if one.effect_on <= until:
            paper = of_paper(life, PaperKind.AVENANT, str(one.number))
            if paper is None or paper.missing:
                yield one.number


def evaluation_of(life: Life) -> ToSign | None:
    """The evaluation, signed by those who make it; ``None`` for a formation without one."""
    return next(_evaluation(life), None)


def returned(life: Life, name: str) -> tuple[Fact, ...]:
    """The files that came back of a paper, the oldest first."""
    kind = FactKind.RETURNED
    found = {one.body["sha256"]: one for one in life.facts.told if (one.kind, one.key) == (kind, name)}
    return tuple(found.values())


def _papers(life: Life) -> Iterator[ToSign]:
    for paper in life.papers:
        if not paper.counts:
            continue
        units = signing_units(life.workspace, paper.folder)
        signers = tuple({one.role: one for unit in units for one in unit.signers}.values())
        if signers:
            yield ToSign(
                paper.name,
                paper.id,
                paper.day,
                signers,
                _signatures(life, paper.name, paper.id),
                paper=paper,
                whole=paper.state is PaperState.SIGNED,
            )


def _evaluation(life: Life) -> Iterator[ToSign]:
    formation = life.programme.formation
    roles = formation.settings.get("evaluation", {}).get("par", ())
    if not roles:
        return
    words = formation.settings.get("vocabulaire", {})
    signers = tuple(Signer(role, words.get(role, role), "") for role in _PEOPLE if role in roles)
    yield ToSign(EVALUATION, EVALUATION, edition_day(life), signers, _signatures(life, EVALUATION, EVALUATION))


def _signatures(life: Life, name: str, identity: str) -> dict[str, Signature]:
    """Who signed this very version: what was told of another is of another paper."""
    return {
        role: Signature(dt.date.fromisoformat(one.body["le"]), one.by, one.at)
        for one in life.facts.of(FactKind.SIGNED)
        if (role := one.key.removeprefix(f"{name}/")) != one.key and one.body.get("papier", identity) == identity
    }
