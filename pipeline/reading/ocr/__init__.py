"""OCR of scans and photographs: words, ticks and zones, by two engines that do not know each other.

This file needs none of the extra `ocr`: it refuses a scan with a reason where the engines are not installed. The
rest: ``page_images`` (files → images, upright, straight, evenly lit), ``rulings`` (lines and leaders
taken off), ``engines`` (RapidOCR and tesseract → tokens), ``scan_reading`` (both, side by side), ``registration``
(where the layout's printed words stand on the scan), ``bands`` (what is read in order, what by its place), ``flow``
(answers between the printed words around them), ``scanned_zones`` (answers in cells), ``scanned_ticks`` and
``squares`` (boxes), ``strokes`` and ``accents`` (small ink), ``scanned_slots`` (all of it together).
"""

from __future__ import annotations

import importlib.util
import os
import shutil

from pipeline.core.refusals import Refusal, refused

# Said before the engines start, for they ask only then: one core each, since a pool of threads is lost by the fork of
# the jail and its child would wait for it; and nothing told of this machine to anyone, nor written for that.
os.environ |= {"OPENCV_FOR_THREADS_NUM": "1", "OMP_NUM_THREADS": "1", "ORT_DISABLE_TELEMETRY": "1"}

_MODULES = ("cv2", "numpy", "onnxruntime", "rapidocr")


def missing() -> tuple[str, ...]:
    """The names of what is not installed of the extra `ocr`: Python modules, and the program tesseract."""
    modules = tuple(name for name in _MODULES if importlib.util.find_spec(name) is None)
    return modules if shutil.which("tesseract") else (*modules, "tesseract")


def require() -> None:
    """Nothing, where both engines are installed; raises FormRejected (OCR_ABSENT) for the sender of the scan."""
    if absent := missing():
        raise refused(Refusal.NO_OCR, absent=", ".join(absent))
