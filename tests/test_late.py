"""Modules that come late: not executed until they are used, and then whole; what fails in them is seen."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

import pipeline
from pipeline.core import late

Write = Callable[[str, str], None]


@pytest.fixture
def trace(tmp_path: Path) -> Path:
    """Where the modules of a test say that they are executed."""
    return tmp_path / "trace.txt"


@pytest.fixture
def write(tmp_path: Path, trace: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Write]:
    """Writes a module of ours for one test: it says in the trace that it is executed, then does as told."""
    folder = tmp_path / "modules"
    folder.mkdir()
    monkeypatch.setattr(pipeline, "__path__", [*pipeline.__path__, str(folder)])
    written = []

    def module(name: str, body: str) -> None:
        written.append(name)
        said = f"with open({str(trace)!r}, 'a') as trace:\n    trace.write('{name} ')\n"
        (folder / f"{name}.py").write_text(f"{said}{body}\n")

    yield module
    for name in written:
        sys.modules.pop(f"pipeline.{name}", None)
        vars(pipeline).pop(name, None)


def executed(trace: Path) -> list[str]:
    """The modules that were executed, in order."""
    return trace.read_text().split() if trace.exists() else []


def imported(name: str) -> ModuleType:
    """A module of that test, imported."""
    return import_module(f"pipeline.{name}")


def test_a_module_is_executed_when_a_name_of_it_is_first_used(write: Write, trace: Path) -> None:
    """Imported, it is only known; used twice, it was executed once."""
    write("trial_one", "import math\nvalue = 7")
    module = imported("trial_one")
    assert module.__name__ == "pipeline.trial_one"
    assert (executed(trace), late.is_loaded("pipeline.trial_one")) == ([], False)

    assert (module.value, module.math.pi > 3, module.value) == (7, True, 7)

    assert (executed(trace), late.is_loaded("pipeline.trial_one")) == (["trial_one"], True)
    assert imported("trial_one") is module
    assert type(module) is ModuleType


def test_a_name_that_is_imported_from_it_executes_it_at_once(write: Write, trace: Path) -> None:
    """``from module import name`` asks for the name; the module that it uses comes late all the same."""
    write("trial_two", "from pipeline import trial_three\nvalue = 7")
    write("trial_three", "value = 8")
    scope: dict[str, int] = {}
    exec("from pipeline.trial_two import value", scope)  # noqa: S102 -- our own line
    assert scope["value"] == 7
    assert executed(trace) == ["trial_two"]

    assert imported("trial_two").trial_three.value == 8
    assert executed(trace) == ["trial_two", "trial_three"]


def test_two_modules_that_use_each_other_are_both_whole(write: Write) -> None:
    """Each knows the other as a module, and uses it when it is called."""
    write(
        "trial_ping", "from pipeline import trial_pong\nvalue = 1\ndef both():\n    return value + trial_pong.value"
    )
    write(
        "trial_pong", "from pipeline import trial_ping\nvalue = 2\ndef both():\n    return value + trial_ping.value"
    )

    assert (imported("trial_ping").both(), imported("trial_pong").both()) == (3, 3)


def test_load_executes_what_is_to_come_and_nothing_twice(write: Write, trace: Path) -> None:
    """In the order given; once more, it does nothing; a module that never came late is left."""
    write("trial_a", "")
    write("trial_b", "")
    modules = imported("trial_a"), imported("trial_b")
    assert executed(trace) == []

    for _ in range(2):
        late.load(*modules[::-1], sys)

    assert executed(trace) == ["trial_b", "trial_a"]


def test_a_module_that_failed_is_tried_again_at_the_next_use(write: Write, trace: Path, tmp_path: Path) -> None:
    """A file that was missing is there the second time: the same module object then works."""
    needed = tmp_path / "needed.txt"
    write("trial_needy", f"with open({str(needed)!r}) as needed:\n    value = needed.read()")
    module = imported("trial_needy")
    for _ in range(2):
        with pytest.raises(FileNotFoundError, match="needed"):
            _ = module.value
        assert not late.is_loaded("pipeline.trial_needy")

    needed.write_text("7")

    assert module.value == "7"
    assert executed(trace) == ["trial_needy"] * 3
    assert late.is_loaded("pipeline.trial_needy")


@pytest.mark.parametrize(
    ("body", "error", "said"),
    [
        ("raise ValueError('inside')", ValueError, "inside"),
        ("import nothing_of_that_name", ModuleNotFoundError, "nothing_of_that_name"),
        ("1 / 0", ZeroDivisionError, "division"),
        ("def (", SyntaxError, "trial_broken|invalid"),
        ("raise KeyboardInterrupt", KeyboardInterrupt, "^$"),
    ],
)
def test_an_error_inside_a_module_surfaces_as_itself(
    write: Write, body: str, error: type[BaseException], said: str
) -> None:
    """At its first use, by attribute, by ``from`` and by ``load``, each time."""
    write("trial_broken", body)
    module = imported("trial_broken")
    for use in (
        lambda: module.value,
        lambda: late.load(module),
        lambda: exec("from pipeline.trial_broken import value", {}),  # noqa: S102 -- our own line
    ):
        with pytest.raises(error, match=said):
            use()
        assert not late.is_loaded("pipeline.trial_broken")


def test_an_attribute_that_is_missing_inside_a_module_is_not_taken_for_a_name_that_it_lacks(write: Write) -> None:
    """Python would say « cannot import name », and hasattr « no »: the module's own fault would be hidden."""
    write("trial_hidden", "import math\nmath.nothing")
    module = imported("trial_hidden")
    for use in (
        lambda: module.value,
        lambda: hasattr(module, "value"),
        lambda: exec("from pipeline.trial_hidden import value", {}),  # noqa: S102 -- our own line
    ):
        with pytest.raises(ImportError, match=r"trial_hidden cannot be executed: .*'nothing'"):
            use()


