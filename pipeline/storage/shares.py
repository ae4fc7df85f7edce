"""Network share detection, by the kernel's list of mounts."""

from __future__ import annotations

import os
import re
from pathlib import Path

_SHARES = frozenset({"cifs", "smb3", "smbfs", "nfs", "nfs4", "9p", "afs", "ceph", "virtiofs", "vboxsf", "prl_fs"})
_MOUNTS = Path("/proc/self/mountinfo")
_ESCAPED = re.compile(r"\\([0-7]{3})")  # a space, a tab, a new line or a backslash in the name of a place


def is_share(folder: Path) -> bool:
    """Whether a folder lies on a network share, where events do not come and writing takes its time.

    Whatever is mounted through FUSE is taken for one: what stands behind it cannot be seen from here.
    """
    try:
        lines = os.fsdecode(_MOUNTS.read_bytes()).splitlines()
    except OSError:
        return False
    folder, place, kind = folder.resolve(), "", ""
    for line in lines:
        left, _, right = line.partition(" - ")
        mounted = _ESCAPED.sub(lambda found: chr(int(found[1], 8)), left.split(" ")[4])
        if folder.is_relative_to(mounted) and len(mounted) >= len(place):
            place, kind = mounted, right.split(" ")[0]
    return kind in _SHARES or kind.partition(".")[0] in {"fuse", "fuseblk"}
