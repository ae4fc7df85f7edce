"""Every technique, entered in the register, and the honest file of each kind of paper."""

from __future__ import annotations

from pathlib import Path

import techniques_appearance  # noqa: F401
import techniques_pen  # noqa: F401
import techniques_printed  # noqa: F401
import techniques_sly  # noqa: F401
import techniques_widget  # noqa: F401
import techniques_word_parts  # noqa: F401
import techniques_word_runs  # noqa: F401
import techniques_word_sly  # noqa: F401
from pdf_tools import printed
from scenes import Scene
from seen import Paper

NOWHERE = Path("formulaire")  # where a form stands that is read from memory


def honest(scene: Scene, paper: Paper) -> bytes:
    """The file of a person whom nobody forged."""
    if paper is Paper.WORD:
        return scene.word("old")
    if paper is Paper.FILLABLE:
        return scene.fillable("old")
    return printed(scene, "old", paper.value).data
