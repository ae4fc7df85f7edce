"""Recognition context: every edition of our own blanks, other schools’ layouts, and the names of fields."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from pipeline.core.errors import ConfigError
from pipeline.core.fields import Dictionary
from pipeline.core.paper_kinds import paper_of
from pipeline.core.refusals import Refusal, refused
from pipeline.forms.edition_slots import asked_by
from pipeline.forms.editions import Edition, Mark
from pipeline.reading import alignment


@dataclass(frozen=True)
class OwnBlanks:
    """Registry of our own blanks: by its mark, what opens each edition; ``ready`` makes one ready for reading.

    ``current`` are those that are given out today; ``broken`` says why a formation is unusable. An edition is
    opened and compiled when a form of it comes, and kept; ``folders`` are those in which editions are to be read.
    """

    editions: Mapping[Mark, Callable[[], Edition]]
    ready: Callable[[Edition], alignment.Compiled]
    current: tuple[Mark, ...] = ()
    folders: tuple[str, ...] = ()
    broken: Mapping[str, str] = field(default_factory=dict)
    _opened: dict[Mark, Edition] = field(default_factory=dict, repr=False)
    _compiled: dict[Mark, alignment.Compiled] = field(default_factory=dict, repr=False)

    def opened(self, mark: Mark) -> Edition:
        """An edition that is known; raises ConfigError when its file is damaged."""
        if mark not in self._opened:
            self._opened[mark] = self.editions[mark]()
        return self._opened[mark]

    def of(self, mark: Mark) -> alignment.Compiled:
        """The layout of an edition that is known; raises ConfigError when its file is damaged."""
        if mark not in self._compiled:
            self._compiled[mark] = self.ready(self.opened(mark))
        return self._compiled[mark]

    def given_out(self) -> Iterator[alignment.Compiled]:
        """The editions of today; one that is damaged is left out, for it is no matter of other formations’ forms."""
        for mark in self.current:
            with suppress(ConfigError):
                yield self.of(mark)

    def named_by(self, marks: Collection[Mark]) -> alignment.Compiled | None:
        """The layout that a form’s marks name, or ``None`` without a mark.

        Of a version that nobody kept, today’s edition of the same session is taken. Raises FormRejected for two
        different marks, an unknown formation or session; ConfigError when the formation’s own settings are broken.
        """
        if not marks:
            return None
        if len(marks) > 1:
            raise refused(Refusal.SEVERAL)
        (mark,) = marks
        if mark.formation in self.broken:
            raise ConfigError(self.broken[mark.formation])
        for one in (mark, *(one for one in self.current if one.layout == mark.layout)):
            if one in self.editions:
                return self.of(one)
        if any(one.formation == mark.formation for one in self.editions):
            raise refused(Refusal.UNKNOWN_SESSION, session=mark.session)
        raise refused(Refusal.UNKNOWN_FORMATION, formation=mark.formation)


@dataclass(frozen=True)
class KnownForms:
    """What a reader may recognise, and what its answer is held against."""

    own: OwnBlanks
    layouts: tuple[alignment.Compiled, ...]
    dictionary: Dictionary

    def fields_of(self, layout: str | None) -> Dictionary:
        """The fields as the paper of a layout has them."""
        return self.dictionary.on(paper_of(layout))

    def asks(self, layout: str, paths: Collection[str]) -> bool:
        """Whether these are the very fields that a blank of ours of that id asks; of a school's, nothing is said."""
        own = [mark for mark in self.own.editions if layout == mark.layout]
        own.sort(key=lambda mark: mark not in self.own.current)
        asked = frozenset(paths)
        return not own or any(asked_by(self.own.opened(mark), self.dictionary) == asked for mark in own)

    def belongs(self, layout: str) -> tuple[str | None, str | None]:
        """The formation and the session that a layout’s id says; raises KeyError for a layout that is not known."""
        own = next((mark for mark in self.own.editions if layout == mark.layout), None)
        if own is not None:
            return own.formation, own.session
        formations = {one.layout.id: one.layout.formations for one in self.layouts}[layout]
        return (formations[0] if len(formations) == 1 else None), None
