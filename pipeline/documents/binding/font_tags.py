"""Font subset tags: each embedded subset of a PDF gets its own six letters, from the hash of its font file.

LibreOffice calls the subsets of every file alike (``BAAAAA+Carlito``), and ISO 32000-1 §9.6.4 wants them told apart
in one file: Ghostscript, which esup-signature runs, takes two subsets of one name for one font and prints the letters
of one with the shapes of the other. Equal font files keep one tag, so that the same input gives the same bytes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from string import ascii_uppercase

from pikepdf import Array, Dictionary, Name, Object, Pdf

_TAG = re.compile(r"^/?(?:[A-Z]{6}\+)?")
_LETTERS = 6
_FILES = ("/FontFile", "/FontFile2", "/FontFile3")
_HOLDERS = ("/XObject", "/Pattern")


def tag_fonts(pdf: Pdf) -> None:
    """Name every embedded font of an open PDF by its own tag: /BaseFont, the descendant's, and /FontName alike."""
    taken: dict[str, bytes] = {}
    for font in _fonts(pdf):
        descendants = font.get("/DescendantFonts")
        inner = descendants[0] if descendants is not None else font
        descriptor = inner.get("/FontDescriptor")
        program = _program(descriptor)
        if descriptor is None or program is None:
            continue
        family = _TAG.sub("", str(inner.get("/BaseFont", descriptor.get("/FontName", "/Font"))))
        name = _own_name(family, hashlib.sha256(program.read_raw_bytes()).digest(), taken)
        if inner is not font:
            font.BaseFont = Name(f"/{name}{_encoding(font, inner)}")
        inner.BaseFont = descriptor.FontName = Name(f"/{name}")


def subset_tag(digest: bytes) -> str:
    """Six capitals for a hash."""
    number = int.from_bytes(digest[:8])
    letters = []
    for _ in range(_LETTERS):
        number, letter = divmod(number, len(ascii_uppercase))
        letters.append(ascii_uppercase[letter])
    return "".join(letters)


def _own_name(family: str, digest: bytes, taken: dict[str, bytes]) -> str:
    """The tag and the family; another tag where chance gave that one to another font file of the same PDF."""
    seed = digest
    while taken.setdefault(name := f"{subset_tag(seed)}+{family}", digest) != digest:
        seed = hashlib.sha256(seed).digest()
    return name


def _program(descriptor: Object | None) -> Object | None:
    if descriptor is None:
        return None
    return next((descriptor[key] for key in _FILES if key in descriptor), None)


def _encoding(font: Object, inner: Object) -> str:
    """What a composite font of kind 0 says after its descendant's name: the CMap (« -Identity-H »)."""
    encoding = font.get("/Encoding")
    if inner.get("/Subtype") != Name.CIDFontType0 or not isinstance(encoding, Name):
        return ""
    return f"-{str(encoding)[1:]}"


def _fonts(pdf: Pdf) -> Iterator[Object]:
    """Every font of the pages, and of the forms, patterns and appearances that they draw; each once."""
    seen: set[tuple[int, int]] = set()
    waiting: list[Object] = []
    for page in pdf.pages:
        waiting += [page.resources, *(look for note in page.obj.get("/Annots", ()) for look in _looks(note))]
    while waiting:
        resources = waiting.pop()
        if _known(resources, seen):
            continue
        for font in resources.get("/Font", Dictionary()).values():
            if not _known(font, seen):
                yield font
        for kind in _HOLDERS:
            for thing in resources.get(kind, Dictionary()).values():
                if "/Resources" in thing and not _known(thing, seen):
                    waiting.append(thing.Resources)


def _looks(note: Object) -> Iterator[Object]:
    """The resources of an annotation's appearances, whatever their states."""
    for look in note.get("/AP", Dictionary()).values():
        states = list(look.values()) if isinstance(look, Dictionary) else [look]
        yield from (state.Resources for state in states if not isinstance(state, Array) and "/Resources" in state)


def _known(thing: Object, seen: set[tuple[int, int]]) -> bool:
    if not thing.is_indirect:
        return False
    known = thing.objgen in seen
    seen.add(thing.objgen)
    return known
