"""A page on which tesseract finds no end has no words, each time; one that was killed tells nothing of the page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from pipeline.core.errors import ReadingStopped, ToolMissing
from pipeline.reading.ocr import engines
from pipeline.reading.ocr.page_images import PageImage
from pipeline.reading.tokens import Stream

Reader = Callable[[str], Stream]
PAGE = np.full((40, 120), 255, np.uint8)


@pytest.fixture
def read_by(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Reader:
    """Read a blank page by a tesseract that is this shell script."""

    def read(script: str) -> Stream:
        program = tmp_path / "tesseract"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
        return engines.tesseract_stream(PageImage(1, PAGE, 1.0, np.eye(3)), PAGE)

    return read


@pytest.mark.parametrize("script", ["while :; do :; done", "kill -ABRT $$"])
def test_a_page_that_ends_tesseract_has_no_words(
    read_by: Reader, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    """It used up its seconds of processor, or gave up: that is the page's, on a busy machine or not."""
    monkeypatch.setattr(engines, "TESSERACT_SECONDS", 1)

    assert read_by(script) == ()


def test_a_tesseract_that_waits_long_is_not_cut(read_by: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two seconds without the processor are none of its one second."""
    monkeypatch.setattr(engines, "TESSERACT_SECONDS", 1)
    header = "level\\tleft\\ttop\\twidth\\theight\\tconf\\ttext"
    row = "5\\t10\\t10\\t30\\t12\\t96\\tBonjour"

    (word,) = read_by(f"sleep 2; printf '{header}\\n{row}\\n'")

    assert word.text == "Bonjour"


@pytest.mark.parametrize(("script", "error"), [("kill -KILL $$", ReadingStopped), ("exit 1", ToolMissing)])
def test_what_is_no_fault_of_the_page_is_no_reading(read_by: Reader, script: str, error: type[Exception]) -> None:
    """The kernel took it where memory was short, or its French data are missing: nothing is kept of it."""
    with pytest.raises(error):
        read_by(script)
