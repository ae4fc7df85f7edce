"""Write the editions of today's blanks beside their formations; those that are there stay for ever.

One that was kept before the fingerprints of pages were taken gets them. Run by ``make editions`` when the schema,
a formation or the drawing of the form has changed.
"""

from __future__ import annotations

import sys
from pathlib import Path

from pipeline.blanks.drawn_blank import edition_of
from pipeline.blanks.edition_store import mark_of
from pipeline.core.fields import Dictionary
from pipeline.core.formation import formation_codes, load_formation
from pipeline.core.paper_kinds import PaperForm
from pipeline.core.workspace import Workspace
from pipeline.forms.blank import Blank
from pipeline.forms.paper_plans import plan_paper

ROOT = Path(__file__).resolve().parents[1]


def edition_path(blank: Blank) -> Path:
    """Where the edition of a plan stands."""
    return ROOT / "templates" / blank.formation.code / "formulaires" / "editions" / f"{mark_of(blank).stem}.json"


if __name__ == "__main__":
    workspace = Workspace(ROOT)
    dictionary = Dictionary.load(workspace)
    for code in formation_codes(workspace):
        formation = load_formation(workspace, code)
        for session in formation.sessions:
            for paper in PaperForm:
                blank = plan_paper(dictionary, formation, session, paper)
                place = edition_path(blank)
                if not place.exists() or '"prints"' not in place.read_text(encoding="utf-8"):
                    place.parent.mkdir(parents=True, exist_ok=True)
                    place.write_text(edition_of(blank).as_json(), encoding="utf-8")
                    sys.stdout.write(f"{place.relative_to(ROOT)}\n")
