"""Files that are on the disk when a call returns, many at once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipeline.storage import durable


def test_files_and_names_are_all_asked_of_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file and every folder that holds one is synced; the bytes are there, for the owner's eyes."""
    files = {"liasse.pdf": b"%PDF" * 50_000, "pieces/01.pdf": b"one", "pieces/02.docx": b""}
    synced: list[Path] = []
    real = os.fsync

    def sync(number: int) -> None:
        synced.append(Path(f"/proc/self/fd/{number}").readlink())
        real(number)

    monkeypatch.setattr(os, "fsync", sync)

    durable.write_folder(tmp_path, files)

    assert {name: (tmp_path / name).read_bytes() for name in files} == files
    assert set(synced) == {tmp_path, tmp_path / "pieces", *(tmp_path / name for name in files)}
    assert {(tmp_path / name).stat().st_mode & 0o777 for name in files} == {0o600}


def test_a_disk_that_refuses_is_heard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error of one thread is the call's, and no descriptor stays open."""

    def refuse(_number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 -- descriptors, not paths

    with pytest.raises(OSError, match="No space left"):
        durable.write_folder(tmp_path, {"a": b"a", "b/c": b"c"})

    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    """Also a link: nothing is followed out of the folder."""
    (tmp_path / "a").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(FileExistsError):
        durable.write_folder(tmp_path, {"a": b"a"})

    assert not (tmp_path / "elsewhere").exists()
