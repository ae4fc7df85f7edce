"""Read model of one dossier whose life goes on: its packet, the terms in force, what was told, what was issued."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, MutableMapping
from dataclasses import dataclass
from typing import Any

from pipeline.core.days import Days
from pipeline.core.errors import FormationIll, NotAllowed
from pipeline.core.formation import load_formation
from pipeline.core.law import as_date
from pipeline.core.life import FactKind, Facts, Paper, PaperKind, PaperState
from pipeline.core.models import FORMATION, YEAR, Data, get, packet_number
from pipeline.core.programme import Programme
from pipeline.core.sequences import grouped
from pipeline.core.terms import Avenant, Change, Terms
from pipeline.core.workspace import Workspace
from pipeline.documents import school_files
from pipeline.dossier.context import Context
from pipeline.ledger.entries import Entry
from pipeline.ledger.numbering import Dossier
from pipeline.ledger.packet_store import TAKEABLE, PacketLine


@dataclass(frozen=True)
class Life:
    """One dossier as it stands: ``entry`` is the form whose packet counts, ``terms`` the convention and avenants."""

    dossier: Dossier
    entry: Entry
    packet: PacketLine
    programme: Programme
    terms: Terms
    facts: Facts
    papers: tuple[Paper, ...]
    workspace: Workspace

    @property
    def data(self) -> Data:
        """The terms once every avenant holds, as one record."""
        return self.terms.whole(self.programme.session)

    @property
    def days(self) -> Days | None:
        """The planned days, each of the terms that hold on it."""
        return self.terms.days(self.programme.session)

    @property
    def convention_number(self) -> str:
        """What later papers call the convention: the number that stands on it, then the dossier’s."""
        return f"{packet_number(self.packet.id)} (dossier {self.dossier.number})"

    def paper(self, kind: PaperKind, key: str = "") -> Paper | None:
        """The paper of a kind and key that counts."""
        return next((one for one in self.papers if (one.kind, one.key) == (kind, key) and one.counts), None)

    def counting(self, kind: PaperKind) -> Iterator[Paper]:
        """The papers of a kind that count."""
        return (one for one in self.papers if one.kind is kind and one.counts)


def lives_of(context: Context, ill: MutableMapping[str, FormationIll] | None = None) -> Iterator[Life]:
    """Every dossier whose life goes on and whose values are there, by number: seven looks at the ledger for them all.

    Each formation and session is looked at once. One that cannot be followed raises FormationIll; with ``ill`` its
    dossiers are left out, and it stands there by its code.
    """
    ledger = context.ledger
    lines = grouped((line.sha256, line) for line in ledger.packets.live() if line.state in TAKEABLE)
    leads = {one.dossier: one for one in ledger.entries.all() if one.form.sha256 in lines}
    records = ledger.readings.records([one.form.sha256 for one in leads.values()])
    facts = grouped((one.dossier, one) for one in ledger.life.all_facts())
    papers = grouped((one.dossier, one) for one in ledger.life.all_papers() if one.state is not PaperState.CANCELLED)
    programmes: dict[tuple[Any, Any], Programme | None] = {}
    for dossier in ledger.dossiers.all():
        entry = leads.get(dossier.id)
        data = records.get(entry.form.sha256) if entry else None
        if entry is None or data is None:
            continue
        of = (get(data, FORMATION), get(data, YEAR))
        if of not in programmes:
            programmes[of] = _programme_unless(context, data, ill)
        held = programmes[of]
        if held is None:
            continue
        told = Facts(tuple(facts.get(dossier.id, ())))
        packet, made = lines[entry.form.sha256][-1], tuple(papers.get(dossier.id, ()))
        yield Life(dossier, entry, packet, held, terms_of(data, told), told, made, context.workspace)


def life_of(context: Context, dossier: str) -> Life:
    """A dossier by its id; raises NotAllowed where no packet of it can be signed, or its values were purged."""
    ledger = context.ledger
    found = ledger.dossiers.get(dossier)
    forms = {one.form.sha256: one for one in ledger.entries.of_dossier(dossier)}
    lines = [line for one in forms for line in ledger.packets.of_form(one) if line.state in TAKEABLE]
    if not lines:
        raise NotAllowed(
            f"Le dossier {found.number} n’a pas de convention à signer ni signée : sa vie ne commence qu’après. "
            f"« liasse dossier show {found.number} » dit où il en est."
        )
    packet = lines[-1]
    entry = forms[packet.sha256]
    data = ledger.readings.record(packet.sha256)
    if data is None:
        raise NotAllowed(f"Les valeurs du dossier {found.number} ont été purgées : rien ne peut plus en être établi.")
    facts = ledger.life.facts(dossier)
    held, papers = programme_of(context, data), ledger.life.papers(dossier)
    return Life(found, entry, packet, held, terms_of(data, facts), facts, papers, context.workspace)


def programme_of(context: Context, data: Data) -> Programme:
    """The formation and session of a record, with the dictionary and the law's figures; raises ConfigError."""
    formation = load_formation(context.workspace, str(get(data, FORMATION)))
    formation = school_files.looked_at(formation, context.workspace)
    session = formation.session(get(data, YEAR))
    return Programme(context.dictionary.of(formation.settings), context.law, formation, session)


def _programme_unless(
    context: Context, data: Data, ill: MutableMapping[str, FormationIll] | None
) -> Programme | None:
    try:
        return programme_of(context, data)
    except FormationIll as error:
        if ill is None:
            raise
        ill[error.code or str(get(data, FORMATION))] = error
        return None


def terms_of(data: Data, facts: Facts) -> Terms:
    """The convention and its avenants: the changes that were asked and that the référent pédagogique accepted."""
    return Terms(data, tuple(_accepted(facts)))


def dates_after(start: dt.date | None, end: dt.date | None, facts: Facts) -> tuple[dt.date | None, dt.date | None]:
    """The first and last day of a convention once every accepted change of them holds."""
    days = {name: day and day.isoformat() for name, day in (("date_debut", start), ("date_fin", end))}
    now = terms_of({"stage": days}, facts).current
    return as_date(get(now, "stage.date_debut")), as_date(get(now, "stage.date_fin"))


def _accepted(facts: Facts) -> Iterator[Avenant]:
    for asked in sorted(facts.of(FactKind.ASKED), key=lambda one: int(one.key)):
        judged = facts.last(FactKind.JUDGED, asked.key)
        if judged is not None and judged.body["avis"] == "favorable":
            changes = tuple(Change(one["champ"], one["avant"], one["apres"]) for one in asked.body["changements"])
            yield Avenant(int(asked.key), dt.date.fromisoformat(asked.body["effet"]), changes)
