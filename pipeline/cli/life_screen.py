"""Terminal screen of a dossier's life: signatures, papers, what the rules say, what is missing; and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from pipeline.cli.screens import command_line, new_table
from pipeline.core.french import counted, short_date, written_day
from pipeline.core.life import Fact, FactKind, Paper, PaperState
from pipeline.dossier.life.signing import ToSign
from pipeline.services.dossier_changes import Standing
from pipeline.services.dossier_life import LifeView

_PAPERS = {
    PaperState.INTENDED: "interrompu : relancer la commande",
    PaperState.CURRENT: "en cours",
    PaperState.SIGNED: "signé",
    PaperState.SUPERSEDED: "remplacé",
    PaperState.SIGNED_SUPERSEDED: "signé, puis remplacé",
    PaperState.CANCELLED: "annulé",
}
_TOLD = {
    FactKind.SIGNED: "signature",
    FactKind.RETURNED: "retour gardé",
    FactKind.ASKED: "modification demandée",
    FactKind.JUDGED: "avis donné",
    FactKind.PRESENCE: "jour noté",
    FactKind.SHEET: "feuille d’émargement lue",
    FactKind.PAID: "gratification notée",
    FactKind.EVALUATION: "évaluation",
    FactKind.QUESTIONNAIRE: "questionnaire",
    FactKind.MEETING: "réunion des référents",
    FactKind.MID_TERM: "bilan à mi-parcours",
    FactKind.CLOSED: "clôture",
}
_ONE_BY_ONE = frozenset(FactKind) - {FactKind.PRESENCE, FactKind.SIGNED}  # days are many; signatures have a table


def life_parts(view: LifeView) -> Iterator[RenderableType]:
    """The alarms first, then signatures, papers, what was told, the rules, and what keeps the dossier open."""
    yield from (Text(f"ALARME  {one}", "bold red") for one in view.alarms)
    table = new_table("Papier", "Qui signe", "Signé le", "Noté par")
    for paper in view.to_sign:
        for row in _rows(paper):
            table.add_row(*row)
    yield table
    yield from (Text(_paper(one)) for one in view.papers)
    yield from change_lines(view.changes)
    yield from (Text(_told(one)) for one in view.facts.told if one.kind in _ONE_BY_ONE)
    yield from _days(view)
    for verdict in view.verdicts:
        said = verdict.said or ("à faire" if verdict.problems else "conforme")
        yield Text(f"{verdict.rule}  {verdict.title} : {said}")
    if view.closed:
        body = view.closed.body
        how = "complet" if body["complet"] else f"incomplet, {body['raison']}"
        yield Text(f"clos par {view.closed.by} le {short_date(view.closed.day)} ({how})", "bold")
    elif view.missing:
        yield Text("Avant de clore, il manque :", "bold")
        yield from (Text(f"– {one}") for one in view.missing)


def change_lines(changes: Sequence[Standing], *, named: bool = False) -> Iterator[Text]:
    """Each change that was asked, where it has got, and its command; ``named``: with its dossier."""
    for one in changes:
        of = f"{one.dossier}  " if named else ""
        yield Text(
            f"{of}changement {one.number}, à partir du {short_date(one.effect_on)} ({one.motive}) : {one.where}"
        )
        if one.command:
            yield command_line(one.command)


def waiting_changes(changes: Sequence[Standing]) -> Iterator[Text]:
    """The changes of conventions that somebody must judge; nothing where none waits."""
    if changes:
        yield Text(f"Changements à juger ({len(changes)})\n", "bold underline")
        yield from change_lines(changes, named=True)
        yield Text("")


def life_json(view: LifeView) -> dict[str, Any]:
    """The same, for ``--json``."""
    return {
        "signatures": [
            {
                "papier": one.name,
                "signe": {role: signature.on for role, signature in one.signed.items()},
                "manque": [party.role for party in one.missing],
            }
            for one in view.to_sign
        ],
        "papiers": [
            {**asdict(one), "nom": one.name, "kind": one.kind.value, "state": one.state} for one in view.papers
        ],
        "faits": [
            {"nature": one.kind.value, "cle": one.key, "le": one.day, "par": one.by, **one.body}
            for one in view.facts.told
        ],
        "regles": [
            {
                "regle": one.rule,
                "titre": one.title,
                "s_applique": one.applies,
                "dit": [p.message for p in one.problems],
            }
            for one in view.verdicts
        ],
        "changements": [asdict(one) for one in view.changes],
        "alarmes": list(map(str, view.alarms)),
        "manque": list(view.missing),
        "clos": view.closed.at if view.closed else None,
    }


def _rows(paper: ToSign) -> Iterator[tuple[str, Text, str, Text]]:
    for one in paper.signers:
        signature = paper.signed.get(one.role)
        on = short_date(signature.on) if signature else "oui" if paper.whole else "—"
        who = f"{one.title} ({one.name})" if one.name else one.title
        yield paper.name, Text(who), on, Text(signature.told_by if signature else "")


def _paper(paper: Paper) -> str:
    place = "" if str(paper.folder) == "-" else f"  outbox/{paper.folder}"
    return f"{paper.name}, version {paper.version} du {short_date(paper.day)} : {_PAPERS[paper.state]}{place}"


def _told(fact: Fact) -> str:
    key = f" {fact.key}" if fact.key else ""
    what = "réouverture" if fact.body.get("rouvert") else _TOLD[fact.kind]
    name = f" : {fact.body['nom']}" if fact.kind is FactKind.RETURNED else ""
    return f"{what}{key}{name}, par {fact.by} le {short_date(fact.day)}"


def _days(view: LifeView) -> Iterator[Text]:
    days = [one.key for one in view.facts.of(FactKind.PRESENCE)]
    if days:
        first, last = written_day(min(days)), written_day(max(days))
        yield Text(f"présence notée : {counted(len(days), 'jour')}, du {first} au {last}")
