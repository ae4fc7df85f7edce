"""What stands in OpenDocument text and is no word: notes, tracked changes, drawings, form fields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from pipeline.core.doubts import Doubt, Reason
from pipeline.reading.streams.odt_styles import DRAW, SVG, TEXT, points
from pipeline.reading.streams.ooxml import RunStyle
from pipeline.reading.streams.text_runs import Paragraph
from pipeline.reading.tokens import DRAWN, NOTE, REVISED, Token, TokenKind

_FIELD = "{urn:openoffice:names:experimental:ooo-ms-interop:xmlns:field:1.0}"
_FORM = "{urn:oasis:names:tc:opendocument:xmlns:form:1.0}"
_ID = "{http://www.w3.org/XML/1998/namespace}id"
CHANGES = frozenset({f"{TEXT}change", f"{TEXT}change-start"})
FORM_FIELDS = frozenset({f"{DRAW}control", *(f"{_FIELD}fieldmark{end}" for end in ("", "-start", "-end"))})
DRAWINGS = frozenset(
    f"{DRAW}{name}"
    for name in (
        *("line", "custom-shape", "rect", "path", "polyline", "polygon", "connector", "ellipse", "circle", "measure"),
        *("regular-polygon", "caption", "image", "object", "object-ole", "plugin", "applet"),
    )
)
_ABOUT = ("creator", "date", "date-string", "sender-initials", "creator-initials")  # who wrote a note, and when


def note_tokens(node: etree._Element) -> Iterator[Token]:
    """A footnote or a comment, as a doubt of what it stands beside."""
    body = node.find(f"{TEXT}note-body")
    parts = (node if body is None else body).iter()
    texts = (part.text or "" for part in parts if not str(part.tag).endswith(_ABOUT))
    text = " ".join(" ".join(texts).split())
    if text:
        doubt = Doubt(Reason.STRAY_TEXT, f"une note a été ajoutée : « {text[:120]} »")
        yield Token(TokenKind.WORD, text, doubt=doubt, name=NOTE)


def changes_at(node: etree._Element, place: str) -> Iterator[Token]:
    """The tracked change that is marked here: deleted words stand elsewhere in the file, and are not read."""
    identity = node.get(f"{TEXT}change-id")
    for region in node.getroottree().getroot().iter(f"{TEXT}changed-region"):
        if identity not in (region.get(f"{TEXT}id"), region.get(_ID)):
            continue
        gone = region.find(f"{TEXT}deletion")
        held = gone.iter(f"{TEXT}p", f"{TEXT}h") if gone is not None else ()
        text = " ".join(" ".join("".join(map(str, one.itertext())) for one in held).split())
        said = "un passage ajouté" if gone is None else f"« {text[:60]} » supprimé"
        yield Token(TokenKind.ASIDE, said, name=REVISED, place=place)


def drawn_token(node: etree._Element, place: str) -> Token:
    """A drawing as what stands aside, with its size in points as its text."""
    floating = (node.get(f"{TEXT}anchor-type") or "paragraph") != "as-char"
    doubt = (
        Doubt(Reason.CROSSED_OUT, "un trait, un dessin ou une image peut recouvrir ce qui est écrit ici")
        if floating
        else Doubt(Reason.STRAY_TEXT, "une image est insérée ici")
    )
    size = "x".join(f"{points(node.get(f'{SVG}{side}')) or 0:.0f}" for side in ("width", "height"))
    return Token(TokenKind.ASIDE, size, name=DRAWN, doubt=doubt, place=place, floating=floating)


def write_field(node: etree._Element, paragraph: Paragraph, style: RunStyle) -> bool:
    """Write what a form field shows: a box its state, a list its item, a control its text; false for none."""
    if node.tag != f"{DRAW}control":
        _write_mark(node, paragraph, replace(style, name=node.get(f"{TEXT}name") or style.name))
        return True
    found = _form_of(node)
    if found is None:
        return False
    if found.tag in (f"{_FORM}checkbox", f"{_FORM}radio"):
        state = found.get(f"{_FORM}current-state") or found.get(f"{_FORM}state")
        paragraph.box(style, on=state == "checked" or found.get(f"{_FORM}current-selected") == "true")
        paragraph.write(f" {found.get(f'{_FORM}label') or ''} ", style)
        return True
    chosen = (one.get(f"{_FORM}label") for one in found if one.get(f"{_FORM}current-selected") == "true")
    said = (*chosen, found.get(f"{_FORM}current-value"), found.get(f"{_FORM}value"))
    text = next(filter(None, said), "")
    paragraph.write(f" {text} ", replace(style, name=found.get(f"{_FORM}name") or style.name))
    return True


def _form_of(control: etree._Element) -> etree._Element | None:
    """What the forms of the document say of a control."""
    name = control.get(f"{DRAW}control")
    everywhere = control.getroottree().getroot().iter()
    return next((one for one in everywhere if name and name in (one.get(f"{_FORM}id"), one.get(_ID))), None)


def _write_mark(node: etree._Element, paragraph: Paragraph, style: RunStyle) -> None:
    """A form field of Word as LibreOffice keeps it."""
    said = [(one.get(f"{_FIELD}name") or "", one.get(f"{_FIELD}value") or "") for one in node]
    kind = (node.get(f"{_FIELD}type") or "").rpartition(".")[2]
    if kind == "FORMCHECKBOX":
        paragraph.box(style, on=dict(said).get("Checkbox_Checked") in ("true", "1"))
    elif kind == "FORMDROPDOWN":
        items = [value for name, value in said if name.startswith("Dropdown_ListEntry")]
        chosen = dict(said).get("Dropdown_Selected", "")
        text = items[int(chosen)] if chosen.isdecimal() and int(chosen) < len(items) else (items or [""])[0]
        doubt = None if chosen else Doubt(Reason.EMPTY, f"rien n’a été choisi, la liste montre « {text} »")
        paragraph.write(text, replace(style, doubt=doubt))
