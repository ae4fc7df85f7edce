"""Removal of files and folders, durable: what was removed stays removed after a power cut."""

from __future__ import annotations

from pathlib import Path

from pipeline.storage.durable import disk_errors, sync_folder
from pipeline.storage.temporary import take_down


def remove(path: Path) -> None:
    """Remove a file or a folder, and have the disk forget its name; nothing when it is gone already.

    Raises HouseError, Transient where the disk refuses: what was begun is finished by the same command, run again.
    """
    with disk_errors(f"{path} cannot be removed", "Free space (df -h) or mend access, then run again."):
        if path.is_dir() and not path.is_symlink():
            take_down(path)
        elif path.is_symlink() or path.exists():
            path.unlink(missing_ok=True)
            sync_folder(path.parent)
