"""PDF page extraction, in the jailed child: some pages of a file as a file of their own, fields and answers included.

Nothing that leads to another page is kept (bookmarks, links, names, tags): a page that is left out is somebody
else's. The same pages of the same file give the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

_KEPT_OF_ROOT = frozenset({"/Type", "/Pages", "/AcroForm", "/OCProperties", "/Version", "/Lang", "/Extensions"})
_KEPT_OF_PAGE = frozenset(
    {
        "/Type",
        "/Parent",
        "/Contents",
        "/Resources",
        "/MediaBox",
        "/CropBox",
        "/Rotate",
        "/Annots",
        "/UserUnit",
        "/Group",
    }
)
_LEADING = ("/A", "/AA", "/Dest", "/P", "/Popup", "/IRT", "/StructParent")


def cut(data: bytes, pages: Collection[int]) -> bytes:
    """The pages of these numbers (from 1), in the order of the file; raises ValueError if it cannot be so."""
    try:
        return _cut(data, pages)
    except pikepdf.PdfError as error:
        raise ValueError(str(error)) from error


def _cut(data: bytes, pages: Collection[int]) -> bytes:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            _strip(page.obj, _KEPT_OF_PAGE)
            for annotation in _annotations(page):
                for key in _LEADING:
                    if key in annotation:
                        del annotation[key]
        for number in range(len(pdf.pages), 0, -1):
            if number not in pages:
                del pdf.pages[number - 1]
        _strip(pdf.Root, _KEPT_OF_ROOT)
        _keep_fields_of(pdf)
        if "/Info" in pdf.trailer:
            _strip(pdf.trailer.Info, frozenset({"/Keywords", "/Producer", "/Creator"}))
        made = io.BytesIO()
        pdf.save(made, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    _require_only(made.getvalue(), len(set(pages)))
    return made.getvalue()


def _annotations(page: pikepdf.Page) -> Iterator[Dictionary]:
    return (one for one in page.obj.get("/Annots", Array()) if isinstance(one, Dictionary))


def _strip(node: Any, kept: frozenset[str]) -> None:  # noqa: ANN401 -- whatever the file says
    for key in [key for key in node.keys() if key not in kept]:  # noqa: SIM118 -- a PDF dictionary iterates its values
        del node[key]


def _keep_fields_of(pdf: pikepdf.Pdf) -> None:
    """Prune the tree of fields to those shown on the pages that are left."""
    form = pdf.Root.get("/AcroForm")
    if not isinstance(form, Dictionary):
        return
    for key in ("/CO", "/XFA"):
        if key in form:
            del form[key]
    shown = {one.objgen for page in pdf.pages for one in _annotations(page) if one.is_indirect}
    form[Name.Fields] = _pruned(form.get("/Fields", Array()), shown, set())


def _pruned(fields: Any, shown: set[tuple[int, int]], seen: set[tuple[int, int]]) -> Array:  # noqa: ANN401 -- as above
    kept = Array()
    for field in fields:
        if not isinstance(field, Dictionary) or field.objgen in seen:
            continue
        if field.is_indirect:
            seen.add(field.objgen)
        if "/Kids" in field:
            field[Name.Kids] = _pruned(field.Kids, shown, seen)
        if field.objgen in shown or len(field.get("/Kids", Array())):
            kept.append(field)
    return kept


def _require_only(made: bytes, count: int) -> None:
    with pikepdf.open(io.BytesIO(made)) as pdf:
        pages = sum(isinstance(one, Dictionary) and one.get("/Type") == Name.Page for one in pdf.objects)
    if pages != count:
        raise ValueError(f"{pages} pages for {count}")
