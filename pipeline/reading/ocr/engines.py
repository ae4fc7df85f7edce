"""OCR engine adapters: RapidOCR (weights in its wheel) and tesseract in French, to words with places.

Neither knows the other, so that what both read alike is believed. RapidOCR runs in this process, tesseract in one of
its own, fed and heard through pipes: nothing is written anywhere, nothing is asked of the network.
"""

from __future__ import annotations

import csv
import io
import os
import re
import signal
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
import rapidocr
from PIL import Image

from pipeline.core.errors import ReadingStopped, ToolMissing
from pipeline.core.models import Box
from pipeline.core.sequences import grouped
from pipeline.reading.ocr import require
from pipeline.reading.ocr.page_images import SCALE, Grey, PageImage
from pipeline.reading.tokens import Source, Stream, Token, TokenKind
from pipeline.sandbox.quotas import FROM_OUTSIDE, require_processor

DETECTION_SIDE = 1408  # pixels: lines are found at 120 dpi, then read at 200; four times faster and no line is lost
THREADS = 1  # one core for each engine; and a session without threads survives a fork
TESSERACT_SECONDS = 20  # of processor: a page takes one or two; grain alone, taken for letters, would take minutes
_NO_END = {signal.SIGXCPU, signal.SIGABRT, signal.SIGSEGV}  # how a page ends it: each time, on a busy machine or not
BOXES = "□☐☑☒⊠⊗◻■"  # a tick box, as the engines see it
_NOT_READ = "tesseract did not read a page"
_INSTALL = "install the packages tesseract-ocr, tesseract-ocr-fra and util-linux"
_GAP = 0.8  # of a line's height: paper without ink that parts two words
# Signs of Chinese width, and the degree sign of « n° », in one form.
_SIGNS = str.maketrans(
    {**{chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}, "º": "°"}
)  # Chinese widths
_BOOK = 40  # small pictures read in one run
_ZOOM = 1.4  # tesseract wants letters 20 pixels high; forms print 8 to 10 points


@dataclass(frozen=True)
class Line:
    """OCR line of RapidOCR: four corners in pixels, its words, and the engine’s confidence (0 to 1)."""

    corners: np.typing.NDArray[np.float64]
    text: str
    confidence: float
    words: tuple[tuple[str, Box], ...]

    @property
    def tall(self) -> bool:
        """Whether the line runs upwards: the page lies on its side."""
        across = float(np.linalg.norm(self.corners[1] - self.corners[0]))
        down = float(np.linalg.norm(self.corners[3] - self.corners[0]))
        return down > 1.5 * across


@lru_cache(maxsize=1)
def rapid() -> Any:  # noqa: ANN401 -- the engine's class is only known where the extra is installed
    """The RapidOCR engine, loaded once; raises FormRejected (OCR_ABSENT) where the extra is not installed."""
    require()
    return rapidocr.RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_cls": False,
            "Global.max_side_len": 8_000,
            "Det.limit_type": "max",
            "Det.limit_side_len": DETECTION_SIDE,
            "EngineConfig.onnxruntime.intra_op_num_threads": THREADS,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )


def rapid_lines(pixels: Grey) -> tuple[Line, ...]:
    """What RapidOCR reads on a picture; blank margins are left out, which saves most of a short page's time."""
    ys, xs = np.nonzero(cv2.resize(pixels, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA) < 150)
    if len(ys) == 0:
        return ()
    left, top = max(0, int(xs.min()) * 4 - 24), max(0, int(ys.min()) * 4 - 24)
    right, bottom = int(xs.max()) * 4 + 28, int(ys.max()) * 4 + 28
    part = np.ascontiguousarray(cv2.cvtColor(pixels[top:bottom, left:right], cv2.COLOR_GRAY2BGR))
    seen = rapid()(part, return_word_box=True)
    if seen.boxes is None or not seen.txts:
        return ()
    pieces = seen.word_results or [()] * len(seen.txts)
    if len(pieces) != len(seen.txts):
        pieces = [()] * len(seen.txts)
    shift = np.array([left, top], np.float64)
    return tuple(
        Line(np.asarray(corners, np.float64) + shift, text, float(score), _words(text, words, corners, shift))
        for corners, text, score, words in zip(seen.boxes, seen.txts, seen.scores, pieces, strict=True)
    )


