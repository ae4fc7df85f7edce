"""Vote data model: the readings of one field, how well the whole form fitted, and the outcome."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.core.doubts import Doubt
from pipeline.core.models import JSON, FieldReading
from pipeline.forms.values.figures import excerpt
from pipeline.reading.candidates import Candidate

EXACT_MATCH = 0.99  # share of a layout's printed words found again from which one digital reader is enough
_LONGEST = 4000


@dataclass(frozen=True)
class Summary:
    """Alignment metrics of the whole form.

    ``known``: a layout was recognised. ``match``: share of its printed words found again. ``extras``: pieces of text
    that nothing explains. ``changed``: another edition than the layout's.
    """

    known: bool = True
    match: float = 1.0
    extras: int = 0
    changed: bool = False

    @property
    def exact(self) -> bool:
        """Whether one digital reader may be believed alone."""
        return self.known and not self.changed and not self.extras and self.match >= EXACT_MATCH


@dataclass(frozen=True)
class Ballot:
    """Candidate values of one field: by alignment, by labels, by the other OCR engine."""

    path: str
    aligned: Candidate
    labelled: Candidate | None
    second: Candidate | None


def filled(candidate: Candidate | None) -> bool:
    """Whether a reader saw something."""
    return candidate is not None and (candidate.option is not None or bool(candidate.text.strip()))


def short(candidate: Candidate | None) -> str:
    """What a reader saw, on one line, for a message."""
    return excerpt(" ".join((candidate.text or candidate.option or "").split())) if candidate else ""


def outcome(
    ballot: Ballot, value: JSON, doubt: Doubt | None, confidence: float, *, with_label: bool = False
) -> FieldReading:
    """The reading, with every different wording seen in ``raw`` when there is a doubt."""
    aligned = ballot.aligned
    method = f"{aligned.method}+libelles" if with_label else aligned.method
    box = aligned.box or (ballot.labelled.box if ballot.labelled and doubt else None)
    return FieldReading(
        path=ballot.path,
        value=value,
        raw=" ≠ ".join(text[:_LONGEST] for text in _wordings(ballot, others=doubt is not None)),
        method=method,
        confidence=min(confidence, max(aligned.confidence, 0.0)) if doubt else confidence,
        page=aligned.page,
        box=box,
        doubt=doubt,
    )


def _wordings(ballot: Ballot, *, others: bool) -> list[str]:
    """What was seen, and the other readers' different words."""
    seen = [ballot.aligned, *((ballot.second, ballot.labelled) if others else ())]
    texts = [one.text or one.option or "" for one in seen if one is not None]
    first = texts[0].split()
    return [text for text in dict.fromkeys(texts) if text and (text == texts[0] or text.split() != first)]
