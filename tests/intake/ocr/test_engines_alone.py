"""The engines keep to themselves: no file of their own, no word to anyone, no thread that a fork would lose."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
SAID = ("OPENCV_FOR_THREADS_NUM", "OMP_NUM_THREADS", "ORT_DISABLE_TELEMETRY")
READ_TWICE = """
import os, signal
import cv2, numpy as np
from pipeline.reading.ocr import engines

paper = np.full((1500, 1500), 255, np.uint8)
cv2.putText(paper, "Bonjour", (200, 700), cv2.FONT_HERSHEY_SIMPLEX, 4, 0, 5)
for _ in range(3):
    cv2.GaussianBlur(paper, (9, 9), 3)
child = os.fork()
if child == 0:
    signal.alarm(60)  # the pool of threads that the fork lost would be waited for without end
    os._exit("Bonjour" not in [line.text for line in engines.rapid_lines(paper)])
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
assert "Bonjour" in [line.text for line in engines.rapid_lines(paper)]
"""


def test_an_engine_writes_nothing_and_is_loaded_after_a_fork(tmp_path: Path) -> None:
    """Read in a fork, where pictures were drawn before, and at home: no telemetry waits in the user's folders."""
    home = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    environment = {key: value for key, value in os.environ.items() if key not in SAID} | home
    subprocess.run([sys.executable, "-c", READ_TWICE], env=environment, check=True, timeout=120)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
