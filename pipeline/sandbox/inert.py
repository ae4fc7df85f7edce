"""PDF sanitiser by whitelist: a PDF written anew from what its pages draw, and from nothing else.

Pages are made new; of each the keys that draw are kept, then of what these lead to, by what it is (``inert_shapes``):
resources, fonts, drawings, pictures, patterns. The rest is not copied: scripts, actions, links, bookmarks, notes,
attached files, pieces of other programs, what lies in another file. What is kept has the type that it must have, an
end (its depth and its count are bounded) and a page that can be printed, so that no later step has to ask.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Mapping
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from pipeline.core.models import Box
from pipeline.core.refusals import Refusal, refused
from pipeline.sandbox.inert_shapes import MAPS, OF_LEAVES, PACKED, SHAPES, STREAMS

_DEEPEST, _MOST = 40, 100_000  # objects within objects, and objects in all: a page has some dozens
_SMALLEST, _BIGGEST = 10.0, 14_400.0  # points: the sides of a page (ISO 32000-1, annex C)
_LONGEST = 5_000_000  # bytes of a colour profile or of XMP, unpacked
_ROOT_OF_TAGS = "/StructTreeRoot"
_ACTING_TYPES = {"/Action", "/Filespec", "/EmbeddedFile", "/Annot", "/Catalog", "/Page", "/Pages", "/StructElem"}
_ACTING_KEYS = ("/JS", "/EF", "/AA", "/AF", "/URI", "/Launch", "/RichMediaContent", "/Rendition", "/OPI")


def inert(data: bytes, tags: Callable[[Pdf, Mapping[tuple[int, int], Object], Pdf], None] | None = None) -> bytes:
    """The PDF as its pages show it, form fields and notes drawn for good, and nothing in it that acts.

    ``tags`` takes over the structure tree, if it is to be kept: of the PDF read, from its pages to the new ones, to
    the PDF written. Raises FormRejected (PDF_CALQUES, PDF_FEUILLE, PDF_SANS_FIN) for what cannot be kept as it looks.
    """
    with pikepdf.open(io.BytesIO(data)) as pdf, pikepdf.new() as made:
        if isinstance(pdf.Root.get("/AcroForm"), Dictionary):
            pdf.generate_appearance_streams()
        pdf.flatten_annotations("print")
        _require_one_look(pdf.Root.get("/OCProperties"))
        walk = Sanitiser()
        pages = {page.obj.objgen: pdf.make_indirect(walk.page(page.obj)) for page in pdf.pages}
        for page in pdf.pages:
            made.pages.append(pikepdf.Page(made.copy_foreign(pages[page.obj.objgen])))
        if tags is not None and isinstance(pdf.Root.get(_ROOT_OF_TAGS), Dictionary):
            tags(pdf, pages, made)
        _keep_archive(pdf, made, walk)
        out = io.BytesIO()
        made.save(
            out,
            deterministic_id=True,
            fix_metadata_version=False,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
        )
    return out.getvalue()


def _require_one_look(layers: Any) -> None:  # noqa: ANN401 -- whatever stands there
    """A layer that is not shown would be, in a packet: raise FormRejected where there is any."""
    usual = layers.get("/D") if isinstance(layers, Dictionary) else None
    if not isinstance(usual, Dictionary):
        return
    hidden = usual.get("/OFF", Array())
    if not isinstance(hidden, Array) or len(hidden) or usual.get("/BaseState", Name.ON) != Name.ON:
        raise refused(Refusal.PDF_LAYERS)


def _keep_archive(pdf: Pdf, made: Pdf, walk: Sanitiser) -> None:
    """What says that it is PDF/A: the colours of its output, and its XMP, which the packet replaces by its own."""
    intents = pdf.Root.get("/OutputIntents")
    if isinstance(intents, Array):
        kept = [
            one for one in intents.as_list() if walk.keeps(one, "intent") and _is_short(one.get("/DestOutputProfile"))
        ]
        if kept:
            made.Root.OutputIntents = made.copy_foreign(pdf.make_indirect(Array(kept)))
    xmp = pdf.Root.get("/Metadata")
    if isinstance(xmp, Stream) and _is_short(xmp):
        made.Root.Metadata = made.make_stream(xmp.read_bytes(), Type=Name.Metadata, Subtype=Name.XML)


def _is_short(stream: Any) -> bool:  # noqa: ANN401 -- whatever stands there
    """Whether later steps may unpack a stream: it can be, and is no bomb. Where there is none, they need not."""
    try:
        return stream is None or len(stream.read_bytes()) <= _LONGEST
    except pikepdf.PdfError:
        return False


class Sanitiser:
    """Walk through what pages lead to, once each: what may stay is stripped to what it needs, the rest taken out."""

    def __init__(self) -> None:
        self._seen: dict[tuple[tuple[int, int], str], bool] = {}
        self._count = 0

    def page(self, page: Object) -> Object:
        """A new page that draws what that one draws; raises FormRejected for one that cannot be printed."""
        made = Dictionary(Type=Name.Page, MediaBox=list(_sheet(page)))
        crop, turned = _box(_inherited(page, "/CropBox")), _inherited(page, "/Rotate")
        if crop is not None and _overlap(crop, _sheet(page)):
            made.CropBox = list(crop)
        if isinstance(turned, int) and turned % 90 == 0:
            made.Rotate = turned % 360
        resources, group = _inherited(page, "/Resources"), page.get("/Group")
        made.Resources = resources if self.keeps(resources, "resources") else Dictionary()
        if isinstance(group, Dictionary) and self.keeps(group, "leaf"):
            made.Group = group
        drawn = page.get("/Contents")
        pieces = drawn.as_list() if isinstance(drawn, Array) else [drawn]
        made.Contents = Array([one for one in pieces if isinstance(one, Stream) and self.keeps(one, "leaf")])
        number: Any = page.get("/StructParents")
        if isinstance(number, int) and 0 <= number < _MOST:
            made.StructParents = number
        return made

    def keeps(self, thing: Any, kind: str, depth: int = 0) -> bool:  # noqa: ANN401 -- whatever the file holds
        """Whether a thing may stay as one of that kind; what it may not hold is taken out of it on the way."""
        if not isinstance(thing, (Array, Dictionary, Stream)):
            return kind in ("leaf", "soft")
        self._count += 1
        if depth > _DEEPEST or self._count > _MOST:
            raise refused(Refusal.PDF_ENDLESS)
        if not thing.is_indirect:
            return self._kept(thing, kind, depth)
        known = (thing.objgen, kind)
        if known not in self._seen:
            self._seen[known] = True  # while it is walked: what draws itself is bounded by ``weights``
            self._seen[known] = self._kept(thing, kind, depth)
        return self._seen[known]

    def _kept(self, thing: Object, kind: str, depth: int) -> bool:
        kind = _sort(thing, kind)
        if kind == "leaf":
            return self._leaf(thing, depth)
        if kind == "descendants":
            return isinstance(thing, Array) and len(thing) == 1 and self.keeps(thing[0], "font", depth + 1)
        if kind in MAPS:
            return isinstance(thing, Dictionary) and self._strip(thing, lambda _: MAPS[kind], depth)
        shape = SHAPES.get(kind)
        if shape is None or isinstance(thing, Array) or (kind in STREAMS) != isinstance(thing, Stream):
            return kind == "pattern" and isinstance(thing, Stream) and self._strip(thing, SHAPES[kind].get, depth)
        return self._strip(thing, shape.get, depth) and (kind != "font" or _is_font(thing))

    def _strip(self, thing: Object, kind_of: Callable[[str], str | None], depth: int) -> bool:
        packed = PACKED if isinstance(thing, Stream) else ()
        for key in list(thing.keys()):
            kind = "leaf" if key in packed else kind_of(key)
            if kind is None or not self.keeps(thing[key], kind, depth + 1):
                del thing[key]
        return True

    def _leaf(self, thing: Object, depth: int) -> bool:
        if isinstance(thing, Array):
            return all(self.keeps(one, "leaf", depth + 1) for one in thing.as_list())
        if str(thing.get("/Type")) in _ACTING_TYPES or any(key in thing for key in _ACTING_KEYS):
            return False
        if isinstance(thing, Stream):
            return self._strip(thing, lambda key: "leaf" if key in OF_LEAVES else None, depth)
        return self._strip(thing, lambda _: "leaf", depth)


def _sort(thing: Object, kind: str) -> str:
    """The shape of a thing that may have several, or none (« nothing »)."""
    subtype = str(thing.get("/Subtype")) if isinstance(thing, Stream) else ""
    match kind:
        case "drawing":
            return {"/Form": "form", "/Image": "image"}.get(subtype, "nothing")
        case "mask":
            return "image" if subtype == "/Image" else "leaf" if isinstance(thing, Array) else "nothing"
        case "program":
            return "leaf" if isinstance(thing, Stream) else "nothing"
        case "soft":
            return "mask of a state" if isinstance(thing, Dictionary) else "nothing"
    return kind


def _is_font(font: Object) -> bool:
    """Whether it is called and made as a font is; ``font_tags`` rests on it."""
    names = [font.get("/BaseFont", Name.Font), font.get("/FontDescriptor", Dictionary()).get("/FontName", Name.Font)]
    composite = font.get("/Subtype") == Name.Type0
    return all(isinstance(name, Name) for name in names) and composite == ("/DescendantFonts" in font)


def _inherited(page: Object, name: str) -> Any:  # noqa: ANN401 -- whatever stands there
    """What a page says, or the nodes above it; their chain may have no end."""
    node: Any = page
    for _ in range(_DEEPEST):
        if not isinstance(node, Dictionary) or name in node:
            break
        node = node.get("/Parent")
    return node.get(name) if isinstance(node, Dictionary) else None


def _sheet(page: Object) -> Box:
    """The page's paper; raises FormRejected for one that no printer has."""
    box = _box(_inherited(page, "/MediaBox"))
    if _number(page.get("/UserUnit", 1)) != 1.0:  # a packet counts in points
        box = None
    if box is None or not all(_SMALLEST <= side <= _BIGGEST for side in (box[2] - box[0], box[3] - box[1])):
        raise refused(Refusal.PDF_SHEET)
    return box


def _box(said: Any) -> Box | None:  # noqa: ANN401 -- whatever stands there
    """Four numbers, the lower left corner first; ``None`` for anything else."""
    if not isinstance(said, Array) or len(said) != 4:
        return None
    numbers = [number for number in map(_number, said.as_list()) if number is not None]
    if len(numbers) < len(said) or max(map(abs, numbers)) > _BIGGEST * 10:
        return None
    (x0, x1), (y0, y1) = sorted(numbers[0::2]), sorted(numbers[1::2])
    return x0, y0, x1, y1


def _number(said: Any) -> float | None:  # noqa: ANN401 -- whatever stands there
    try:
        number = float(said)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


def _overlap(one: Box, other: Box) -> bool:
    """Whether what both show is large enough to be a page."""
    sides = [min(one[at + 2], other[at + 2]) - max(one[at], other[at]) for at in (0, 1)]
    return min(sides) >= _SMALLEST
