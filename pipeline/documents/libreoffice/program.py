"""Soffice command lines, environment and profile, the profile made for one run and thrown away."""

from __future__ import annotations

import functools
import io
import json
import os
import shutil
import zipfile
from collections.abc import Sequence
from pathlib import Path

from pipeline.core.errors import ToolMissing

FILTER = "MS Word 2007 XML"
_EXPORT = {
    "UseLosslessCompression": True,
    "ReduceImageResolution": False,
    "ExportBookmarks": False,
    "ExportFormFields": False,
    "ExportNotes": False,
    "UseTaggedPDF": True,  # headings, tables and lists, for who listens to a page
}
_PDFA_2B = {"SelectPdfVersion": 2}
_JEMALLOC = "libjemalloc.so.2"
_LIBRARIES = ("/usr/lib", "/usr/lib64", "/lib", "/lib64", "/usr/local/lib")  # and one folder deeper, as Debian has it
_JEMALLOC_CONF = "thp:always,metadata_thp:auto,dirty_decay_ms:30000"
# Nothing linked is fetched, no macro runs, no link is brought up to date: the second wall, behind the cage. And no
# word of one person's document is learned for the next (to complete what is typed), or spelled.
_SETTINGS = (
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Writer/Content/Update", "Link", "2"),
    ("Office.Writer/AutoFunction/Completion", "CollectWords", "false"),
    ("Office.Writer/AutoFunction/Completion", "Enable", "false"),
    ("Office.Linguistic/SpellChecking", "IsSpellAuto", "false"),
    ("Office.Linguistic/GrammarChecking", "IsAutoCheck", "false"),
    ("Office.Common/SmartTags/Writer", "RecognizeSmartTags", "false"),
)
_ITEM = """<item oor:path="/org.openoffice.{}"><prop oor:name="{}" oor:op="fuse"><value>{}</value></prop></item>
"""
_REGISTRY = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
{}</oor:items>
"""
_CONTENT_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TO_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_DOCUMENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_ONE_LINE = {
    "[Content_Types].xml": f'<Types xmlns="{_CONTENT_TYPES}"><Default Extension="rels" ContentType="application/vnd.'
    'openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_DOCUMENT_TYPE}"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_RELATIONSHIPS}"><Relationship Id="rId1" Type="{_TO_DOCUMENT}" '
    'Target="word/document.xml"/></Relationships>',
    "word/document.xml": f'<w:document xmlns:w="{_WORD}"><w:body><w:p><w:r><w:rPr><w:rFonts w:ascii="Carlito" '
    'w:hAnsi="Carlito"/></w:rPr><w:t>liasse</w:t></w:r></w:p></w:body></w:document>',
}


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


def new_profile(place: Path, program: str) -> Path:
    """A fresh profile under ``place``, with our settings in it."""
    profile = place / "profile"
    extensions = profile / "user" / "extensions"
    extensions.mkdir(parents=True)
    (extensions / "buildid").write_text(_build(program), encoding="utf-8")
    items = "".join(_ITEM.format(*setting) for setting in _SETTINGS)
    (profile / "user" / "registrymodifications.xcu").write_text(_REGISTRY.format(items), encoding="utf-8")
    return profile


@functools.cache
def _build(program: str) -> str:
    """What the program calls its build: one that finds it in its profile does not look for extensions, for 0.1 s."""
    folder = Path(program).resolve().parent
    if any((folder.parent / "share" / "extensions").glob("*")):
        return ""  # a dictionary of hyphenation, for one
    try:
        versions = (folder / "versionrc").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
    return next((line.partition("=")[2] for line in versions.splitlines() if line.startswith("buildid=")), "")


def export(*, pdfa: bool) -> dict[str, bool | int]:
    """The options of the export: fast, lossless and tagged, and PDF/A-2b if that is asked."""
    return {**_EXPORT, **_PDFA_2B} if pdfa else dict(_EXPORT)


def command(program: str, profile: Path, sources: Sequence[Path], target: Path, *, pdfa: bool = False) -> list[str]:
    """What soffice is asked: each Word file of ``sources``, taken for nothing else, as a PDF in ``target``."""
    options = {
        name: {"type": "boolean" if isinstance(value, bool) else "long", "value": str(value).lower()}
        for name, value in export(pdfa=pdfa).items()
    }
    return [
        *_started(program, profile),
        f"--infilter={FILTER}",
        "--convert-to",
        f"pdf:writer_pdf_Export:{json.dumps(options)}",
        "--outdir",
        str(target),
        *map(str, sources),
    ]


def waiting_command(program: str, profile: Path, pipe: str) -> list[str]:
    """What soffice is asked to stay and answer at the local pipe of that name: a file, not the network."""
    return [*_started(_binary(program), profile), "--nodefault", f"--accept=pipe,name={pipe};urp;"]


def _binary(program: str) -> str:
    """The program itself, without the script that looks around for 30 ms before it starts it; else the script."""
    binary = Path(program).resolve().with_name("soffice.bin")
    return str(binary) if os.access(binary, os.X_OK) else program


def _started(program: str, profile: Path) -> list[str]:
    library = jemalloc()
    faster = ["env", f"LD_PRELOAD={library}", f"MALLOC_CONF={_JEMALLOC_CONF}"] if library else []
    profiled = f"-env:UserInstallation={profile.as_uri()}"
    return [*faster, program, profiled, "--headless", "--norestore", "--nolockcheck"]


@functools.cache
def jemalloc() -> str:
    """The path of jemalloc, with which LibreOffice takes a tenth less time; empty where it is not installed."""
    folders = map(Path, _LIBRARIES)
    found = (path for folder in folders for path in (folder / _JEMALLOC, *sorted(folder.glob(f"*/{_JEMALLOC}"))))
    return next((str(path) for path in found if path.is_file()), "")


def environment(place: Path) -> dict[str, str]:
    """All that the program knows of its surroundings: no secret, no proxy, no session of a desktop."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(place),
        "TMPDIR": str(place),
        "LANG": "C.UTF-8",
        "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",  # halves its start-up where glibc knows it
    }


def one_line() -> bytes:
    """A Word file of one line: the least that can be asked, to see whether LibreOffice answers and to warm it up."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in _ONE_LINE.items():
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>{text}')
    return out.getvalue()
