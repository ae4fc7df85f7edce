"""The hostile set: each file ends in a refusal with its reason or in a clean reading, soon, and touches nothing."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import select
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import hostile_other
import hostile_package
import hostile_pdf
import hostile_pdf_drawn
import hostile_pdf_trees
import hostile_pictures
import hostile_word
import pytest
from confined import children_of
from hostile_kit import CASES, PDF, READ, TESTS, WORD, Lure
from reader_ends import watched

from pipeline.blanks.layout_cache import compile_layouts
from pipeline.core.errors import FormRejected
from pipeline.core.fields import Dictionary
from pipeline.core.models import JSON, Form, Reading
from pipeline.forms.layouts import load_layout
from pipeline.reading import reader as intake
from pipeline.reading.alignment import Compiled
from pipeline.reading.known_forms import KnownForms
from pipeline.reading.ocr import missing
from pipeline.reading.reader import SCAN_LIMITS
from pipeline.sandbox.clean_process import CLEAN, Ended
from pipeline.sandbox.quotas import LIMITS

pytestmark = pytest.mark.sampled(3)

LONGEST = 10.0  # seconds of processor
LONGEST_SEEN = 70.0  # of what is read as images too: two engines over a page take 20 to 40, as machines go
MOST_MEMORY = 200_000_000  # bytes by which the parent may grow
SHARED = 200_000_000  # bytes of the clean process, which a child's own limit does not count
_DAMAGED = 2  # answers that a hostile file may spoil, each in doubt then
SECRET = "canari-4f1d7c02-que-nul-ne-lit"  # noqa: S105 -- a canary, not a password
LISTS = (  # importing them fills the list of cases
    hostile_other,
    hostile_package,
    hostile_pdf,
    hostile_pdf_drawn,
    hostile_pdf_trees,
    hostile_pictures,
    hostile_word,
)


@dataclass(frozen=True)
class Ears:
    """A TCP and a UDP server on one port of this machine, which must hear nothing."""

    tcp: socket.socket
    udp: socket.socket

    def heard(self) -> bool:
        """Whether anybody knocked."""
        return bool(select.select([self.tcp, self.udp], [], [], 0.0)[0])


@pytest.fixture(scope="module")
def ears() -> Iterator[Ears]:
    """Both servers, listening."""
    with socket.create_server(("127.0.0.1", 0)) as tcp, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind(tcp.getsockname())
        yield Ears(tcp, udp)


@pytest.fixture(scope="module")
def lure(ears: Ears, tmp_path_factory: pytest.TempPathFactory) -> Lure:
    """What the hostile files aim at: those servers, and a file with a word that is nowhere else."""
    canary = tmp_path_factory.mktemp("lure") / "canari.txt"
    canary.write_text(SECRET)
    canary.with_suffix(".pickle.gz").write_text(SECRET)
    return Lure(ears.tcp.getsockname()[1], canary)


@pytest.fixture(scope="module")
def layouts(dictionary: Dictionary, tmp_path_factory: pytest.TempPathFactory) -> tuple[Compiled, ...]:
    """One school's layout: with it, files that nobody knows go on to the readers of other forms and of images."""
    return compile_layouts(
        [load_layout(TESTS / "layouts" / "tableau")], dictionary, tmp_path_factory.mktemp("memory")
    )


def own_memory(process: int | str = "self") -> int:
    """The bytes of memory that a process holds."""
    return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * 4096


def left_over() -> tuple[int, list[int], int]:
    """The clean process, its children, and the files that this process has open: reading a file changes none."""
    return CLEAN.id, children_of(CLEAN.id), len(os.listdir("/proc/self/fd"))  # noqa: PTH208 -- counted


@dataclass(frozen=True)
class End:
    """How one file ended: the code and what was said, or ``READ`` and the reading; how its readers' children did."""

    code: str
    said: str
    reading: Reading | None
    children: tuple[Ended, ...]
    grown: int

    @property
    def worked(self) -> float:
        """Seconds of processor, of all children and programs."""
        return sum(child.computed for child in self.children)

    @property
    def within(self) -> bool:
        """Whether there were children, and each kept to its quotas."""
        all_limits = (LIMITS, SCAN_LIMITS)
        shared = max(SHARED, own_memory(CLEAN.id))  # what the clean process had loaded is no child's
        return bool(self.children) and all(
            child.computed <= limits.cpu + 2 and child.memory <= limits.memory + shared
            for child, limits in zip(self.children, all_limits, strict=False)
        )


def accepted(reading: Reading) -> dict[str, JSON]:
    """The fields that were read without a doubt, and their values."""
    return {field.path: field.value for field in reading.fields if field.doubt is None}


