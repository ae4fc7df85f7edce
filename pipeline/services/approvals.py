"""Use cases of deciding: an accord given or refused, a rule lifted, values confirmed; by whom, why, and if allowed.

Each is one transaction that also makes the form ready. Where somebody decided the same a moment before, nothing is
written twice, and whoever comes second is told.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.cohort.examine import judge_among
from pipeline.core.decisions import Decisions, Override
from pipeline.core.errors import ChangedMeanwhile, NotAllowed
from pipeline.core.models import Data, Reading, Record, Refused, Severity
from pipeline.core.paper_kinds import PaperForm
from pipeline.dossier.context import Context, as_read, check, open_programme, understand
from pipeline.dossier.paper_filing import held_paper
from pipeline.dossier.versions import history_of, hold
from pipeline.ledger.decision_book import Seen
from pipeline.ledger.entries import Entry, State
from pipeline.ledger.journal import MACHINE
from pipeline.services.authors import author, motive
from pipeline.services.confirmation import proposed, settle
from pipeline.services.lookup import find_form, require_file


@dataclass(frozen=True)
class Decided:
    """What became of a decision; ``already`` says who had decided the same before: then nothing was written."""

    entry: Entry
    already: str = ""


def approve(
    context: Context,
    word: str,
    *,
    by: str,
    on: dt.date | None = None,
    refuse: bool = False,
    reason: str = "",
    seen: Seen | None = None,
    through: str = "",
) -> Decided:
    """Give the accord pédagogique of a form, or refuse it with a reason; ``on`` is the day it was given.

    ``seen``: the form as whoever decides saw it (else: as it is now); ``through``: by which way the word came, for
    the journal. Raises RequestRefused: NotFound, Ambiguous,
    NotAllowed, ChangedMeanwhile.
    """
    by = author(by)
    reason = motive(reason) if refuse else reason
    entry = require_file(find_form(context.ledger, word))
    seen = seen or seen_now(entry, context)
    decision = "defavorable" if refuse else "favorable"
    accord = {"decision": decision, "date": (on or context.today).isoformat(), "par": by}
    if reason:
        accord["motif"] = reason
    given = context.ledger.decisions(entry.form).accord
    if given is not None and {**given, "par": by} == accord:  # another day or motif: the last word counts
        return Decided(entry, _given(given))
    require_open(entry)
    if context.ledger.decide_accord(entry.form, accord, by, seen=seen, day=context.today, through=through):
        return Decided(entry)
    given = context.ledger.decisions(entry.form).accord
    return _second(entry, context, _given(given) if given and given["decision"] == decision else "")


def override(context: Context, word: str, rule: str, *, by: str, reason: str, seen: Seen | None = None) -> Decided:
    """Lift a rule that blocks a form (``seen`` so), where its formation allows it; raises RequestRefused."""
    by, reason = author(by), motive(reason)
    entry = require_file(find_form(context.ledger, word))
    seen = seen or seen_now(entry, context)
    lifted = context.ledger.decisions(entry.form).lifting(rule)
    if lifted is not None and lifted.reason == reason:  # another reason: the last word counts
        return Decided(entry, _lifted(lifted))
    require_open(entry)
    require_overridable(entry, rule, context)
    lifting = Override(rule, by, reason, context.today)
    if context.ledger.decide_override(entry.form, lifting, seen=seen, day=context.today):
        return Decided(entry)
    lifted = context.ledger.decisions(entry.form).lifting(rule)
    return _second(entry, context, _lifted(lifted) if lifted else "")


def confirm(
    context: Context,
    word: str,
    values: Sequence[str] = (),
    *,
    by: str,
    everything_as_read: bool = False,
    seen: Seen | None = None,
) -> Decided:
    """Settle doubtful values, each « field=value » in French spellings, « field » as read or « field= » for blank.

    ``everything_as_read``: a person says that they looked at every doubt, and that what was read is right but for
    ``values``; a doubt of which nothing was read stays one.

    ``seen``: the form as whoever confirms saw it (else: as it is now). Raises RequestRefused for an unknown field,
    one that nobody doubts, a value that cannot be understood.
    """
    by = author(by)
    entry = require_file(find_form(context.ledger, word))
    seen = seen or seen_now(entry, context)
    require_open(entry)
    reading = as_read(entry.form, context)
    if everything_as_read:
        values = (
            *values,
            *proposed(reading, but=values, confirmed=context.ledger.decisions(entry.form).confirmations),
        )
    settled = settle(entry, reading, values, by=by, context=context)
    if context.ledger.decide_confirm(entry.form, settled, seen=seen, day=context.today):
        return Decided(entry)
    now = {one.field: one for one in context.ledger.decisions(entry.form).confirmations}
    same = all(one.field in now and now[one.field].after == one.after for one in settled)
    first = now[settled[0].field] if same else None
    return _second(entry, context, f"confirmé par {first.by} le {first.on:%d/%m/%Y}" if first else "")


def checked_now(entry: Entry, reading: Reading, decisions: Decisions, context: Context) -> Record | Refused:
    """A form held against its rules and those of the cohort, as it would be walked today; a paper against its own."""
    if reading.paper is not PaperForm.FORMULAIRE:
        return held_paper(entry, reading, decisions, context)
    programme = open_programme(reading, context)
    checked = check(reading, programme, decisions, received_on=entry.form.received_on, today=context.today)
    return judge_among(checked, entry.form.sha256, decisions, context.ledger, context.law, session=programme.session)


def seen_now(entry: Entry, context: Context, since: int | None = None) -> Seen:
    """What a decision rests on: the form as it was found, with what had been decided of it, or of it ``since``.

    A page was drawn a while ago: its decision rests on what had been decided then.
    """
    seen = replace(context.ledger.seen(entry.form), state=entry.state)
    return seen if since is None else replace(seen, decision=since)


def require_open(entry: Entry) -> None:
    """Raise NotAllowed for a form that has its packet: what was decided is printed there."""
    if entry.state is State.DELIVERED:
        raise NotAllowed(
            f"{entry.form.id} a déjà sa liasse : rien n’est décidé. Si quelque chose doit changer, faites "
            "renvoyer le formulaire corrigé."
        )


def _second(entry: Entry, context: Context, said: str) -> Decided:
    """What whoever comes second is told: that it is done already, or that something else happened."""
    if said:
        return Decided(entry, said)
    raise found_changed(entry, context)


def found_changed(entry: Entry, context: Context) -> ChangedMeanwhile:
    """What to raise where a form is not as it was seen: nothing was written; who acted last is told."""
    by = next((one.actor for one in reversed(context.ledger.journal(entry.form.sha256)) if one.actor != MACHINE), "")
    return ChangedMeanwhile(
        f"{entry.form.id} : {by or 'quelqu’un d’autre'} vient d’en décider, ou le formulaire a avancé ; rien n’est "
        f"écrit. Regardez-le de nouveau (« liasse show {entry.form.id} »), puis décidez."
    )


def _given(accord: Data) -> str:
    return f"accord {accord['decision']} déjà donné par {accord['par']} le {accord['date']}"


def _lifted(lifted: Override) -> str:
    return f"{lifted.rule} déjà levée par {lifted.by} le {lifted.on:%d/%m/%Y}"


def require_overridable(entry: Entry, rule: str, context: Context) -> None:
    """Raise NotAllowed unless that rule blocks this form and its formation lets a person lift it."""
    decisions = context.ledger.decisions(entry.form)
    decisions = replace(decisions, overrides=tuple(one for one in decisions.overrides if one.rule != rule))
    checked = checked_now(entry, understand(entry.form, decisions, context), decisions, context)
    problems = [problem for verdict in checked.verdicts if verdict.rule == rule for problem in verdict.problems]
    held = hold(history_of(entry, checked.data, context.ledger), decisions)
    problems += [held] if held and held.rule == rule else []
    if not any(problem.severity is Severity.BLOCKING for problem in problems):
        raise NotAllowed(
            f"{rule} ne bloque pas {entry.form.id} : il n’y a rien à lever. « liasse show {entry.form.id} » dit ce "
            "qui bloque."
        )
    if not any(problem.overridable for problem in problems):
        raise NotAllowed(
            f"{rule} ne se lève pas : la loi ou la formation la veut ferme. Faites corriger le formulaire ; si la "
            "formation le permet, écrivez derogeable = true sous cette règle dans formation.toml."
        )
