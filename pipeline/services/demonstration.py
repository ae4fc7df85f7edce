"""Use case: a throw-away workspace with the sample forms and their invented school, for a first look."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.core import shipped
from pipeline.core.workspace import Workspace

_FORMS = (".pdf", ".docx")


@contextmanager
def demonstration() -> Iterator[Workspace]:
    """Within, a workspace whose inbox holds the samples; nothing of it is left afterwards. Raises HouseError."""
    samples = shipped.samples()
    with tempfile.TemporaryDirectory(prefix="liasse-demo-") as folder:
        root = Path(folder)
        for name, data in shipped.files(frozenset(shipped.formations())):
            place = root / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
        shutil.copytree(samples / "etablissement", root / "etablissement")
        for name in ("inbox", "outbox"):
            (root / name).mkdir(mode=0o700)
        for form in sorted(samples.iterdir()):
            if form.suffix in _FORMS:
                shutil.copyfile(form, root / "inbox" / form.name)
        yield Workspace.at(root)
