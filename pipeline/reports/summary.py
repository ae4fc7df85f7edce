"""Report builder: the bilan of a workspace, from its ledger and outbox; nothing is read or printed again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property

from pipeline.checks import all_rules
from pipeline.cohort.examine import Findings, examine, judge
from pipeline.cohort.rules import OVERLAP, RULES
from pipeline.core.addressees import contacts_of
from pipeline.core.errors import ConfigError, NotAllowed, Transient
from pipeline.core.formation import formation_codes, load_formation
from pipeline.core.law import as_date
from pipeline.core.member import Member, member_of
from pipeline.core.models import Data, Problem, Reading, Record, Who, get, packet_number
from pipeline.core.paper_kinds import PaperForm
from pipeline.core.programme import Programme
from pipeline.core.text import visible_line
from pipeline.documents.filed import read_letter
from pipeline.dossier.context import (
    Context,
    check,
    draft_problem,
    is_draft,
    open_programme,
    without_formation,
)
from pipeline.dossier.life.holding import life_of
from pipeline.dossier.life.life_rules import Alarm, alarm
from pipeline.dossier.paper_filing import RULES as PAPER_RULES
from pipeline.dossier.paper_filing import held_paper
from pipeline.dossier.standing import blocks_now
from pipeline.dossier.versions import RULES as VERSION_RULES
from pipeline.dossier.versions import history_of, hold
from pipeline.ledger.entries import Entry, State
from pipeline.ledger.packet_store import LOCKED, PacketLine, PacketState
from pipeline.reports.account import OPEN, STATES, WHO, Bilan, Line, Note, Reason, asked_of
from pipeline.reports.todo import todo
from pipeline.storage.inbox import left_in

READY = "F-05"
_NO_LINE = frozenset({State.ERASED, State.FILED})  # no packet is, or will be, made of them
_TITLES = {
    READY: "À donner avant la signature",
    "FORMULAIRE_INCONNU": "Formulaire inconnu",
    "FORMATION_A_CHOISIR": "Formation à choisir",
    **PAPER_RULES,
    **VERSION_RULES,
    **{rule.id: rule.title for rule in RULES.values()},
}


def summarise(context: Context, *, among: Collection[str] | None = None) -> Bilan:
    """What became of every form of the ledger, on the day of its context; forms that were erased are not in it.

    ``among``: of the dossiers with these ids alone.
    """
    return replace(_summary(context), among=among).bilan()


def _summary(context: Context) -> _Summary:
    packets = {line.id: line for line in context.ledger.packets.live()}
    cohort = context.ledger.members.everybody(OVERLAP)
    return _Summary(context, cohort, examine(cohort, context.law), packets, context.ledger.letters.taken())


def to_do(context: Context) -> tuple[Line, ...]:
    """The forms that somebody of the school must act on today, what begins first before the rest."""
    lines = [line for line in replace(_summary(context), asks_again=True).lines if line.todo or line.alarms]
    return tuple(sorted(lines, key=lambda line: (line.start or dt.date.max, line.name, line.dossier, line.id)))


@dataclass(frozen=True)
class _Summary:
    """The work of one bilan."""

    context: Context
    cohort: Sequence[Member]
    findings: Findings
    packets: Mapping[str, PacketLine]
    letters_taken: Collection[str]
    asks_again: bool = False  # also what blocks a packet since it was made
    among: Collection[str] | None = None  # the dossiers that are told of

    @cached_property
    def _entries(self) -> tuple[Entry, ...]:
        entries = self.context.ledger.entries
        found = entries.all() if self.among is None else entries.among_dossiers(self.among)
        return tuple(entry for entry in found if entry.state not in _NO_LINE)

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """One line for each form."""
        entries = self._entries
        members = {one.sha256: one for one in self.cohort}
        others = [entry.form.sha256 for entry in entries if entry.form.sha256 not in members]
        records = self.context.ledger.readings.records(others)
        waiting = [entry.form.sha256 for entry in entries if entry.state in OPEN]
        kept = self.context.ledger.readings.records(waiting)
        members |= {sha256: member_of(sha256, records.get(sha256, {})) for sha256 in others}
        return tuple(
            self._line(entry, members[entry.form.sha256], kept.get(entry.form.sha256, {})) for entry in entries
        )

    def bilan(self) -> Bilan:
        """The lines with the findings of the cohort, and what lies in the inbox."""
        names = {entry.form.sha256: entry.stagiaire or "" for entry in self._entries}
        notes = tuple(
            _note(problem, sha256, names)
            for sha256, found in self.findings.items()
            if self.among is None or sha256 in names
            for problem in found
        )
        order = {rule: place for place, rule in enumerate(RULES)}
        told = tuple(sorted(notes, key=lambda note: order[note.rule]))
        left = left_in(self.context.workspace.inbox) if self.among is None else ()
        return Bilan(self.context.today, self.lines, told, left)

    def _line(self, entry: Entry, member: Member, data: Data) -> Line:
        reasons = tuple(self._reasons(entry, member.formation))
        packet = self.packets.get(entry.packet or "") if entry.state is State.DELIVERED else None
        return Line(
            id=entry.form.id,
            state=entry.state,
            received_on=entry.form.received_on,
            name=member.last_name or entry.stagiaire or "",
            first_name=member.first_name,
            formation=entry.formation or member.formation,
            year=member.year,
            host=member.host,
            start=as_date(member.stage.start),
            end=as_date(member.stage.end),
            reasons=reasons,
            todo=todo(entry, reasons, taken=self._is_taken(entry)),
            folder=str(entry.folder) if entry.folder else "",
            packet=packet_number(entry.packet or ""),
            pages=packet.pages if packet else None,
            signatures=packet.signatures if packet else None,
            dossier=entry.number,
            file=visible_line(entry.form.name),
            contacts=contacts_of(data, asked_of(reason.who for reason in reasons)),
            alarms=tuple(self._alarms(entry, packet)),
        )

    def _alarms(self, entry: Entry, packet: PacketLine | None) -> Iterator[Alarm]:
        """The signatures that are missing when the first day comes."""
        if not self.asks_again or packet is None or packet.state not in {PacketState.CURRENT, PacketState.FETCHED}:
            return
        try:
            life = life_of(self.context, entry.dossier)
        except (NotAllowed, ConfigError):  # its values were purged; its formation is ill: doctor and check tell why
            return
        yield from alarm(life, self.context.today, self.context.settings.vie.signatures)

    def _is_taken(self, entry: Entry) -> bool:
        """Whether somebody took what was made: the packet to be signed, the letter to be sent."""
        packet = self.packets.get(entry.packet or "")
        return entry.form.sha256 in self.letters_taken or (packet is not None and packet.state in LOCKED)

    def _reasons(self, entry: Entry, formation: str) -> Iterator[Reason]:
        problems: tuple[Problem, ...] = ()
        if entry.state is State.WAITING:
            problems = self._waiting(entry)
        elif entry.state is State.TO_COMPLETE:
            # A rehearsal writes no letter: what it would ask is asked again.
            problems = read_letter(self.context.workspace, entry.folder) if entry.folder else self._waiting(entry)
        elif entry.state is State.DELIVERED and self.asks_again:
            problems = blocks_now(entry, self.context, self._programme_of)
        elif entry.state is State.DRAFT:
            yield from (Reason(READY, _TITLES[READY], one, WHO[Who.SCOLARITE]) for one in entry.detail.splitlines())
        titles = self._titles.get(formation, {})
        for problem in problems:
            title = titles.get(problem.rule) or _TITLES.get(problem.rule) or "Formulaire illisible"
            yield Reason(
                problem.rule, title, problem.message, WHO[problem.who], problem.overridable, problem.field or ""
            )
        if not problems and entry.state in {State.WAITING, State.TO_COMPLETE}:
            yield Reason("", STATES[entry.state].capitalize(), entry.detail, WHO[Who.SCOLARITE])
        elif entry.state in {State.FAILED, State.QUARANTINED, State.RECEIVED}:
            yield Reason("", STATES[entry.state].capitalize(), entry.detail, "exploitation")

    def _waiting(self, entry: Entry) -> tuple[Problem, ...]:
        """What a waiting form waits for, asked again of the values that were kept; nothing where none were."""
        context, sha256 = self.context, entry.form.sha256
        kept = context.ledger.readings.get(sha256, context.reader) if context.reader else None
        if kept is None:
            return ()
        decisions = context.ledger.decisions(entry.form)
        reading = kept.with_confirmed(decisions.confirmations)
        if reading.paper is not PaperForm.FORMULAIRE:
            return held_paper(entry, reading, decisions, context).blocking
        unplaced = without_formation(reading, context.workspace)
        if unplaced:
            return (unplaced,)
        try:
            programme = open_programme(reading, context)
            alone = check(reading, programme, decisions, received_on=entry.form.received_on, today=context.today)
            checked = judge(
                alone,
                member_of(sha256, alone.data, session=programme.session),
                self.findings.get(sha256, ()),
                decisions,
            )
            if isinstance(checked, Record):
                held = hold(history_of(entry, checked.data, context.ledger), decisions)
                return (held,) if held else ()
        except (ConfigError, Transient):
            return ()
        return (draft_problem(reading),) if is_draft(reading) else checked.blocking

    @cached_property
    def _programmes(self) -> dict[tuple[object, ...], Programme]:
        return {}

    def _programme_of(self, reading: Reading) -> Programme:
        """The programme of a reading, opened once for the forms that share it."""
        asked = (reading.formation, reading.session, get(reading.values, "stage.date_debut"))
        if asked not in self._programmes:
            self._programmes[asked] = open_programme(reading, self.context)
        return self._programmes[asked]

    @cached_property
    def _titles(self) -> Mapping[str, Mapping[str, str]]:
        """The titles of the rules of each formation."""
        context = self.context
        found: dict[str, Mapping[str, str]] = {}
        for code in formation_codes(context.workspace):
            with suppress(ConfigError):  # the lines of an ill formation go without titles
                rules = all_rules(load_formation(context.workspace, code), context.dictionary)
                found[code] = {rule.id: rule.title for rule in rules}
        return found


def _note(problem: Problem, sha256: str, names: Mapping[str, str]) -> Note:
    return Note(
        problem.rule,
        RULES[problem.rule].title,
        problem.severity,
        sha256[:8],
        names.get(sha256, ""),
        problem.message,
        WHO[problem.who],
        problem.source,
    )
