"""The program: where it is, what it is asked, and the profile that is made for one run and thrown away."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from pipeline.errors import ToolMissing

_EXPORT = {
    "UseLosslessCompression": {"type": "boolean", "value": "true"},
    "ReduceImageResolution": {"type": "boolean", "value": "false"},
    "ExportBookmarks": {"type": "boolean", "value": "false"},
    "ExportFormFields": {"type": "boolean", "value": "false"},
}
_PDFA_2B = {"SelectPdfVersion": {"type": "long", "value": "2"}}  # tagged too: LibreOffice does that by itself
# Nothing linked is fetched, no macro runs, no link is brought up to date: the second wall, behind the cage.
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


def folders(program: str) -> tuple[Path, ...]:
    """What must be seen for the program to run: itself, and the whole of LibreOffice where it is not in /usr."""
    real = Path(program).resolve()
    return Path(program).absolute(), real.parent.parent if real.parent.name == "program" else real


def new_profile(place: Path) -> Path:
    """A fresh profile under ``place``, with our settings in it."""
    profile = place / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
    return profile


def command(program: str, profile: Path, sources: Sequence[Path], target: Path, *, pdfa: bool = False) -> list[str]:
    """What soffice is asked: each Word file of ``sources``, taken for nothing else, as a PDF in ``target``."""
    export = _EXPORT | _PDFA_2B if pdfa else _EXPORT
    return [
        program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--nolockcheck",
        "--infilter=MS Word 2007 XML", "--convert-to", f"pdf:writer_pdf_Export:{json.dumps(export)}",
        "--outdir", str(target), *map(str, sources),
    ]  # fmt: skip


def environment(place: Path) -> dict[str, str]:
    """All that the program knows of its surroundings: no secret, no proxy, no session of a desktop."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(place),
        "TMPDIR": str(place),
        "LANG": "C.UTF-8",
        "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",  # halves its start-up where glibc knows it
    }
