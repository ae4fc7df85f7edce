"""Build of the wheel and of the source archive: flit's, with ``templates/`` and ``schemas/`` inside the package.

``liasse init`` lays them in a workspace. In the clone they stand at the root, where people read and change them. The
samples are in it too, for ``liasse serve --demo``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flit_core import buildapi
from flit_core.buildapi import (
    build_editable,
    build_sdist,
    get_requires_for_build_editable,
    get_requires_for_build_sdist,
    get_requires_for_build_wheel,
    prepare_metadata_for_build_editable,
    prepare_metadata_for_build_wheel,
)
from flit_core.wheel import WheelBuilder

__all__ = [
    "build_editable",
    "build_sdist",
    "build_wheel",
    "get_requires_for_build_editable",
    "get_requires_for_build_sdist",
    "get_requires_for_build_wheel",
    "prepare_metadata_for_build_editable",
    "prepare_metadata_for_build_wheel",
]
SHIPPED = {"templates": "templates", "schemas": "schemas", "tests/samples": "samples"}


class _Builder(WheelBuilder):
    """A wheel whose package holds ``shipped/``."""

    def copy_module(self) -> None:
        """Add the package, then what it needs beside its code."""
        super().copy_module()
        root = Path(self.directory)
        for name, inside in SHIPPED.items():
            for path in sorted((root / name).rglob("*")):
                if path.is_file() and not path.name.startswith((".", "~$")):
                    self._add_file(path, f"pipeline/shipped/{inside}/{path.relative_to(root / name).as_posix()}")


def build_wheel(
    wheel_directory: str, config_settings: dict[str, Any] | None = None, metadata_directory: str | None = None
) -> str:
    """Write the wheel into that folder; returns its name (PEP 517)."""
    del config_settings, metadata_directory
    work = Path(wheel_directory, ".wheel")
    with work.open("w+b") as file:
        builder = _Builder.from_ini_path(Path(buildapi.pyproj_toml).absolute(), file)
        builder.build()
    work.rename(work.with_name(builder.wheel_filename))
    return str(builder.wheel_filename)