@pytest.fixture
def end_of(tmp_path: Path, given_out: KnownForms, layouts: tuple[Compiled, ...]) -> Callable[[bytes, bool], End]:
    """Read a file as if it had been received, with the other school's layout or without."""

    def run(data: bytes, layouted: bool) -> End:  # noqa: FBT001 -- as the test's parameter
        path = tmp_path / "recu"
        path.write_bytes(data)
        form = Form(hashlib.sha256(data).hexdigest(), path, "../../recu.docx", dt.date(2025, 3, 17))
        before = own_memory()
        reading: Reading | None = None
        with watched() as children:
            try:
                reading = intake.read(form, replace(given_out, layouts=layouts if layouted else ()))
                code, said = READ, json.dumps([field.as_json() for field in reading.fields], default=str)
            except FormRejected as error:
                code, said = error.reason, error.message
        grown = own_memory() - before
        assert (path.read_bytes() == data, [one.name for one in tmp_path.iterdir()]) == (True, ["recu"])
        return End(code, said, reading, tuple(children), grown)

    return run


def _kind(data: bytes) -> Path:
    return PDF if b"%PDF" in data[:1_024] else WORD


@pytest.fixture(scope="module")
def honest(
    given_out: KnownForms,
) -> Callable[[Path], dict[str, JSON]]:
    """What is accepted of a file that nobody changed, each read once."""
    known: dict[Path, dict[str, JSON]] = {}

    def of(path: Path) -> dict[str, JSON]:
        if path not in known:
            form = Form("0" * 64, path, "recu", dt.date(2025, 3, 17))
            known[path] = accepted(intake.read(form, given_out))
        return known[path]

    return of


FILES = [name for name in CASES if not name.startswith("value: ")]
GO_ON = [  # with layouts, these are no longer refused as unknown: they go on to other readers
    name
    for name in FILES
    if name.startswith("image: ")
    or name
    in {
        "pdf: 400 000 letters",
        "pdf: 60 000 lines",
        "pdf: text map that names a file",
        "word: 1.5 million paragraphs",
    }
]


SHOWN_OTHERWISE = {  # each answer, or more than two, is asked about
    "pdf: static XFA",  # Acrobat shows its second form, which says nothing
    "pdf: fields with strange names",
}


@pytest.mark.parametrize(
    ("name", "layouted"), [*((name, False) for name in FILES), *((name, True) for name in GO_ON)]
)
def test_a_hostile_file_ends_soon_and_touches_nothing(  # noqa: PLR0917 -- what it is tried with
    name: str,
    layouted: bool,  # noqa: FBT001 -- a parameter of the test
    ears: Ears,
    lure: Lure,
    end_of: Callable[[bytes, bool], End],
    honest: Callable[[Path], dict[str, JSON]],
) -> None:
    """A refusal in French or a reading, within ten seconds; no connection, no other file, nothing kept or left."""
    if layouted and missing():
        pytest.skip("the reader of images is not installed")
    case = CASES[name]
    data = case.build(lure)
    before = left_over()
    end = end_of(data, layouted)
    assert end.code in case.ends
    assert (end.worked < (LONGEST if len(end.children) == 1 else LONGEST_SEEN), end.within) == (True, True)
    assert end.grown < MOST_MEMORY
    assert left_over() == before or not before[0]
    assert (ears.heard(), SECRET in end.said) == (False, False)
    if end.reading is None:
        assert (end.said.endswith((".", ")")), " " in end.said, str(lure.canary) in end.said) == (True, True, False)
    else:
        true, found = honest(_kind(data)), accepted(end.reading)
        assert [path for path, value in found.items() if value != true[path]] == []
        assert len(found) >= len(true) - _DAMAGED or name in SHOWN_OTHERWISE


def test_the_lures_would_be_seen(ears: Ears) -> None:
    """A knock on either server is heard: silence above means something."""
    address = ears.tcp.getsockname()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.sendto(b"x", address)
    assert select.select([ears.udp], [], [], 2.0)[0] == [ears.udp]
    ears.udp.recv(16)
    socket.create_connection(address).close()
    assert select.select([ears.tcp], [], [], 2.0)[0] == [ears.tcp]
    ears.tcp.accept()[0].close()
    assert not ears.heard()


@pytest.mark.parametrize("name", [name for name in CASES if name.startswith("value: ")])
def test_an_instruction_in_a_value_stays_words(
    name: str, ears: Ears, lure: Lure, end_of: Callable[[bytes, bool], End]
) -> None:
    """Nothing is computed: what is read has the letters that were written, or is doubted."""
    end = end_of(CASES[name].build(lure), False)  # noqa: FBT003 -- without layouts
    assert (end.code, ears.heard()) == (READ, False)
    written = {_letters(text) for text in hostile_other.INSTRUCTIONS}
    texts = [text for entry in end.reading.fields if not entry.doubt for text in _texts(entry.value)]
    computed = [text for text in texts if "49" in text or "uid=" in text or "xxxxxxxxx" in text]
    changed = [text for text in texts if set(text) & set("{}<>=$%|`") and _letters(text) not in written]
    assert texts or any(entry.doubt for entry in end.reading.fields)
    assert (computed, changed) == ([], [])


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())  # names and addresses are tidied


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [text for one in value for text in _texts(one)] if isinstance(value, list) else []
