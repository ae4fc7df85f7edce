"""Printing and the office scanner: LibreOffice, then 200-dpi grey pages a little askew, noisy and compressed."""

from __future__ import annotations

import io
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from champs import save_pdf
from PIL import Image, ImageFilter
from pypdf import PdfWriter

DPI = 200
HEAVIEST = 350_000  # bytes of a committed scan
_QUALITIES = (60, 50, 42, 35)
_EPOCH = time.gmtime(0)


def print_docx(files: Sequence[Path]) -> None:
    """Print each DOCX to the PDF beside it, in one run of LibreOffice."""
    with tempfile.TemporaryDirectory() as profile, tempfile.TemporaryDirectory() as out:
        for start in range(0, len(files), 20):
            same = {f"{number:03}": path for number, path in enumerate(files[start : start + 20])}
            for key, path in same.items():
                (Path(profile) / f"{key}.docx").write_bytes(path.read_bytes())
            sources = [str(Path(profile) / f"{key}.docx") for key in same]
            command = ["soffice", f"-env:UserInstallation=file://{profile}/lo", "--headless", "--convert-to", "pdf"]
            subprocess.run([*command, "--outdir", out, *sources], check=True, capture_output=True, timeout=300)
            for key, path in same.items():
                save_pdf(PdfWriter(clone_from=Path(out) / f"{key}.pdf"), path.with_suffix(".pdf"))


def flatten(source: Path, target: Path) -> None:
    """Print a PDF to a PDF: the fields become drawings and words."""
    subprocess.run(["pdftocairo", "-pdf", str(source), str(target)], check=True, capture_output=True, timeout=60)
    save_pdf(PdfWriter(clone_from=target), target)


def page_images(source: Path) -> list[Image.Image]:
    """The pages as the scanner's glass sees them, straight and clean."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["pdftoppm", "-r", str(DPI), "-gray", str(source), f"{folder}/p"]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        return [Image.open(io.BytesIO(page.read_bytes())).convert("L") for page in sorted(Path(folder).iterdir())]


def scan(source: Path, target: Path, seed: int, *, bilevel: bool = False) -> None:
    """A simulated scan of a PDF, grey or in black and white only; the same seed gives the same bytes."""
    chance = np.random.default_rng(seed)
    pages = [_askew(page, chance) for page in page_images(source)]
    if bilevel:
        save_images([page.point(lambda grey: 255 * (grey > 150), "1") for page in pages], target)
        return
    for quality in _QUALITIES:
        save_images(pages, target, quality)
        if target.stat().st_size <= HEAVIEST:
            return


def save_images(pages: Sequence[Image.Image], target: Path | io.BytesIO, quality: int | None = None) -> None:
    """Pages as one PDF of JPEG images, or of fax-like ones for black and white pages."""
    settings = {"quality": quality} if quality else {}  # black and white has none: it is not JPEG
    more = {"save_all": True, "append_images": list(pages[1:]), "creationDate": _EPOCH, "modDate": _EPOCH}
    pages[0].save(target, "PDF", resolution=DPI, **more, **settings)


def _askew(page: Image.Image, chance: np.random.Generator) -> Image.Image:
    angle = float(chance.uniform(-0.9, 0.9))
    shift = (int(chance.integers(-9, 10)), int(chance.integers(-9, 10)))
    turned = page.rotate(angle, Image.Resampling.BICUBIC, fillcolor=255, translate=shift)
    soft = np.asarray(turned.filter(ImageFilter.GaussianBlur(float(chance.uniform(0.4, 0.8)))), dtype=np.float32)
    paper = 18 + soft * ((float(chance.uniform(240, 250)) - 18) / 255)
    grain = chance.normal(0, 2.0, soft.shape)
    edges = (soft < 250) | (chance.random(soft.shape) < 0.004)  # blank paper stays clean: scanners do that too
    return Image.fromarray(np.clip(paper + grain * edges, 0, 255).astype(np.uint8))
