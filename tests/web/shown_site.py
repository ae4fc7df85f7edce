"""A workspace with something on each page, for browsers: dossiers in each state, a life, a change that is judged."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import dataclass
from pathlib import Path

import delivering
import people
import walking
from api_kit import DELIVERED, SAMPLES, WAITS, WRONG
from laid_lives import issued
from life_kit import delivered as with_life
from life_site import MAY
from test_confirm import hiding

from pipeline.core.life import PaperKind
from pipeline.core.models import Form
from pipeline.core.workspace import Workspace
from pipeline.dossier.context import Context
from pipeline.ledger.entries import State
from pipeline.ledger.form_rows import Ending
from pipeline.ledger.store import Ledger
from pipeline.runs.context_loader import ContextLoader
from pipeline.services import amends, attending, closures

ROOT = Path(__file__).parents[2]
BY = "F. GARÇON"
DOUBTFUL = ("doute.pdf", "doute-corrige.pdf")  # two versions of one form
BROKEN = {
    "en-panne.pdf": Ending(State.FAILED, "La liasse n’a pas pu être faite.", people.COORDINATION, "MERCIER Paul"),
    "illisible.pdf": Ending(State.QUARANTINED, "Le fichier fait échouer la lecture."),
    "ecarte.pdf": Ending(State.DISCARDED, "Envoyé par erreur.", people.COORDINATION, "PERRIN Jeanne"),
}


@dataclass(frozen=True)
class Shown:
    """Such a workspace, and the numbers of its dossiers by what they are."""

    workspace: Workspace
    numbers: dict[str, str]
    hashes: tuple[str, ...]


def empty(root: Path) -> Workspace:
    """A workspace that has seen nothing yet."""
    for name in ("templates", "schemas"):
        shutil.copytree(ROOT / name, root / name)
    for name in ("inbox", "outbox"):
        (root / name).mkdir()
    return Workspace.at(root)


def laid(workspace: Workspace) -> Shown:
    """Dossiers in it: one to judge, ready, sent back, in doubt, broken; and lives, one with a change, one over."""
    with Ledger.open(workspace) as ledger:
        context = ContextLoader(workspace, ledger, lambda: people.TODAY).context()
        paths = [Path(shutil.copy(SAMPLES / name, workspace.inbox)) for name in (WAITS, DELIVERED, WRONG)]
        for at, name in enumerate(DOUBTFUL):
            paths.append(workspace.inbox / name)
            paths[-1].write_bytes(doubtful(context, f"Structure cachée {at}"))
        forms = {one.form.name: one.form for one in walking.run(paths, context)}
        forms |= {name: _broken(ledger, workspace, name, ending) for name, ending in BROKEN.items()}
        numbers = {name: ledger.entries.get(form.sha256).number for name, form in forms.items()}
        later = ContextLoader(workspace, ledger, lambda: MAY).context()
        _live(later, numbers[DELIVERED])
        numbers["close"] = _over(later)
        return Shown(workspace, numbers, tuple(one.sha256 for one in forms.values()))


def doubtful(context: Context, hidden: str) -> bytes:
    """A filled form whose host's name is another than the one that it shows."""
    person = {"stagiaire__nom": "KERMADEC", "stagiaire__prenom": "Yann"}
    data = people.coordination(**person, stagiaire__courriel="yann.kermadec@example.org")
    return hiding("organisme.raison_sociale", hidden, walking.filled(context, data))


def _live(context: Context, number: str) -> None:
    """Bring a dossier into its stage: days noted, attestations, a change that waits for a word."""
    dossier = context.ledger.dossiers.named(number)[0]
    for basis in ("1", "2"):
        issued(context, dossier, PaperKind.PRESENCE, "2025-04", basis=basis)
    attending.note_presence(context, number, ["2025-04-15=P/M"], by=BY)
    amends.ask_change(
        context,
        number,
        ["organisme.lieu_stage.voie=9 rue Haute"],
        effect_on=context.today + dt.timedelta(days=14),
        reason="équipe",
        by=BY,
    )


def _over(context: Context) -> str:
    """A dossier of the other formation, closed with what it lacks; its number."""
    number = with_life(context, people.cnam(), people.CNAM).dossier.number
    closures.close(context, number, by=BY, reason="stage interrompu")
    return number


def _broken(ledger: Ledger, workspace: Workspace, name: str, ending: Ending) -> Form:
    form = delivering.received(ledger, workspace, name)
    ledger.settle(delivering.claimed(ledger, form), ending)
    return form
