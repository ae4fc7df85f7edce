"""Oracle of what an eye sees: pages drawn by poppler and by Ghostscript, never by what the product draws with.

A technique claims what its page shows; ``contradiction`` says in words where the drawn page shows something else.
"""

from __future__ import annotations

import io
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pdf_tools import Editing, printed, rect_of
from PIL import Image
from scenes import Scene
from seen import Paper, Seen, Technique
from techniques_appearance import drawn

Picture = np.ndarray
DOTS = 110  # an inch
DARK = 45  # of 255: what differs from the empty form by more is ink
SPECKS = 14  # dots that may differ by chance
_BY_WORD = frozenset(  # pages that are turned, scaled, spread or taken out: compared by a person, once
    (
        *("page_turned", "larger_unit", "comb", "page_taken_out", "cropped_page", "cropped", "xfa_differs"),
        *(
            "drawings_named_otherwise",
            "font_program_that_lies",
            "font_and_value_that_lie",
            "opaque_polygon",
            "pages_twice",
            "flag_no_view",
            "widget_layer_off",
            "redrawn_by_viewers",
            "no_appearance",
        ),
    )
)


def by_poppler(data: bytes, page: int) -> Picture:
    """A page (from 0) as poppler draws it, in greys."""
    return _drawn(
        data, lambda source, target: ["pdftoppm", "-gray", "-r", str(DOTS), "-f", str(page + 1), "-l", str(page + 1),
                                      "-singlefile", source, target[:-4]]
    )  # fmt: skip


def by_ghostscript(data: bytes, page: int) -> Picture:
    """A page (from 0) as Ghostscript draws it, in greys."""
    return _drawn(
        data, lambda source, target: ["gs", "-q", "-dSAFER", "-dBATCH", "-dNOPAUSE", "-sDEVICE=pgmraw", f"-r{DOTS}",
                                      "-dTextAlphaBits=4", "-dGraphicsAlphaBits=4", f"-dFirstPage={page + 1}",
                                      f"-dLastPage={page + 1}", f"-sOutputFile={target}", source]
    )  # fmt: skip


DRAWERS: dict[str, Callable[[bytes, int], Picture]] = {"poppler": by_poppler, "Ghostscript": by_ghostscript}


def _drawn(data: bytes, command: Callable[[str, str], list[str]]) -> Picture:
    with tempfile.TemporaryDirectory() as place:
        source, target = Path(place, "in.pdf"), Path(place, "out.pgm")
        source.write_bytes(data)
        subprocess.run(command(str(source), str(target)), check=True, capture_output=True, timeout=60)
        with Image.open(io.BytesIO(target.read_bytes())) as picture:
            return np.asarray(picture.convert("L"), dtype=np.int16)