def _words(
    text: str, pieces: Sequence[Any], corners: np.typing.NDArray[Any], shift: np.typing.NDArray[np.float64]
) -> tuple[tuple[str, Box], ...]:
    """The words of a line with their boxes: from the engine's pieces where they spell the line, else by share."""
    found = _from_pieces(text, pieces) or _by_share(text, corners)
    return tuple(
        part
        for word, (x0, y0, x1, y1) in found
        for part in _parted(word, (x0 + shift[0], y0 + shift[1], x1 + shift[0], y1 + shift[1]))
    )


def _parted(word: str, box: Box) -> Iterator[tuple[str, Box]]:
    """Tick boxes that were read as letters of a word, told apart from it."""
    step = (box[2] - box[0]) / max(len(word), 1)
    for part in re.finditer(rf"[{BOXES}]|[^{BOXES}]+", word):
        text = part.group().translate(_SIGNS)
        yield text, (box[0] + part.start() * step, box[1], box[0] + part.end() * step, box[3])


def _from_pieces(text: str, pieces: Sequence[Any]) -> list[tuple[str, Box]] | None:
    """The words spelled by the engine's pieces, each of which may be one letter or several.

    A word ends at a space of the text, and where the paper shows a gap as wide as a line is high: the engine reads
    « le5/3/25 » where leaders were wiped out between the two.
    """
    spelled = [(str(piece[0]), np.asarray(piece[2], np.float64)) for piece in pieces]
    if not spelled or "".join(part for part, _ in spelled) != "".join(text.split()):
        return None
    found: list[tuple[str, list[np.typing.NDArray[np.float64]]]] = []
    at, last = 0, None
    for part, corners in spelled:
        spaced = text[at].isspace()
        at = text.index(part[0], at)
        wide = last is not None and corners[:, 0].min() - last[:, 0].max() > _GAP * float(np.ptp(corners[:, 1]))
        if spaced or wide or not found:
            found.append(("", []))
        word, boxes = found[-1]
        found[-1] = (word + part, [*boxes, corners])
        at, last = _after(text, part, at), corners
    boxed = [(word, np.vstack(corners)) for word, corners in found]
    return [(word, (*every.min(axis=0).tolist(), *every.max(axis=0).tolist())) for word, every in boxed]


def _after(text: str, part: str, at: int) -> int:
    """Where in the text a piece ends, spaces inside it skipped; the last place at most."""
    for letter in part:
        at = text.index(letter, at) + 1
    return min(at, len(text) - 1)


def _by_share(text: str, corners: np.typing.NDArray[Any]) -> list[tuple[str, Box]]:
    """The words, with boxes along the line in proportion to the letters before each."""
    x0, y0 = np.min(corners, axis=0).tolist()
    x1, y1 = np.max(corners, axis=0).tolist()
    step = (x1 - x0) / max(len(text), 1)
    words = re.finditer(r"\S+", text)
    return [(word[0], (x0 + word.start() * step, y0, x0 + word.end() * step, y1)) for word in words]


def rapid_stream(page: PageImage, lines: Sequence[Line]) -> Stream:
    """The words of RapidOCR's lines as tokens, in points of the page."""
    return tuple(
        _token(word, page, box, line.confidence, Source.RAPIDOCR) for line in lines for word, box in line.words
    )


def _token(text: str, page: PageImage, box: Box, confidence: float, source: Source) -> Token:
    x0, y0, x1, y1 = (round(float(value) / page.scale, 2) for value in box)
    return Token(TokenKind.WORD, text, page.number, (x0, y0, x1, y1), source, round(confidence, 3))


def read_crop(pixels: Grey) -> tuple[str, float]:
    """One line cut out of a page, read by RapidOCR: its text and confidence; ``("", 0.0)`` when there is nothing."""
    if pixels.shape[0] < 8 or pixels.shape[1] < 8:
        return "", 0.0
    seen = rapid()(cv2.cvtColor(pixels, cv2.COLOR_GRAY2BGR), use_det=False, use_cls=False, use_rec=True)
    rapid().update_params(use_det=True)
    return (seen.txts[0], float(seen.scores[0])) if seen.txts else ("", 0.0)


