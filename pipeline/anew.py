"""A delivered packet made anew of the same form, because a template, a rule or a setting has changed.

The old packet counts until the transaction in which the new one does. Whatever keeps the new one from being made, a
rule, a hand that took the old one meanwhile, a death at any point, the old one stays and the form stays delivered: no
letter is sent.
"""

from __future__ import annotations

import shutil
from dataclasses import replace

from pipeline.dossier import person_of
from pipeline.impact import Impact, compare, judged_alone
from pipeline.impact.compare import hurdles
from pipeline.impact.told import comparison
from pipeline.journey import Hand, Report, deliver, delivered_before, published_before
from pipeline.ledger.jobs import Claim, Fenced
from pipeline.ledger.packets import LOCKED, PacketState, Taken
from pipeline.models import Record
from pipeline.outcomes import Outcome, Waiting
from pipeline.understanding import Desk, check
from pipeline.versions import Earlier, hold, look_back

SAME = "rien n’a changé depuis son édition : rien n’est refait"
OVER = "cette liasse n’est plus celle qui compte : rien n’est refait"
_TAKEN = "Liasse non refaite : elle a été retirée ou signée entre-temps."
_REFUSED = "Liasse non refaite, l’ancienne reste en vigueur. {why}"
_GIVEN_UP = "Liasse non refaite après {attempts} essais, l’ancienne reste en vigueur : {error}"


def walk_anew(claim: Claim, desk: Desk) -> Report:
    """Make the packet of the claim anew if it is current and would change; raises as ``journey.walk`` does."""
    hand = Hand(desk.ledger.entry(claim.sha256), claim, desk)
    own = _own(hand)
    if own.packet.state is not PacketState.CURRENT:
        return _keep(hand, _TAKEN) if own.packet.state in LOCKED else _keep(hand, note=OVER)
    if desk.dry_run:
        return _keep(hand)
    try:
        return published_before(hand, own) or _make(hand, own)
    except Taken:
        return _keep(hand, _TAKEN)


def give_up(claim: Claim, desk: Desk, error: str) -> Report:
    """End a job that was tried too often; the old packet stays."""
    said = _GIVEN_UP.format(attempts=claim.attempt - 1, error=error)
    return _keep(Hand(desk.ledger.entry(claim.sha256), claim, desk), said)


def _own(hand: Hand) -> Earlier:
    ledger = hand.desk.ledger
    line = ledger.packets.get(hand.claim.anew)
    if line is None:
        raise Fenced(hand.form.sha256)
    return Earlier(hand.entry, line, ledger.readings.record(hand.form.sha256) or {})


def _make(hand: Hand, own: Earlier) -> Report:
    desk = hand.desk
    impact = compare(hand.entry, own.packet, desk, judge=judged_alone(desk))
    remade = impact.remade
    if remade is None:
        return _keep(hand, _why_not(impact))
    if not impact.changed:
        return _keep(hand, note=SAME)
    checked = check(
        remade.record.reading, remade.house, remade.decisions, received_on=hand.form.received_on, today=hand.claim.day
    )
    checked = judged_alone(desk)(checked, hand.form.sha256, remade.decisions)
    if not isinstance(checked, Record):
        return _keep(hand, _REFUSED.format(why=" ".join(hurdles(checked))))
    past = replace(look_back(hand.entry, checked.data, desk.ledger), own=own)
    held = hold(past, remade.decisions)
    if held:
        return _keep(hand, _REFUSED.format(why=held.message))
    desk.ledger.readings.keep_record(hand.form.sha256, checked.data, person_of(checked.data))
    return deliver(hand, checked, past, remade.house, remade.decisions, since=comparison(impact))


def _why_not(impact: Impact) -> str:
    return _REFUSED.format(why=" ".join(impact.hurdles) or impact.unknown)


def _keep(hand: Hand, said: str = "", *, note: str = "") -> Report:
    """The old packet stays: what an attempt left in the outbox goes, the job ends, and why stands beside the form."""
    desk, entry = hand.desk, hand.entry
    if not desk.ledger.jobs.holds(hand.claim):
        raise Fenced(entry.form.sha256)
    for line in desk.ledger.packets.intended(entry.form.sha256):
        if line.folder != entry.folder:
            shutil.rmtree(desk.workspace.outbox / line.folder, ignore_errors=True)
    desk.ledger.keep_packet(hand.claim, said)
    there = delivered_before(entry, desk.workspace)
    outcome: Outcome = there.outcome if there and not said else Waiting((said or note,))
    return Report(entry.form, outcome, entry.formation, entry.stagiaire, note)
