"""A form that comes again, changed: which packet it replaces, and when the scolarité must decide first."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from pipeline.core.decisions import Decisions
from pipeline.core.errors import HouseError, InTurn
from pipeline.core.fields import Dictionary
from pipeline.core.identity import Comparison, differences, same_internship, same_person
from pipeline.core.models import Data, Problem, Severity, Who
from pipeline.core.workspace import Workspace
from pipeline.ledger.packet_store import LIVE, LOCKED, PacketLine, PacketState
from pipeline.ledger.store import Entry, Ledger, State
from pipeline.storage.spool import put_file

LOCKED_RULE, LATE_RULE = "V-01", "V-02"
RULES = {
    LOCKED_RULE: "La liasse de la version précédente a déjà été retirée ou signée.",
    LATE_RULE: "Une version reçue plus tard a déjà sa liasse.",
}
REPLACED = "REMPLACEE.txt"
_OPEN = frozenset({State.WAITING, State.TO_COMPLETE, State.FAILED, State.RECEIVED})


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
    """What the ledger knows of an internship when one more form speaks of it.

    ``pending`` are the hashes of older forms without a packet, ``seen`` all packets of people of that name. ``own``
    is the form's own packet, where that one is made anew.
    """

    before: tuple[Earlier, ...] = ()
    after: tuple[Earlier, ...] = ()
    pending: tuple[str, ...] = ()
    seen: frozenset[str] = frozenset()
    own: Earlier | None = None

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
        """The hash of the older form that this one replaces; a packet made anew changes nothing there."""
        if self.own:
            return self.own.entry.replaces
        return self.last.entry.form.sha256 if self.last else None

    @property
    def note(self) -> str:
        """« version 2, remplace 1a2b3c4d », or nothing for a first version."""
        if self.own:
            return f"version {self.version}, remplace la liasse {self.own.packet.id[:8]} du même formulaire"
        return f"version {self.version}, remplace {self.last.entry.form.id}" if self.last else ""


def history_of(entry: Entry, data: Data, ledger: Ledger) -> Past:
    """Find the other versions of an internship; raises InTurn while an older one is still to be made."""
    beside = ledger.packets.of_name_beside(entry.form.sha256)
    versions = []
    for line in beside:
        other = ledger.readings.record(line.sha256)
        if other is None or not _is_same(data, other):
            continue
        if line.state is PacketState.INTENDED:
            raise InTurn(f"{entry.form.id}: another version of this form is being made; this one is next.")
        if line.state in LIVE:
            versions.append(Earlier(ledger.entry(line.sha256), line, other))
    return Past(
        before=tuple(one for one in versions if _is_older(one.entry, entry)),
        after=tuple(one for one in versions if not _is_older(one.entry, entry)),
        pending=tuple(_pending(entry, data, ledger)),
        seen=frozenset(line.id for line in beside),
    )


def _pending(entry: Entry, data: Data, ledger: Ledger) -> Sequence[str]:
    found = []
    for other in ledger.namesakes(entry.form.sha256):
        if other.state in _OPEN and _is_older(other, entry):
            values = ledger.readings.record(other.form.sha256)
            if values is None or not _is_same(data, values):
                continue
            if other.state is State.RECEIVED:
                raise InTurn(f"{entry.form.id}: an older version of this form comes first; this one is next.")
            found.append(other.form.sha256)
    return found


def _is_same(one: Data, other: Data) -> bool:
    return same_person(one, other) and same_internship(one, other)


def _is_older(one: Entry, other: Entry) -> bool:
    return (one.received_at, one.form.sha256) < (other.received_at, other.form.sha256)


def hold(past: Past, decisions: Decisions) -> Problem | None:
    """What the scolarité must decide before this version is printed; ``None`` when nothing, or when it has."""
    lifted = {override.rule for override in decisions.overrides}
    locked = next((one for one in past.before if one.packet.state in LOCKED), None)
    if past.after and LATE_RULE not in lifted:
        other = past.after[-1].entry.form.id
        return _problem(
            LATE_RULE,
            f"Une version plus récente de ce formulaire ({other}) a déjà sa liasse : écartez celle-ci (liasse "
            f"discard), ou faites-la passer quand même (liasse override … {LATE_RULE}).",
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


def mark_superseded(ledger: Ledger, workspace: Workspace, sha256: str | None = None) -> None:
    """Say in the folder of each replaced packet that it counts no more: of one form just delivered, or of all.

    The packet's own files are left as they are. The ledger knows already; a folder that cannot be written is left.
    """
    unsaid = [
        (line, note)
        for line in ledger.packets.superseded()
        if (note := workspace.outbox / line.folder / REPLACED).parent.is_dir() and not note.exists()
    ]
    if not unsaid:  # as after nearly every delivery
        return
    entries = {one.form.sha256: one for one in ledger.entries()}
    newest = {one.replaces: one for one in entries.values() if one.replaces}
    for line, note in unsaid:
        new = newest.get(line.sha256, entries[line.sha256])
        if new.folder and new.packet != line.id and sha256 in (None, new.form.sha256):
            with suppress(HouseError):
                put_file(note, _NOTE.format(new=new.form.id, version=new.version, folder=new.folder).encode())


_NOTE = """Cette liasse est remplacée : ne plus la faire signer.

La version {version} de ce formulaire ({new}) a une nouvelle liasse :
{folder}
Sa fiche de contrôle dit ce qui a changé. Pour en savoir plus : liasse show {new}
"""
