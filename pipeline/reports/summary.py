"""The bilan of a workspace, from its ledger and its outbox; nothing is read or printed anew for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from pipeline.checks import all_rules
from pipeline.cohort.examine import Findings, findings_of_all, judge
from pipeline.cohort.rules import RULES
from pipeline.core.errors import ConfigError, Transient
from pipeline.core.formation import formation_codes, load_formation
from pipeline.core.law import as_date
from pipeline.core.member import member_of
from pipeline.core.models import Data, Problem, Record, Who, get
from pipeline.documents.filed import read_letter
from pipeline.dossier.context import (
    Context,
    check,
    draft_problem,
    is_draft,
    open_programme,
    without_formation,
)
from pipeline.dossier.versions import RULES as VERSION_RULES
from pipeline.dossier.versions import history_of, hold
from pipeline.ledger.entries import Entry, State
from pipeline.ledger.packet_store import PacketLine
from pipeline.reports.account import STATES, WHO, Bilan, Line, Note, Reason
from pipeline.reports.todo import todo

_TITLES = {
    "FORMULAIRE_INCONNU": "Formulaire inconnu",
    "FORMATION_A_CHOISIR": "Formation à choisir",
    **VERSION_RULES,
    **{rule.id: rule.title for rule in RULES.values()},
}


def summarise(context: Context) -> Bilan:
    """What became of every form of the ledger, on the day of its context; forms that were erased are not in it."""
    packets = {line.id: line for line in context.ledger.packets.live()}
    return _Summary(context, findings_of_all(context.ledger, context.law), packets).bilan()


@dataclass(frozen=True)
class _Summary:
    """The work of one bilan."""

    context: Context
    findings: Findings
    packets: Mapping[str, PacketLine]

    def bilan(self) -> Bilan:
        entries = [entry for entry in self.context.ledger.entries.all() if entry.state is not State.ERASED]
        records = self.context.ledger.readings.records([entry.form.sha256 for entry in entries])
        lines = tuple(self._line(entry, records.get(entry.form.sha256, {})) for entry in entries)
        names = {entry.form.sha256: entry.stagiaire or "" for entry in entries}
        notes = tuple(_note(problem, sha256, names) for sha256, found in self.findings.items() for problem in found)
        order = {rule: place for place, rule in enumerate(RULES)}
        return Bilan(self.context.today, lines, tuple(sorted(notes, key=lambda note: order[note.rule])))

    def _line(self, entry: Entry, data: Data) -> Line:
        reasons = tuple(self._reasons(entry, data))
        packet = self.packets.get(entry.packet or "") if entry.state is State.DELIVERED else None
        return Line(
            id=entry.form.id,
            state=entry.state,
            received_on=entry.form.received_on,
            name=_text(data, "stagiaire.nom") or entry.stagiaire or "",
            first_name=_text(data, "stagiaire.prenom"),
            formation=entry.formation or _text(data, "formation.code"),
            year=_text(data, "formation.annee"),
            host=_text(data, "organisme.raison_sociale"),
            start=as_date(get(data, "stage.date_debut")),
            end=as_date(get(data, "stage.date_fin")),
            reasons=reasons,
            todo=todo(entry, reasons),
            folder=str(entry.folder) if entry.folder else "",
            packet=(entry.packet or "")[:8],
            pages=packet.pages if packet else None,
            signatures=packet.signatures if packet else None,
            dossier=entry.number,
        )

    def _reasons(self, entry: Entry, data: Data) -> Iterator[Reason]:
        problems: tuple[Problem, ...] = ()
        if entry.state is State.WAITING:
            problems = self._waiting(entry)
        elif entry.state is State.TO_COMPLETE:
            problems = read_letter(self.context.workspace, entry.folder) if entry.folder else ()
        titles = self._titles.get(_text(data, "formation.code"), {})
        for problem in problems:
            title = titles.get(problem.rule) or _TITLES.get(problem.rule) or "Formulaire illisible"
            yield Reason(problem.rule, title, problem.message, WHO[problem.who])
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
        unplaced = without_formation(reading, context.workspace)
        if unplaced:
            return (unplaced,)
        try:
            programme = open_programme(reading, context)
            alone = check(reading, programme, decisions, received_on=entry.form.received_on, today=context.today)
            checked = judge(alone, member_of(sha256, alone.data), self.findings.get(sha256, ()), decisions)
            if isinstance(checked, Record):
                held = hold(history_of(entry, checked.data, context.ledger), decisions)
                return (held,) if held else ()
        except (ConfigError, Transient):
            return ()
        return (draft_problem(reading),) if is_draft(reading) else checked.blocking

    @cached_property
    def _titles(self) -> Mapping[str, Mapping[str, str]]:
        """The titles of the rules of each formation."""
        context = self.context
        return {
            code: {
                rule.id: rule.title for rule in all_rules(load_formation(context.workspace, code), context.dictionary)
            }
            for code in formation_codes(context.workspace)
        }


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


def _text(data: Data, path: str) -> str:
    value = get(data, path)
    return value if isinstance(value, str) else ""
