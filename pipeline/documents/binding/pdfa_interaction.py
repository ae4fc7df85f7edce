"""PDF/A-2b, clauses on what a reader does: annotations (6.3), forms (6.4), actions (6.5), attachments (6.8, 6.10)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pikepdf import Dictionary, Name, Object, Pdf, Stream

_INVISIBLE, _HIDDEN, _PRINT, _NO_VIEW, _TOGGLED = 1, 2, 4, 32, 256  # of an annotation's /F
_SHOWN_NOTES = {"/Popup", "/Link"}  # need no appearance
_FORBIDDEN_NOTES = {"/3D", "/Sound", "/Screen", "/Movie"}
_ACTIONS = {"/GoTo", "/GoToR", "/GoToE", "/Thread", "/URI", "/Named", "/SubmitForm"}
_NAMED = {"/NextPage", "/PrevPage", "/FirstPage", "/LastPage"}


def check_annotations(pdf: Pdf, _: Iterable[Object]) -> Iterator[str]:
    """Annotations that are not seen on paper as on the screen."""
    for number, page in enumerate(pdf.pages, 1):
        for note in page.obj.get("/Annots", ()):
            yield from _annotation(note, f"an annotation of page {number}")


def _annotation(note: Object, which: str) -> Iterator[str]:
    kind, flags = str(note.get("/Subtype")), int(note.get("/F", 0))
    if kind in _FORBIDDEN_NOTES:
        yield f"6.3.1: {which} is a {kind[1:]}"
    if kind != "/Popup" and (not flags & _PRINT or flags & (_INVISIBLE | _HIDDEN | _NO_VIEW | _TOGGLED)):
        yield f"6.3.2: {which} is not printed, or hidden"
    if kind in _SHOWN_NOTES or _is_a_point(note):
        return
    looks = note.get("/AP")
    if looks is None or list(looks.keys()) != ["/N"]:
        yield f"6.3.3: {which} has no appearance, or more than the normal one"
    elif note.get("/FT") != Name.Btn and not isinstance(looks.N, Stream):
        yield f"6.3.3: {which} has an appearance that is not one drawing"


def _is_a_point(note: Object) -> bool:
    x0, y0, x1, y1 = (float(number) for number in note.get("/Rect", (0, 0, 0, 0)))
    return x0 == x1 and y0 == y1


def check_forms(pdf: Pdf, _: Iterable[Object]) -> Iterator[str]:
    """A form that the reader draws or that acts."""
    form = pdf.Root.get("/AcroForm", Dictionary())
    if bool(form.get("/NeedAppearances")) or "/XFA" in form:
        yield "6.4.1: the form is drawn by the reader (/NeedAppearances or /XFA)"
    if any("/A" in note for page in pdf.pages for note in page.obj.get("/Annots", ()) if "/FT" in note):
        yield "6.4.1: a field acts when it is clicked (/A)"


def check_actions(pdf: Pdf, things: Iterable[Object]) -> Iterator[str]:
    """Scripts, actions and attachments that an archive does not keep."""
    for thing in things:
        if "/AA" in thing:
            yield "6.5.2: something happens by itself (/AA)"
        if "/JS" in thing or "/JavaScript" in thing:
            yield "6.5.1: there is a script"
        if thing.get("/Type") == Name.Action or ("/S" in thing and "/Next" in thing):
            kind = str(thing.get("/S"))
            if kind not in _ACTIONS or (kind == "/Named" and str(thing.get("/N")) not in _NAMED):
                yield f"6.5.1: an action is {kind[1:]}"
    if "/EmbeddedFiles" in pdf.Root.get("/Names", Dictionary()):
        yield "6.8: a file is attached"
    if "/AlternatePresentations" in pdf.Root.get("/Names", Dictionary()) or "/Requirements" in pdf.Root:
        yield "6.10: the file asks for a presentation, or for a reader of some kind"
