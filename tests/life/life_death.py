"""One step of a dossier's life in a process of its own, that may be told where to die (LIASSE_DIE_AT).

``python life_death.py WORKSPACE sign|close|archive|paper``
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

from laid_lives import intended, lay

from pipeline.core.life import PaperKind
from pipeline.core.workspace import Workspace
from pipeline.dossier.context import Context
from pipeline.dossier.tidying import tidy
from pipeline.runs.context_loader import open_context
from pipeline.services.archiving import archive_dossier
from pipeline.services.closures import close
from pipeline.services.signed_papers import note_signed
from pipeline.storage.kill_points import passing

BY, DOSSIER, DAY = "F. GARÇON", "2024-001", dt.date(2025, 3, 24)


def sign(context: Context) -> None:
    """All who sign the convention, with what came back."""
    back = context.workspace.root / "retour.pdf"
    note_signed(context, DOSSIER, piece="convention", on=DAY, by=BY, file=back)


def finish(context: Context) -> None:
    """The dossier closed by a person's word."""
    close(context, DOSSIER, by=BY, reason="essai")


def store(context: Context) -> None:
    """The dossier archived."""
    archive_dossier(context, DOSSIER, context.workspace.root / "sorties")


def paper(context: Context) -> None:
    """An avenant intended, published, settled, as ``issue`` does it; what the dead left is taken up first."""
    tidy(context.workspace, context.ledger)
    (entry,) = context.ledger.entries.all()
    made = intended(context, entry.dossier, PaperKind.AVENANT, "1")
    passing("paper-intended")
    lay(context, made, ("stagiaire",))
    passing("paper-published")
    context.ledger.life.settle(made, form=entry.form.sha256)
    passing("paper-settled")


STEPS = {"sign": sign, "close": finish, "archive": store, "paper": paper}

if __name__ == "__main__":
    with open_context(Workspace.at(Path(sys.argv[1])), DAY) as opened:
        STEPS[sys.argv[2]](opened)
