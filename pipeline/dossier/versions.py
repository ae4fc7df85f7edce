"""Versions of one internship: which packet a form replaces, and when the scolarité must decide first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from pipeline.core.decisions import Decisions
from pipeline.core.errors import HouseError, InTurn
from pipeline.core.fields import Dictionary
from pipeline.core.identity import Comparison, differences, exchanged
from pipeline.core.models import Data, Problem, Severity, Who, packet_number
from pipeline.core.workspace import Workspace
from pipeline.ledger.entries import OPEN, Entry, State
from pipeline.ledger.packet_store import LIVE, LOCKED, PacketLine, PacketState
from pipeline.ledger.store import Ledger
from pipeline.storage.spool import put_file

LOCKED_RULE, LATE_RULE, CHOICE_RULE, NAME_RULE = "V-01", "V-02", "V-03", "V-04"
RULES = {
    LOCKED_RULE: "La liasse de la version précédente a déjà été retirée ou signée.",
    LATE_RULE: "Une version reçue plus tard a déjà sa liasse.",
    CHOICE_RULE: "Le formulaire peut être de plusieurs dossiers.",
    NAME_RULE: "Le nom et le prénom du stagiaire ne sont pas ceux de la version qui a sa liasse.",
}
REPLACED = "REMPLACEE.txt"
_PENDING = OPEN - {State.QUARANTINED}


@dataclass(frozen=True)
class Earlier:
    """A version that has a packet: its form, its packet, the values it was made with."""

    entry: Entry
    packet: PacketLine
    data: Data

    def compared(self, data: Data, dictionary: Dictionary, decisions: Decisions) -> Comparison:
        """What ``data`` changes of this version, and who let it take its place where somebody had to."""
        changes = tuple(differences(self.data, data, dictionary))
        lifted = next((override for override in decisions.overrides if override.rule in RULES), None)
        return Comparison(self.entry.form.id, self.packet.day, changes, lifted)


@dataclass(frozen=True)
class Past:
    """What the ledger knows of an internship when one more form of it is walked.

    ``pending`` are the hashes of older forms without a packet, ``seen`` all packets of the other forms, ``choices``
    the numbers of other dossiers it could be of. ``own`` is the form's own packet, if its next version is asked for.
    ``renamed`` says how the version before names the same person otherwise.
    """

    before: tuple[Earlier, ...] = ()
    after: tuple[Earlier, ...] = ()
    pending: tuple[str, ...] = ()
    seen: frozenset[str] = frozenset()
    choices: tuple[str, ...] = ()
    own: Earlier | None = None
    renamed: str = ""

    @property
    def last(self) -> Earlier | None:
        """The version that the next packet replaces."""
        mine = (self.own,) if self.own else ()
        return max((*self.before, *self.after, *mine), key=lambda one: one.entry.version, default=None)

    @property
    def version(self) -> int:
        """The number of the version at hand, from 1."""
        return self.last.entry.version + 1 if self.last else 1

    @property
    def replaced_form(self) -> str | None:
        """The hash of the older form that this one replaces; a packet that is regenerated changes nothing there."""
        if self.own:
            return self.own.entry.replaces
        return self.last.entry.form.sha256 if self.last else None

    @property
    def overtaken(self) -> tuple[str, ...]:
        """The hashes of all forms of the internship that are over once this version is delivered.

        Beside the one that it replaces: one that waits, and one whose place a projet had not yet taken.
        """
        printed = () if self.own else (one.entry.form.sha256 for one in (*self.before, *self.after))
        return tuple(dict.fromkeys((*self.pending, *printed)))

    @property
    def note(self) -> str:
        """« version 2, remplace 1a2b3c4d », or nothing for a first version."""
        if self.own:
            return (
                f"version {self.version}, remplace la liasse {packet_number(self.own.packet.id)} du même formulaire"
            )
        return f"version {self.version}, remplace {self.last.entry.form.id}" if self.last else ""


def history_of(entry: Entry, data: Data, ledger: Ledger) -> Past:
    """The other versions of a form, of its dossier; raises InTurn while an older one is still to be made.

    ``entry`` is as the ledger knows it now: its values were kept, and it joined its dossier.
    """
    beside = ledger.packets.beside(entry.form.sha256)
    if any(line.state is PacketState.INTENDED for line in beside):
        raise InTurn(f"{entry.form.id}: another version of this form is being made; this one is next.")
    others = {one.form.sha256: one for one in ledger.entries.of_dossier(entry.dossier)}
    live = [line for line in beside if line.state in LIVE and line.sha256 in others]  # not one that moved just now
    versions = [_earlier(others[line.sha256], line, ledger) for line in live]
    before = tuple(one for one in versions if one.entry.order < entry.order)
    return Past(
        before=before,
        after=tuple(one for one in versions if one.entry.order > entry.order),
        pending=tuple(_pending(entry, others.values(), ledger)),
        seen=frozenset(line.id for line in beside),
        choices=ledger.dossiers.choices(entry.form.sha256, data),
        renamed=exchanged(max(before, key=lambda one: one.entry.version).data, data) if before else "",
    )


def _earlier(entry: Entry, line: PacketLine, ledger: Ledger) -> Earlier:
    return Earlier(entry, line, ledger.readings.record(line.sha256) or {})


def _pending(entry: Entry, others: Iterable[Entry], ledger: Ledger) -> Iterator[str]:
    """The older forms of the dossier that wait, failed or were sent back; raises InTurn for one that comes first."""
    for other in others:
        if other.state in _PENDING and other.order < entry.order and ledger.readings.record(other.form.sha256):
            if other.state is State.RECEIVED:
                raise InTurn(f"{entry.form.id}: an older version of this form comes first; this one is next.")
            yield other.form.sha256


def hold(past: Past, decisions: Decisions) -> Problem | None:
    """What the scolarité must decide before this version is printed; ``None`` when nothing, or when it has."""
    lifted = {override.rule for override in decisions.overrides}
    locked = next((one for one in past.before if one.packet.state in LOCKED), None)
    if past.choices and CHOICE_RULE not in lifted:
        numbers = " ou ".join(past.choices)
        return _problem(
            CHOICE_RULE,
            f"Ce formulaire peut être du dossier {numbers} : joignez-le au bon (liasse dossier join), ou gardez-lui "
            "son propre dossier (liasse dossier split).",
        )
    if past.after and LATE_RULE not in lifted:
        other = past.after[-1].entry.form.id
        return _problem(
            LATE_RULE,
            f"Une version plus récente de ce formulaire ({other}) a déjà sa liasse : écartez celle-ci (liasse "
            f"discard), ou faites-la passer quand même (liasse override … {LATE_RULE}).",
        )
    if past.renamed and NAME_RULE not in lifted:
        return _problem(
            NAME_RULE,
            f"La version précédente ({past.before[-1].entry.form.id}) nomme le stagiaire « {past.renamed} » (nom, "
            "prénom), et celle-ci autrement : échangés ? Corrigez-la (liasse confirm … stagiaire.nom=…), "
            f"faites-la passer ainsi (liasse override … {NAME_RULE}) ou écartez-la (liasse discard).",
        )
    if locked and LOCKED_RULE not in lifted:
        done = "signée" if locked.packet.state is PacketState.SIGNED else "retirée"
        return _problem(
            LOCKED_RULE,
            f"La liasse de la version précédente ({locked.entry.form.id}) a été {done} le "
            f"{_day(locked.packet.locked_at)} par {locked.packet.locked_by} : décidez si cette version la remplace "
            f"(liasse override … {LOCKED_RULE}) ou si elle est écartée (liasse discard).",
        )
    return None


def _problem(rule: str, message: str) -> Problem:
    return Problem(rule, Severity.BLOCKING, None, message, Who.SCOLARITE, overridable=True, waits=True)


def _day(at: str | None) -> str:
    return f"{at[8:10]}/{at[5:7]}/{at[:4]}" if at else "?"


def mark_superseded(ledger: Ledger, workspace: Workspace, dossier: str | None = None) -> None:
    """Say in the folder of each replaced packet that it counts no more: of one dossier, or of all.

    The packet's own files are left as they are. The ledger knows already; a folder that cannot be written is left.
    """
    for line in ledger.packets.superseded(dossier):
        note = workspace.outbox / line.folder / REPLACED
        if not note.parent.is_dir() or note.exists():
            continue
        old = ledger.entries.get(line.sha256)
        new = next((one for one in ledger.entries.of_dossier(old.dossier) if one.replaces == line.sha256), old)
        if new.folder and new.packet != line.id:
            with suppress(HouseError):
                put_file(note, _NOTE.format(new=new.form.id, version=new.version, folder=new.folder).encode())


_NOTE = """Cette liasse est remplacée : ne plus la faire signer.

La version {version} de ce formulaire ({new}) a une nouvelle liasse :
{folder}
Sa fiche de contrôle dit ce qui a changé. Pour en savoir plus : liasse show {new}
"""