def test_a_name_that_a_module_lacks_is_said_with_the_module(write: Write) -> None:
    """It was executed, and stays so."""
    write("trial_poor", "")
    module = imported("trial_poor")

    with pytest.raises(AttributeError, match=r"pipeline\.trial_poor.*'rich'"):
        _ = module.rich

    assert late.is_loaded("pipeline.trial_poor")


def test_what_is_not_ours_comes_at_once_unless_it_is_named() -> None:
    """Only our modules and the libraries named here come late; nobody else's import changes."""
    assert late._Finder.find_spec("json") is None
    assert late._Finder.find_spec("pipeline.__main__") is None
    assert late._Finder.find_spec("pipeline_of_others") is None
    assert not late.is_loaded("a_module_that_nobody_imported")
    for name in late.HEAVY - {"rapidocr"}:
        spec = late._Finder.find_spec(name)
        assert spec is not None
        assert isinstance(spec.loader, late._Loader), name


def test_no_part_of_a_library_that_comes_late_is_asked_for_before_it() -> None:
    """``jsonschema.exceptions`` first would be executed by halves: it is asked for by its own name."""
    files = Path(pipeline.__file__).parent.rglob("*.py")
    lines = [line.split() for path in files for line in path.read_text(encoding="utf-8").splitlines()]
    asked = {line[1] for line in lines if line[:1] in (["from"], ["import"])}
    parts = [name for name in asked if "." in name and name.partition(".")[0] in late.HEAVY]
    for name in parts:
        subprocess.run([sys.executable, "-c", f"import pipeline, {name}; vars({name})"], check=True)
    assert parts == ["pypdfium2.raw"]


def test_installed_twice_it_is_there_once() -> None:
    """Each import of the package asks for it."""
    late.install()
    late.install()

    assert [finder for finder in sys.meta_path if finder is late._Finder] == [late._Finder]


def test_threads_that_use_it_at_once_all_find_it_whole(write: Write, trace: Path) -> None:
    """One executes it, the others wait for the last line of it."""
    write("trial_slow", "import time\nfirst = 1\ntime.sleep(0.1)\nlast = 2")
    module = imported("trial_slow")

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: module.last, range(8)))

    assert found == [2] * 8
    assert executed(trace) == ["trial_slow"]
