"""Compiled layouts are kept: an unchanged one costs no work, a changed or damaged one is compiled again."""

from __future__ import annotations

import json
import pickle
import shutil
from collections import Counter
from pathlib import Path

import pytest

from pipeline.blanks import compiling, layout_cache
from pipeline.core.fields import Dictionary
from pipeline.forms.layouts import Layout, load_layout
from pipeline.reading.alignment import Compiled
from pipeline.reading.streams import docx, pdf

LAYOUTS = Path(__file__).parent.parent / "layouts"
NAMES = ("pointilles", "champs")  # a Word blank that is printed, a PDF with fields


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory, dictionary: Dictionary) -> Path:
    """A memory in which the layouts are kept, printed by LibreOffice once for all these tests."""
    memory = tmp_path_factory.mktemp("memory")
    layout_cache.compile_layouts(layouts(), dictionary, memory)
    return memory


@pytest.fixture
def memory(printed: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(printed, tmp_path / "memory"))


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often a layout was compiled, a Word file or a page parsed, a blank printed."""
    done: Counter[str] = Counter()
    places = (
        (compiling, "compile_layout"),
        (compiling, "docx_stream"),
        (compiling, "read_pages"),
        (docx, "parse_xml"),
        (pdf, "read_pages"),
        (layout_cache, "convert"),
    )
    for module, name in places:
        real = getattr(module, name)

        def counted(*given: object, _real: object = real, _name: str = name, **more: object) -> object:
            done[_name] += 1
            return _real(*given, **more)  # type: ignore[operator]

        monkeypatch.setattr(module, name, counted)
    return done


def layouts(root: Path = LAYOUTS) -> list[Layout]:
    """The layouts from their files."""
    return [load_layout(root / name) for name in NAMES]


def same(one: Compiled, other: Compiled) -> bool:
    """Whether two compiled layouts read alike."""
    parts = ((each.word, each.printed, each.names, each.trust, each.zones) for each in (one, other))
    return next(parts) == next(parts)


def kept(memory: Path, layout: Layout) -> Path:
    """The file of a layout."""
    return memory / "layouts" / f"{layout.sha256}.json"


def test_unchanged_layouts_cost_no_work(memory: Path, dictionary: Dictionary, work: Counter[str]) -> None:
    """Nothing is printed, opened or compiled; what comes from the file is what was compiled, part for part."""
    ready = layout_cache.compile_layouts(layouts(), dictionary, memory)
    assert not work
    assert not any("word" in vars(one) or "printed" in vars(one) for one in ready)  # nor made before it is asked for

    for layout in layouts():
        kept(memory, layout).unlink()
    fresh = layout_cache.compile_layouts(layouts(), dictionary, memory)

    assert work["compile_layout"] == len(NAMES)
    assert all(map(same, ready, fresh))


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:0],
        lambda data: data[: len(data) // 2],
        lambda data: data.replace(b"stagiaire.prenom", b"stagiaire.nomnom", 1),
        lambda data: data + b"\n{}",
        lambda data: b"\xff\xfe" + data,
        lambda data: b"[]\n\n" + data[:0],
        lambda data: (
            json.dumps({**json.loads(data.split(b"\n")[0]), "trust": 9}).encode() + data[data.index(b"\n") :]
        ),
        pickle.dumps,
    ],
    ids=["empty", "cut", "other", "longer", "no text", "no head", "no trust", "pickle"],
)
def test_a_damaged_file_is_compiled_again(
    damage: object, memory: Path, dictionary: Dictionary, work: Counter[str]
) -> None:
    """And written again as it was; the print, which is whole, is not made again."""
    layout = layouts()[0]
    place = kept(memory, layout)
    whole = place.read_bytes()
    place.write_bytes(damage(whole))  # type: ignore[operator]

    layout_cache.compile_layouts([layout], dictionary, memory)

    assert (work["compile_layout"], work["convert"]) == (1, 0)
    assert place.read_bytes() == whole


def test_what_decides_the_reading_is_in_the_fingerprint(
    memory: Path, dictionary: Dictionary, work: Counter[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Settings of the layout, its blank, the schema, our own version: each makes it compile again."""
    root = tmp_path / "layouts"
    for name in NAMES:
        shutil.copytree(LAYOUTS / name, root / name)
    fields = root / "champs"

    def again() -> int:
        before = work["compile_layout"]
        layout_cache.compile_layouts([load_layout(fields)], dictionary, memory)
        return work["compile_layout"] - before

    assert again() == 0
    settings = fields / "layout.toml"
    settings.write_text(settings.read_text().replace("organisme.ape", "ignorer"), encoding="utf-8")
    assert (again(), again()) == (1, 0)
    blank = fields / "formulaire.pdf"
    blank.write_bytes(blank.read_bytes() + b"\n")
    assert (again(), again()) == (1, 0)
    monkeypatch.setitem(dictionary.schema, "x-version", "another")  # type: ignore[arg-type]
    assert (again(), again()) == (1, 0)
    monkeypatch.setattr("pipeline.blanks.kept_templates.__version__", "another")
    assert (again(), again()) == (1, 0)


def test_a_file_that_cannot_be_written_is_no_error(dictionary: Dictionary, memory: Path) -> None:
    """The layouts are compiled all the same: a disk that is full or read-only only costs time."""
    layout = layouts()[1]
    kept(memory, layout).unlink()
    kept(memory, layout).mkdir()

    (ready,) = layout_cache.compile_layouts([layout], dictionary, memory)

    assert ready.printed is not None
    assert kept(memory, layout).is_dir()
