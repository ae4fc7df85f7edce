"""Appearance streams of PDF fields: whether a layer holds what one looks like, and what it draws beside words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pypdf.errors import PyPdfError
from pypdf.generic import ContentStream, DictionaryObject, PdfObject, StreamObject

_MAX_PARTS = 50  # forms and pictures that a field is drawn with: the programs that fill forms use one or two
_SLANTS = re.compile(rb"[\d.]\s+[lcvy]\s")
_PAINTS = frozenset((b"S", b"s", b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*"))
_CURVES = frozenset((b"c", b"v", b"y"))
_MOVES = _CURVES | {b"m", b"l"}
_LEVEL = 0.2  # points: by which a level line may rise
_WHOLE = 0.9  # of the width of a field: frames, rounded or with bevelled edges, are as wide


def resolve(item: PdfObject | None) -> PdfObject | None:
    """The object itself where a reference to it may stand."""
    return item.get_object() if item is not None else None


def is_layered(annotation: DictionaryObject) -> bool:
    """Whether a field, what it looks like, or a form or picture that this is drawn with belongs to a layer."""
    parts = list(_parts(annotation))
    return len(parts) > _MAX_PARTS or any("/OC" in part for part in (annotation, *parts))


def has_strokes(annotation: DictionaryObject, *, slanted: bool) -> bool:
    """Whether a field's appearance has a curve, or a ``slanted`` line, that is no frame: no program writes text so.

    Lists to choose from have slanted lines: an arrow.
    """
    parts = (part for part in _parts(annotation) if isinstance(part, StreamObject))
    return any(_draws(part, slanted=slanted) for part in parts)


def _parts(annotation: DictionaryObject) -> Iterator[DictionaryObject]:
    """The appearances of a field and the forms and pictures within them, one more than are allowed at most."""
    looks = resolve(annotation.get("/AP"))
    normal = resolve(looks.get("/N")) if isinstance(looks, DictionaryObject) else None
    found: list[DictionaryObject] = [normal] if isinstance(normal, StreamObject) else _dictionaries(normal)
    for part in found:  # which grows as forms within are found
        yield part
        if len(found) <= _MAX_PARTS:
            resources = resolve(part.get("/Resources"))
            found += (
                _dictionaries(resolve(resources.get("/XObject"))) if isinstance(resources, DictionaryObject) else ()
            )


def _dictionaries(holder: PdfObject | None) -> list[DictionaryObject]:
    values = [resolve(value) for value in holder.values()] if isinstance(holder, DictionaryObject) else []
    return [value for value in values if isinstance(value, DictionaryObject)]


def _draws(form: StreamObject, *, slanted: bool) -> bool:
    if form.get("/Subtype") == "/Image":
        return False
    try:
        if not _SLANTS.search(form.get_data()):
            return False
        left, _, right, _ = (float(edge) for edge in form["/BBox"])  # type: ignore[attr-defined]  # else: TypeError
        return any(
            (path.curved or (slanted and path.slanted)) and path.width < _WHOLE * abs(right - left)
            for path in _paths(form)
        )
    except (PyPdfError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return True  # it draws, and nobody can say what


@dataclass
class _Path:
    points: list[tuple[float, float]] = field(default_factory=list)
    curved: bool = False
    slanted: bool = False

    @property
    def width(self) -> float:
        across = [x for x, _ in self.points]
        return max(across) - min(across) if across else 0.0

    def goes_on(self, operator: bytes, numbers: Sequence[float]) -> None:
        """Go to a point (m), on a straight line (l), or on a curve."""
        x, y = numbers[-2:]
        if operator == b"l":
            u, v = self.points[-1]
            self.slanted = self.slanted or min(abs(x - u), abs(y - v)) > _LEVEL
        self.curved = self.curved or operator in _CURVES
        self.points += zip(numbers[::2], numbers[1::2], strict=True)


def _paths(form: StreamObject) -> Iterator[_Path]:
    """The paths that are painted, in the form's own space."""
    path = _Path()
    for operands, operator in ContentStream(form, None).operations:
        if operator in _MOVES:
            path.goes_on(operator, [float(one) for one in operands])
        elif operator in _PAINTS:
            yield path
        if operator in _PAINTS or operator == b"n":
            path = _Path()