def tesseract_stream(page: PageImage, pixels: Grey, *, zoom: float = _ZOOM, mode: int = 11) -> Stream:
    """The words tesseract (``fra``) reads on ``pixels``, a cleaned picture of the page, in points of the page.

    ``mode`` is its page segmentation: 11 for words scattered over a form, 6 for one block, 7 for one line. Raises
    ToolMissing when the program or its French data is not installed, or when it fails; ReadingStopped when it was
    killed from outside; FormRejected when pages before took all that a file may compute. A page on which it does not
    come to an end within its seconds of processor has no words: without a second reading, nothing there is believed.
    """
    big = cv2.resize(pixels, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_CUBIC)
    image = b"P5 %d %d 255\n" % big.shape[::-1] + np.asarray(big, np.uint8).tobytes()
    found = []
    for row in _tesseract_words(image, page.scale * zoom, mode):
        x, y, width, height = (int(row[name]) / zoom for name in ("left", "top", "width", "height"))
        box = (x, y, x + width, y + height)
        found.append(_token(row["text"].strip(), page, box, _sure(row), Source.TESSERACT))
    return tuple(found)


def tesseract_texts(crops: Sequence[Grey], zoom: float) -> list[tuple[list[str], float]]:
    """What tesseract reads on each small picture by itself, many in one run: its lines, and the least confidence.

    Raises ToolMissing and ReadingStopped as ``tesseract_stream`` does.
    """
    return [text for start in range(0, len(crops), _BOOK) for text in _book(crops[start : start + _BOOK], zoom)]


def _book(crops: Sequence[Grey], zoom: float) -> Iterator[tuple[list[str], float]]:
    """The pictures as the pages of one TIFF, each a block of text by itself."""
    large = (cv2.resize(crop, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_CUBIC) for crop in crops)
    first, *others = map(Image.fromarray, large)
    book = io.BytesIO()
    first.save(book, "TIFF", save_all=True, append_images=others)
    words = grouped((int(row["page_num"]), row) for row in _tesseract_words(book.getvalue(), SCALE * zoom, 6))
    for number in range(1, len(crops) + 1):
        held = words.get(number, [])
        lines = grouped(((row["block_num"], row["par_num"], row["line_num"]), row["text"].strip()) for row in held)
        yield [" ".join(line) for line in lines.values()], min(map(_sure, held), default=1.0)


def _tesseract_words(image: bytes, scale: float, mode: int) -> Iterator[dict[str, str]]:
    rows = csv.DictReader(io.StringIO(_run_tesseract(image, scale, mode)), delimiter="\t", quoting=csv.QUOTE_NONE)
    return (row for row in rows if row["level"] == "5" and (row.get("text") or "").strip())


def _sure(row: dict[str, str]) -> float:
    return max(float(row["conf"]), 0) / 100


def _run_tesseract(image: bytes, scale: float, mode: int) -> str:
    require_processor(TESSERACT_SECONDS)
    command = [
        "prlimit",
        f"--cpu={TESSERACT_SECONDS}:{TESSERACT_SECONDS + 1}",
        "tesseract",
        "stdin",
        "stdout",
        "-l",
        "fra",
        "--psm",
        str(mode),
        "--dpi",
        str(round(scale * 72)),
        "tsv",
    ]
    try:
        done = subprocess.run(  # noqa: S603 -- a fixed command; only pixels come from outside
            command,
            input=image,
            capture_output=True,
            check=False,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        )
    except OSError as error:
        raise ToolMissing(f"{_NOT_READ} ({type(error).__name__}): {_INSTALL}") from error
    if -done.returncode in _NO_END:
        return ""
    if -done.returncode in FROM_OUTSIDE:
        raise ReadingStopped(f"{_NOT_READ}: it was killed, perhaps for want of memory. The form is tried again.")
    if done.returncode:
        raise ToolMissing(f"{_NOT_READ} (exit code {done.returncode}): {_INSTALL}")
    return done.stdout.decode("utf-8", "replace")
