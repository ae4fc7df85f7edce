"""LibreOffice: Word files that we filled, made into PDF. Never a file that a stranger sent.

One process converts all the documents of a packet. Its exit code means nothing (it is 0 for a file it could not
open), so each PDF is looked at; a run that lasts too long is killed with all its children.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pypdfium2

from pipeline.errors import ConversionError, ToolMissing

START_SECONDS = 60
SECONDS_A_DOCUMENT = 20
_FIRST_START = 81  # soffice's answer when it has just made its profile: ask again
_EXPORT = {
    "UseLosslessCompression": {"type": "boolean", "value": "true"},
    "ReduceImageResolution": {"type": "boolean", "value": "false"},
    "ExportBookmarks": {"type": "boolean", "value": "false"},
    "ExportFormFields": {"type": "boolean", "value": "false"},
}
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks"\
 oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution"\
 oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link"\
 oor:op="fuse"><value>2</value></prop></item>
</oor:items>
"""


def find_soffice() -> str:
    """The path of the soffice program; raises ToolMissing, naming the Debian package."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise ToolMissing("LibreOffice is not installed. On Debian: apt-get install libreoffice-writer-nogui")
    return program


def convert(documents: Mapping[str, bytes]) -> dict[str, bytes]:
    """Word files by name, made into PDFs by the same names; raises ConversionError if one has no good PDF."""
    program = find_soffice()
    with tempfile.TemporaryDirectory(prefix="liasse-") as folder:
        place = Path(folder)
        sources = []
        for number, docx in enumerate(documents.values()):
            source = place / f"{number:03d}.docx"
            source.write_bytes(docx)
            sources.append(source)
        _run(program, place, sources)
        return {name: _proved(place / f"{number:03d}.pdf", name) for number, name in enumerate(documents)}


def _run(program: str, place: Path, sources: list[Path]) -> None:
    profile = place / "profile" / "user"
    profile.mkdir(parents=True)
    (profile / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
    command = [
        program, f"-env:UserInstallation={profile.parent.as_uri()}", "--headless", "--norestore", "--nolockcheck",
        "--infilter=MS Word 2007 XML", "--convert-to", f"pdf:writer_pdf_Export:{json.dumps(_EXPORT)}",
        "--outdir", str(place), *map(str, sources),
    ]  # fmt: skip
    seconds = START_SECONDS + SECONDS_A_DOCUMENT * len(sources)
    if _once(command, place, seconds) == _FIRST_START:
        _once(command, place, seconds)


def _once(command: list[str], place: Path, seconds: float) -> int:
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(place),
        "TMPDIR": str(place),
        "LANG": "C.UTF-8",
        "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",  # halves its start-up where glibc knows it
    }
    with (place / "soffice.log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 -- our own command line, no shell, no value of a form in it
            command, cwd=place, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip
        try:
            return process.wait(timeout=seconds)
        except subprocess.TimeoutExpired as error:
            raise ConversionError(
                f"LibreOffice did not finish in {seconds:.0f} s and was stopped. Run again; if it lasts, "
                "look at the load of the machine and at the Word templates that were changed last."
            ) from error
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of the process and all its children: soffice starts a second program."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _proved(pdf: Path, name: str) -> bytes:
    try:
        data = pdf.read_bytes()
    except OSError as error:
        raise ConversionError(
            f"LibreOffice made no PDF of {name}. Open its Word template and save it again."
        ) from error
    if count_pages(data) < 1:
        raise ConversionError(f"LibreOffice made an empty PDF of {name}. Open its Word template and save it again.")
    return data


def count_pages(pdf: bytes) -> int:
    """How many pages a PDF has; raises ConversionError if it is not one."""
    try:
        document = pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError as error:
        raise ConversionError(f"not a readable PDF: {error}.") from error
    try:
        return len(document)
    finally:
        document.close()
