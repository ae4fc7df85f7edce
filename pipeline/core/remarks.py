"""Page remarks: what a page of a form shows beside its answers, kept with its place and settled once for the form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pipeline.core.doubts import Doubt, Reason

STRAY_RULE = "F-03"  # that of text outside the boxes, which a person reads once and lifts

LONGEST = 200  # letters of a remark that are kept
STRAY = Doubt(Reason.STRAY_TEXT, "ce texte n’est dans aucune case du formulaire")


@dataclass(frozen=True)
class Remark:
    """Remark on a page: its words, where it stands, and why a person must look.

    ``box`` is (x0, top, x1, bottom) in points from the top left of ``page`` (from 1); a Word document has neither.
    Without a ``doubt`` it is a note: said, and stopping nothing.
    """

    text: str
    doubt: Doubt | None = STRAY
    page: int | None = None
    box: tuple[float, float, float, float] | None = None

    @property
    def path(self) -> str:
        """The name of its place: « page.2 », or « page » where the file has no pages."""
        return f"page.{self.page}" if self.page else "page"

    @property
    def is_page(self) -> bool:
        """Whether it is of a whole page that is none of the form's; its words are the first of that page."""
        return self.doubt is not None and self.doubt.code is Reason.EXTRA_PAGE

    def as_json(self) -> dict[str, Any]:
        """Its entry in ``liasse read --json``, among the fields: a place with a doubt and no value."""
        return {
            "path": self.path,
            "value": None,
            "raw": self.text,
            "page": self.page,
            "box": list(self.box) if self.box else None,
            "method": "remarque",
            "confidence": 0.0,
            "doubt": str(self.doubt) if self.doubt else None,
            "who": self.doubt.who_settles.value if self.doubt else None,
        }

    @classmethod
    def loaded(cls, kept: Any) -> Remark:  # noqa: ANN401 -- JSON of a child, or of a reading that was kept
        """The remark of what ``asdict`` made of it, or of a text alone, as older releases kept it.

        Raises KeyError, TypeError or ValueError for anything else.
        """
        if isinstance(kept, str):
            return cls(kept[:LONGEST])
        box, page, doubt = kept["box"], kept["page"], kept["doubt"]
        x0, top, x1, bottom = box or (0.0, 0.0, 0.0, 0.0)
        return cls(
            str(kept["text"])[:LONGEST],
            None if doubt is None else Doubt.loaded(doubt),
            None if page is None else int(page),
            (float(x0), float(top), float(x1), float(bottom)) if box else None,
        )
