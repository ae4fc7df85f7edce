"""Use case: the story of a dossier: journal in French, versions, packets, what was fetched and by whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.documents.filed import FiledPacket, read_packet
from pipeline.dossier.context import Context
from pipeline.ledger.entries import Entry, State
from pipeline.ledger.journal import MACHINE, Line
from pipeline.ledger.packet_store import LIVE, PacketLine
from pipeline.ledger.pass_book import Pass
from pipeline.services.page_views import LETTER
from pipeline.services.permissions import Reached

_EVENTS: Mapping[str, str] = {
    "received": "reçu",
    "received-again": "reçu de nouveau, à l’identique",
    "accord": "avis sur le stage",
    "confirm": "valeur confirmée",
    "override": "règle levée",
    "join": "fichier joint",
    "retry": "réessayé",
    "reopen": "repris",
    "letter": "liasse retirée, à renvoyer",
    "regenerate": "liasse à refaire, demandé",
    "regenerated": "liasse refaite",
    "projet-again": "projet repris",
    "moved": "changé de dossier",
    "kept": "liasse gardée telle quelle",
    "taken": "liasse prise",
    "letter-taken": "lettre prise, à envoyer",
    "retiree": "liasse prise pour être signée",
    "signee": "liasse signée",
    "link-added": "lien d’avis créé",
    "link-revoked": "lien d’avis repris",
    "vu": "dossier regardé",
    "retrait": "fichier pris",
    "purge": "données purgées",
    "told": "fait noté",
    "issued": "document émis",
    "cloture": "dossier clos",
    "reouverture": "dossier rouvert",
    "released": "repris à une machine arrêtée",
    State.DELIVERED.value: "liasse produite",
    State.DRAFT.value: "projet produit",
    State.WAITING.value: "mis en attente d’une décision",
    State.TO_COMPLETE.value: "renvoyé à compléter",
    State.FAILED.value: "en panne",
    State.SUPERSEDED.value: "remplacé par une version plus récente",
    State.QUARANTINED.value: "mis de côté",
    State.DISCARDED.value: "écarté",
    State.DIVIDED.value: "séparé en plusieurs formulaires",
}
_SHOWN = 200  # lines of a journal at once


@dataclass(frozen=True)
class Told:
    """One line of the journal: the moment (UTC, ISO), who, what happened (French), of what."""

    at: str
    actor: str
    what: str
    detail: str


@dataclass(frozen=True)
class Issue:
    """A packet of the dossier: its line, what lies in the outbox of it; ``None`` once it was purged."""

    line: PacketLine
    filed: FiledPacket | None
    live: bool


@dataclass(frozen=True)
class Story:
    """What hangs on a dossier besides the form that is looked at; the newest first."""

    journal: tuple[Told, ...]
    forms: tuple[Entry, ...]
    issues: tuple[Issue, ...]
    letter: Path | None
    letter_taken: tuple[str, str] | None
    links: tuple[Pass, ...]
    now: str

    @property
    def current(self) -> Issue | None:
        """The packet that counts."""
        return next((one for one in self.issues if one.live and one.filed), None)


def story_of(context: Context, reached: Reached, entry: Entry) -> Story:
    """The story of a dossier, at one of its forms."""
    ledger = context.ledger
    lines = [line for one in reached.forms for line in ledger.journal(one.form.sha256)]
    told = sorted(lines, key=lambda line: line.number, reverse=True)
    packets = [line for one in reached.forms for line in ledger.packets.of_form(one.form.sha256)]
    letter = context.workspace.to_complete / entry.form.id / LETTER
    return Story(
        journal=tuple(map(_told, told[:_SHOWN])),
        forms=tuple(reversed(reached.forms)),
        issues=tuple(_issue(context, line) for line in sorted(packets, key=lambda one: one.made_at, reverse=True)),
        letter=letter if entry.state is State.TO_COMPLETE and letter.is_file() else None,
        letter_taken=_taken(context, entry),
        links=ledger.passes.links_of(reached.id),
        now=ledger.passes.now(),
    )


def _issue(context: Context, line: PacketLine) -> Issue:
    return Issue(line, read_packet(context.workspace, line.folder, line.id), line.state in LIVE)


def _told(line: Line) -> Told:
    actor = "liasse" if line.actor == MACHINE else line.actor
    return Told(line.at, actor, _EVENTS.get(line.event, line.event), line.detail)


def _taken(context: Context, entry: Entry) -> tuple[str, str] | None:
    """Who took the letter of today, and when."""
    ledger = context.ledger
    if entry.state is not State.TO_COMPLETE or not ledger.letters.taken(entry.form.sha256):
        return None
    line = ledger.last_event(entry.form.sha256, "letter-taken")
    return (line.actor, line.at) if line else None
