"""Put the true output of the sample run, and the picture of a packet's page, into the README (``make readme``)."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from pipeline.core.workspace import SCHOOL

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
PICTURE = ROOT / "docs" / "images" / "convention.png"
PICTURED = "cnam-lp-insertion/2024-2025/LEFÈVRE-*"
_BLOCK = re.compile(r"<!-- run -->\n```text\n(.*?)```\n<!-- /run -->", re.DOTALL)
_PAGE = re.compile(r"<!-- page -->\n```text\n(.*?)```\n<!-- /page -->", re.DOTALL)
_NUMBER, _ID = r"\d{4}-\d{3,}", "[0-9a-f]{8}"


def shown() -> str:
    """The output that the README shows."""
    found = _BLOCK.search(README.read_text(encoding="utf-8"))
    if found is None:
        raise SystemExit("README.md has no <!-- run --> block")
    return found.group(1)


def page_shown() -> str:
    """What the README shows of the command that serves the page."""
    (found,) = _PAGE.findall(README.read_text(encoding="utf-8"))
    return str(found)


def serve_demo() -> str:
    """What that command says until it listens; the password and the port, which are others each time, made stable."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "pipeline", "serve", "--demo", "--jobs", "0", "--port", str(port)]
    told: list[str] = []
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as server:
        try:
            for line in server.stderr or ():
                told += [] if line.startswith("{") else [line]  # the log
                if "Ctrl-C" in line:
                    break
        finally:
            server.terminate()
            server.communicate()
    said = re.sub(r"(?<=password: )\w{4}(?:-\w{4}){3}", "-".join(["xxxx"] * 4), "".join(told))
    return said.replace(f":{port}/", ":8000/")


def run_samples(outbox: Path) -> tuple[str, int]:
    """What the run of the samples prints and answers, in a workspace of its own whose outbox is ``outbox``."""
    place = outbox.parent
    for name in ("templates", "schemas"):
        (place / name).symlink_to(ROOT / name)
    (place / "inbox").mkdir()
    samples = sorted(path for path in (ROOT / "tests" / "samples").iterdir() if path.is_file())
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pipeline",
            "run",
            "--workspace",
            str(place),
            "--today",
            "2025-03-17",
            *map(str, samples),
        ],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "120", SCHOOL: str(ROOT / "tests" / "samples" / "etablissement")},
        capture_output=True,
        text=True,
        check=False,
    )
    lines = [line.rstrip() for line in done.stdout.splitlines()]
    return "\n".join(lines) + "\n", done.returncode


def _with_true_ids(text: str, output: str) -> str:
    """The commands of the page, with the number or id of the form that waits and of the one that goes back."""
    waiting, back = (
        re.search(rf"^({_NUMBER}) +({_ID}) .* {state} ", output, re.MULTILINE)
        for state in ("en attente", "à compléter")
    )
    if waiting is None or back is None:
        raise SystemExit("the samples have no form that waits, or none that goes back")
    for commands, form in (("show|approve", waiting), ("override", back)):
        text = re.sub(rf"(liasse (?:{commands})) {_NUMBER}", rf"\1 {form[1]}", text)
        text = re.sub(rf"(liasse (?:{commands})) {_ID}", rf"\1 {form[2]}", text)
    return text


def main() -> None:
    """Run the samples, rewrite the block and draw the picture."""
    with tempfile.TemporaryDirectory() as folder:
        outbox = Path(folder) / "outbox"
        output, code = run_samples(outbox)
        if code != 1:
            raise SystemExit(f"the samples end with {code}, not 1:\n{output}")
        text = _with_true_ids(README.read_text(encoding="utf-8"), output)
        block = f"<!-- run -->\n```text\n{output}```\n<!-- /run -->"
        page = f"<!-- page -->\n```text\n{serve_demo()}```\n<!-- /page -->"
        text = _PAGE.sub(lambda _: page, _BLOCK.sub(lambda _: block, text))
        README.write_text(text, encoding="utf-8")
        (packet,) = outbox.glob(PICTURED)
        PICTURE.parent.mkdir(exist_ok=True)
        subprocess.run(
            [
                "pdftoppm",
                "-png",
                "-r",
                "80",
                "-singlefile",
                packet / "liasse-2-convention.pdf",
                PICTURE.with_suffix(""),
            ],
            check=True,
        )


if __name__ == "__main__":
    main()
