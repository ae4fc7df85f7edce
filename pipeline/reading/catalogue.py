"""Registry of our own forms: what a reader may recognise, and what its answer is held against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.core.errors import ConfigError
from pipeline.core.fields import Dictionary
from pipeline.core.formation import formation_codes, load_formation
from pipeline.core.workspace import Workspace
from pipeline.forms.blank import Blank, plan_blank


@dataclass(frozen=True)
class Catalogue:
    """Registry of the plans of every form of the workspace by layout; ``broken`` says why a formation is unusable."""

    blanks: Mapping[str, Blank]
    broken: Mapping[str, str]

    @classmethod
    def load(cls, workspace: Workspace, dictionary: Dictionary) -> Catalogue:
        """Every formation and session; one that is broken does not keep the others from being read."""
        blanks: dict[str, Blank] = {}
        broken: dict[str, str] = {}
        for code in formation_codes(workspace):
            try:
                formation = load_formation(workspace, code)
            except ConfigError as error:
                broken[code] = str(error)
                continue
            plans = (plan_blank(dictionary, formation, session) for session in formation.sessions)
            blanks.update((blank.layout, blank) for blank in plans)
        return cls(blanks, broken)

    @property
    def codes(self) -> frozenset[str]:
        """The formations whose forms are known."""
        return frozenset(blank.formation.code for blank in self.blanks.values())
