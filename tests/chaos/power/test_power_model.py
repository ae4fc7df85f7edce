"""The model of a power cut: what may be left of a few operations, as the file systems' own papers say."""

from __future__ import annotations

from pathlib import Path

from power.interpret import Interpreter
from power.model import Count, FileSystem, states
from power.operations import ROOT, Bytes, Image, Mark, Names, Operation, Sync
from power.record import Recording
from power.syscalls import Descriptor, calls

WEAK, ORDERED = FileSystem.WEAK, FileSystem.ORDERED
OLD, NEW = b"old", b"new"


def left(system: FileSystem, *operations: Operation, told: bool = False) -> set[frozenset[tuple[str, bytes | None]]]:
    """What may be found after a cut, anywhere in these operations on a folder with ``a`` (1); 2 is a file to come.

    ``told``: only once something was told, which a mark says.
    """
    before = Image({ROOT: {"a": 1}}, {1: OLD}, {1: 0o600})
    after = before.copy()
    after.data[2], after.names[3] = b"", {}
    recording = Recording("a few", before, operations, after, {1: 0o600, 2: 0o600, 3: 0o700})
    found = states(recording, system, most=1000, seed=1, count=Count())
    return {
        frozenset((path, one.image.data.get(number)) for path, number in one.image.walk())
        for one in found
        if one.told or not told
    }


def disk(**files: bytes | None) -> frozenset[tuple[str, bytes | None]]:
    """A disk with these files, and folders that are ``None``."""
    return frozenset((name.replace("_", "/"), data) for name, data in files.items())


MADE, WRITTEN = Names(((ROOT, "b", 2),)), Bytes(2, 0, NEW)
RENAMED = Names(((ROOT, "b", None), (ROOT, "a", 2)))


def test_a_file_renamed_before_it_is_synced_may_be_empty() -> None:
    """The fault that most programs had; synced in between, the name holds the old bytes or the new."""
    for system in FileSystem:
        careless = left(system, MADE, WRITTEN, RENAMED)
        careful = left(system, MADE, WRITTEN, Sync(2, 2), RENAMED)

        assert disk(a=b"") in careless
        assert {dict(one)["a"] for one in careful} == {OLD, NEW}


def test_a_rename_is_whole_or_not_at_all() -> None:
    """And it is durable once its folder was synced, not before."""
    assert left(WEAK, MADE, WRITTEN, Sync(2, 2), RENAMED) == {
        *(disk(a=OLD), disk(a=OLD, b=NEW), disk(a=NEW)),
        *(disk(a=OLD, b=one) for one in (b"", b"\0\0\0", b"n")),
    }
    synced = (MADE, WRITTEN, Sync(2, 2), RENAMED, Sync(ROOT, 4), Mark(("said",)), Bytes(1, 0, b"x"))
    assert left(WEAK, *synced, told=True) == {disk(a=NEW)}


def test_a_folder_may_be_lost_with_all_that_was_synced_in_it() -> None:
    """Its own name must be synced too; ext4 writes all names at each sync."""
    operations = (Names(((ROOT, "c", 3),)), Names(((3, "d", 2),)), WRITTEN, Sync(2, 3), Sync(3, 4))
    last = (*operations, Sync(ROOT, 0))

    assert disk(a=OLD) in left(WEAK, *last)
    weak, ordered = left(WEAK, *operations, Sync(ROOT, 5)), left(ORDERED, *last)
    assert disk(a=OLD, c=None, c_d=NEW) in weak & ordered
    assert disk(a=OLD, c=None) in weak


def test_names_keep_their_order_on_ext4() -> None:
    """A later one is never there without an earlier one; by the weakest reading it may be."""
    operations = (Names(((ROOT, "b", 2),)), Names(((ROOT, "c", 3),)))

    assert disk(a=OLD, c=None) in left(WEAK, *operations)
    assert disk(a=OLD, c=None) not in left(ORDERED, *operations)


def test_an_end_may_be_torn_and_a_hole_is_zeros() -> None:
    """Two blocks added: none, the first, the second after a hole, a size without bytes; ext4 has no hole."""
    first, second = b"x" * 4096, b"y" * 4096
    operations = (MADE, Sync(ROOT, 1), Bytes(2, 0, first + second))

    weak = {dict(one).get("b") for one in left(WEAK, *operations)}
    ordered = {dict(one).get("b") for one in left(ORDERED, *operations)}

    assert {b"", first, first + second} <= weak & ordered
    assert {bytes(4096) + second, first + bytes(4096), bytes(8192)} <= weak
    assert not any(data and b"\0" in data for data in ordered)


def test_a_call_that_another_thread_interrupts_is_read_whole() -> None:
    """What began before others ended says so: a sync asks for what was written when it began."""
    name = b"/w/b".hex(" ").replace(" ", "\\x")
    lines = [
        f'1 openat(AT_FDCWD<\\x2f>, "\\x{name}", O_WRONLY|O_CREAT|O_EXCL, 0600) = 3<\\x{name}>',
        f"1 fsync(3<\\x{name}> <unfinished ...>",
        f'2 pwrite64(3<\\x{name}>, "\\x6e", 1, 0) = 1',
        "1 <... fsync resumed>) = 0",
        "1 +++ exited with 0 +++",
    ]

    opened, written, synced = calls(lines)

    assert opened.opened == Descriptor(3, "/w/b")
    assert (written.arguments[1], synced.began) == (b"n", 1)
    interpreter = Interpreter(Path("/w"), Image({ROOT: {}}))
    assert list(interpreter.operations(calls(lines))) == [Names(((ROOT, "b", 1),)), Bytes(1, 0, b"n"), Sync(1, 1)]