@dataclass
class Eyes:
    """Looks at the forged files of scenes with one program; honest pages are drawn once."""

    drawer: str
    _seen: dict[tuple[str, ...], Picture]

    def contradiction(self, technique: Technique, scene: Scene, data: bytes) -> str | None:
        """What the page shows if it is not what the technique claims; ``None`` where it is, or cannot be told."""
        if technique.name in _BY_WORD or technique.paper is Paper.WORD:
            return None
        page, boxes = _places(scene)
        if page is None:
            return None
        shown = DRAWERS[self.drawer](data, page)
        honest = {which: self._honest(technique.paper, scene, which, page) for which in ("old", "new", "nothing")}
        if shown.shape != honest["old"].shape:
            return f"a page of {shown.shape}"
        empty = honest["nothing"]
        if technique.seen in (Seen.UNSURE, Seen.REMARK):
            return self._spoken(technique, shown, honest, boxes)
        ink = {which: _ink(shown, empty, box) for which, box in boxes.items()}
        if technique.seen is Seen.NOTHING:
            left = {which: int(one.sum()) for which, one in ink.items()}
            most = max(SPECKS, int(0.12 * _ink(honest["new"], empty, boxes["new"]).sum()))
            return None if max(left.values()) <= most else f"{left} dots of ink where nothing is to be seen"
        wanted = technique.seen.value
        looks = [self._honest(technique.paper, scene, wanted, page)]
        if scene.kind != "tick":
            looks.append(self._penned(scene, wanted, page))
        box = boxes[wanted]
        best = max(_same(_ink(shown, empty, box), _ink(look, empty, box)) for look in looks)
        return (
            None if best >= (0.6 if scene.kind == "tick" else 0.8) else f"it looks {best:.2f} like the {wanted} value"
        )

    def _spoken(
        self, technique: Technique, shown: Picture, honest: dict[str, Picture], boxes: dict[str, tuple[int, ...]]
    ) -> str | None:
        """What is garbled differs from each honest page; what has a remark keeps its value and has more ink."""
        if technique.seen is Seen.REMARK:
            more = int((np.abs(shown - honest["old"]) > DARK).sum())
            kept = _kept(
                _ink(honest["old"], honest["nothing"], boxes["old"]), _ink(shown, honest["nothing"], boxes["old"])
            )
            return None if more > SPECKS and kept > 0.5 else f"{more} dots more, {kept:.2f} of the value kept"
        least = min(int((np.abs(shown - honest[which]) > DARK).sum()) for which in ("old", "new"))
        return None if least > SPECKS else "the page is that of an honest form"

    def _honest(self, paper: Paper, scene: Scene, which: str, page: int) -> Picture:
        key = (paper, scene.target.code, scene.path, which)
        if key not in self._seen:
            data = scene.fillable(which) if paper is Paper.FILLABLE else printed(scene, which, paper.value).data
            self._seen[key] = DRAWERS[self.drawer](data, page)
        return self._seen[key]

    def _penned(self, scene: Scene, which: str, page: int) -> Picture:
        """The page with the answer drawn by the pen of the techniques, whose letters differ from pypdf's."""
        key = ("pen", scene.target.code, scene.path, which)
        if key not in self._seen:
            data = drawn(scene, lambda pen: pen.words(getattr(pen, which)), which)
            self._seen[key] = DRAWERS[self.drawer](data, page)
        return self._seen[key]


def _places(scene: Scene) -> tuple[int | None, dict[str, tuple[int, ...]]]:
    """The page of the answer and, in dots from its top left, the boxes of the old and the new one."""
    editing = Editing(scene.fillable("nothing"))
    boxes, pages = {}, set()
    for which in ("old", "new"):
        page, widget = editing.place(scene, which)
        x0, y0, x1, y1 = rect_of(widget)
        high = float(page.mediabox[3])
        pages.add(page.index)
        boxes[which] = tuple(round(n * DOTS / 72) for n in (x0 + 1.4, high - y1 + 1.4, x1 - 1.4, high - y0 - 1.4))
    return (pages.pop() if len(pages) == 1 else None), boxes


def _ink(shown: Picture, empty: Picture, box: tuple[int, ...]) -> Picture:
    left, top, right, bottom = box
    return np.abs(shown[top:bottom, left:right] - empty[top:bottom, left:right]) > DARK


def _wider(ink: Picture) -> Picture:
    """The ink and what is two dots beside it."""
    wide = ink.copy()
    for _ in range(2):
        grown = wide.copy()
        grown[1:] |= wide[:-1]
        grown[:-1] |= wide[1:]
        grown[:, 1:] |= wide[:, :-1]
        grown[:, :-1] |= wide[:, 1:]
        wide = grown
    return wide


def _kept(before: Picture, now: Picture) -> float:
    """The share of some ink that is still there."""
    return float((before & _wider(now)).sum() / max(before.sum(), 1))


def _same(one: Picture, other: Picture) -> float:
    """How much two patches of ink are one."""
    return min(_kept(one, other), _kept(other, one)) if one.any() and other.any() else 0.0


def eyes(drawer: str) -> Eyes:
    """Eyes that see by one of ``DRAWERS``."""
    return Eyes(drawer, {})
