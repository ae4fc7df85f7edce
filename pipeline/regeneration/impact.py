"""Impact analysis: one packet made again in memory, as if on its own day, and compared with the one delivered.

The reading, the decisions and the day are those of the delivered packet: what differs comes from the templates, the
formation, the schema, the law or the code. Nothing is converted: the Word files are compared.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from pipeline.cohort.examine import findings_of_all, judge, judge_among
from pipeline.cohort.rules import RULES
from pipeline.core.decisions import Decisions
from pipeline.core.errors import ConfigError, FormRejected, TemplateError
from pipeline.core.formation import Session
from pipeline.core.identity import Difference, differences
from pipeline.core.member import member_of
from pipeline.core.models import Reading, Record, Refused, get
from pipeline.core.programme import Programme
from pipeline.documents.drafts import Draft, draft_pieces, packet_pieces
from pipeline.documents.filed import FiledPacket, FiledPiece, read_packet
from pipeline.documents.filling.unmarked import without_words
from pipeline.documents.sources import source_of
from pipeline.dossier.context import (
    Context,
    as_read,
    check,
    draft_problem,
    is_draft,
    open_programme,
    without_formation,
)
from pipeline.ledger.entries import Entry
from pipeline.ledger.packet_store import PacketLine
from pipeline.regeneration.signing_changes import signing_changes
from pipeline.regeneration.word_diff import Change, unlike

Judge = Callable[[Record | Refused, str, Decisions, Session], Record | Refused]
ProgrammeOf = Callable[[Reading], Programme]

_NOT_THERE = "La liasse n’est plus dans outbox/, ou n’est pas celle qui a été délivrée."
_NO_FORM = "Ni le formulaire ni sa lecture ne sont conservés."
_ADDED, _GONE = "s’ajoute à la liasse", "n’est plus dans la liasse"
_LAYOUT = "mise en page, image ou propriétés ; aucun mot ne change"
_OTHER_FILE = "autre fichier"
_OTHER_TITLE = "autre titre, « {} » auparavant"


@dataclass(frozen=True)
class PieceChange:
    """What changes in one piece: its words, or in ``said`` what no words tell."""

    code: str
    title: str
    words: tuple[Change, ...] = ()
    said: str = ""


@dataclass(frozen=True)
class RuleChange:
    """A rule that does not say what it said: ``None`` where it was, or now is, silent."""

    rule: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Remade:
    """What a packet would be made of again."""

    record: Record
    programme: Programme
    decisions: Decisions
    filed: FiledPacket


@dataclass(frozen=True)
class Impact:
    """What would change in one packet. ``unknown``: why it is not compared; ``hurdles``: why none would be made."""

    entry: Entry
    packet: PacketLine
    unknown: str = ""
    hurdles: tuple[str, ...] = ()
    pieces: tuple[PieceChange, ...] = ()
    rules: tuple[RuleChange, ...] = ()
    values: tuple[Difference, ...] = ()
    others: tuple[str, ...] = ()  # signataires, the order of the pieces, PDF/A
    remade: Remade | None = field(default=None, repr=False)

    @property
    def changed(self) -> bool:
        """Whether the packet would not be the same."""
        return bool(self.hurdles or self.pieces or self.rules or self.values or self.others)


def compare(
    entry: Entry, packet: PacketLine, context: Context, *, judge: Judge, programme_of: ProgrammeOf | None = None
) -> Impact:
    """Make a packet again as if on its day, and say what differs; ``judge`` adds what the rules of the cohort say."""
    filed = read_packet(context.workspace, packet.folder, packet.id)
    try:
        reading = _reading(entry, context) if filed else None
        if filed is None or reading is None:
            return Impact(entry, packet, unknown=_NO_FORM if filed else _NOT_THERE)
        programme_of = programme_of or (lambda read: open_programme(read, context))
        return _compared(Impact(entry, packet), filed, reading, context, judge=judge, programme_of=programme_of)
    except (FormRejected, ConfigError, TemplateError) as error:
        return Impact(entry, packet, hurdles=(str(error),))
    except (OSError, ValueError):
        return Impact(entry, packet, unknown=_NOT_THERE)


def _compared(
    impact: Impact, filed: FiledPacket, reading: Reading, context: Context, *, judge: Judge, programme_of: ProgrammeOf
) -> Impact:
    form = impact.entry.form
    decisions = context.ledger.decisions(form)
    reading = reading.with_confirmed(decisions.confirmations)
    unplaced = without_formation(reading, context.workspace)
    if unplaced:
        return replace(impact, hurdles=(unplaced.message,))
    programme = programme_of(reading)
    alone = check(reading, programme, decisions, received_on=form.received_on, today=filed.day)
    checked = judge(alone, form.sha256, decisions, programme.session)
    if isinstance(checked, Refused) or checked.lacks:
        return replace(impact, hurdles=hurdles(checked), rules=_rules(filed, checked))
    return _laid_beside(impact, Remade(checked, programme, decisions, filed), context)


def judged_alone(context: Context) -> Judge:
    """The rules of the cohort asked for one form; for many at once, ``survey`` asks them once."""
    return lambda checked, sha256, decisions, session: judge_among(
        checked, sha256, decisions, context.ledger, context.law, session=session
    )


def hurdles(checked: Record | Refused) -> tuple[str, ...]:
    """Why no packet to sign can be made, each with its rule: what refuses a record, or what makes it a projet."""
    if isinstance(checked, Record):
        problems = checked.lacks
    else:
        problems = (draft_problem(checked.reading),) if is_draft(checked.reading) else checked.blocking
    return tuple(f"{problem.rule} : {problem.message}" for problem in problems)


def _reading(entry: Entry, context: Context) -> Reading | None:
    """What the packet was made of: the reading that was kept, or the form read again."""
    kept = context.ledger.readings.latest(entry.form.sha256)
    return as_read(entry.form, context) if kept is None and entry.form.path.exists() else kept


def _laid_beside(impact: Impact, remade: Remade, context: Context) -> Impact:
    record, filed = remade.record, remade.filed
    pieces = packet_pieces(record, remade.programme)
    sources = [source_of(piece, context.workspace, remade.decisions) for piece in pieces]
    number = impact.packet.folder.name.rpartition("_")[2]  # as it was printed: of eight digits once
    _, drafted = draft_pieces(pieces, sources, record, remade.programme, number=number, on=filed.day)
    drafts = tuple(drafted)
    return replace(
        impact,
        pieces=tuple(_pieces(filed, drafts, _secret(filed, record))),
        rules=_rules(filed, record),
        values=tuple(differences(filed.data(), record.data, context.dictionary)),
        others=tuple(signing_changes(filed, drafts, remade.programme.formation)),
        remade=remade,
    )


def _secret(filed: FiledPacket, record: Record) -> re.Pattern[str] | None:
    """What finds the NIR, however it is spaced: it is never shown beside a change."""
    numbers = {str(value) for data in (filed.data(), record.data) if (value := get(data, "stagiaire.nir"))}
    spaced = [r"\s*".join(map(re.escape, "".join(number.split()))) for number in sorted(numbers)]
    return re.compile("|".join(spaced)) if spaced else None


def _pieces(filed: FiledPacket, drafts: Sequence[Draft], secret: re.Pattern[str] | None) -> Iterator[PieceChange]:
    before = {piece.code: piece for piece in filed.pieces}
    after = {draft.code: draft for draft in drafts}
    for code, draft in after.items():
        if code not in before:
            yield PieceChange(code, draft.title, said=_ADDED)
        else:
            yield from _piece(filed, before[code], draft, secret)
    yield from (PieceChange(code, piece.title, said=_GONE) for code, piece in before.items() if code not in after)


def _piece(
    filed: FiledPacket, before: FiledPiece, draft: Draft, secret: re.Pattern[str] | None
) -> Iterator[PieceChange]:
    docx = filed.docx(before)
    if docx is None or draft.filled is None:
        same = docx is None and draft.filled is None and draft.template_sha256 == before.template_sha256
        if not same:
            yield PieceChange(before.code, draft.title, said=_OTHER_FILE)
        elif draft.title != before.title:
            yield PieceChange(before.code, draft.title, said=_OTHER_TITLE.format(before.title))
    elif found := unlike(*_without_marks(filed, docx, draft), secret):
        yield PieceChange(before.code, draft.title, found.changes, _LAYOUT if found.layout else "")


def _without_marks(filed: FiledPacket, docx: bytes, draft: Draft) -> tuple[bytes, bytes]:
    """Both Word files without the words that marked their signature boxes: packets once kept them."""
    after = draft.filled.docx if draft.filled else b""
    marks = {str(signer["champ"]) for signer in filed.signers} | {str(party["ancre"]) for party in draft.signing}
    return without_words(docx, marks), without_words(after, marks)


def _rules(filed: FiledPacket, checked: Record | Refused) -> tuple[RuleChange, ...]:
    """What the rules say otherwise; not those of the cohort, which speak of other forms, nor what blocks now."""
    now = {
        (problem.rule, _sentence(problem.severity.value, problem.message, lifted=verdict.lifted is not None))
        for verdict in checked.verdicts
        for problem in verdict.problems
        if verdict.rule not in RULES
    }
    if filed.verdicts is None:
        warnings = sum(problem.severity.value == "warning" for v in checked.verdicts for problem in v.problems)
        return (
            () if warnings == filed.warnings else (RuleChange("avertissements", str(filed.warnings), str(warnings)),)
        )
    then = {
        (one["regle"], _sentence(one["gravite"], one["message"], lifted=one["levee"]))
        for one in filed.verdicts
        if one["regle"] not in RULES
    }
    return tuple(_paired(then - now, {one for one in now - then if not one[1].startswith(_STOPS)}))


def _paired(gone: set[tuple[str, str]], new: set[tuple[str, str]]) -> Iterator[RuleChange]:
    """What each rule said beside what it says; where it says several things, they are told one by one."""
    for rule in sorted({rule for rule, _ in gone | new}):
        before, after = (sorted(said for one, said in side if one == rule) for side in (gone, new))
        if len(before) == len(after) == 1:
            yield RuleChange(rule, before[0], after[0])
        else:
            yield from (RuleChange(rule, said, None) for said in before)
            yield from (RuleChange(rule, None, said) for said in after)


_GRAVITY = {"blocking": "bloquante", "draft": "projet", "warning": "avertissement", "info": "à savoir"}
_STOPS = ("bloquante, ", "projet, ")  # told among the hurdles


def _sentence(gravity: str, message: str, *, lifted: bool) -> str:
    return f"{_GRAVITY[gravity]}{' levée' if lifted else ''}, {message}"


def survey(context: Context) -> Iterator[Impact]:
    """What would change in each current packet, in the order in which they were made; nothing is written.

    What the forms share (the cohort's rules, formations and sessions) is looked at once.
    """
    packets = context.ledger.packets.current()  # before the forms: a form delivered meanwhile is for the next time
    entries = context.ledger.entries.of_packets([packet.id for packet in packets])
    findings = findings_of_all(context.ledger, context.law)
    programmes: dict[tuple[object, ...], Programme] = {}

    def judged(checked: Record | Refused, sha256: str, decisions: Decisions, session: Session) -> Record | Refused:
        return judge(checked, member_of(sha256, checked.data, session=session), findings.get(sha256, ()), decisions)

    def programme_of(reading: Reading) -> Programme:
        asked = (reading.formation, reading.session, get(reading.values, "stage.date_debut"))
        if asked not in programmes:
            programmes[asked] = open_programme(reading, context)
        return programmes[asked]

    for packet in packets:
        yield compare(entries[packet.id], packet, context, judge=judged, programme_of=programme_of)
