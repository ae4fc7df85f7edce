"""Put the screens of docs/guide-scolarite.md into docs/images/guide (``make guide``).

The tests of every page leave them in .cache/screens; here they are cut, made smaller and given few colours.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parent.parent
SCREENS = ROOT / ".cache" / "screens"
GUIDE = ROOT / "docs" / "guide-scolarite.md"
PLACE = ROOT / "docs" / "images" / "guide"
MOST = 60_000  # bytes of one picture
_WIDTH = 900
_COLOURS = (64, 32, 24, 16, 12, 8)


@dataclass(frozen=True)
class Cut:
    """A screen that the tests leave, and what of it is shown: so many rows, what stands right of ``left``."""

    screen: str
    rows: int = 900
    left: int = 0
    top: int = 0


PICTURES = {
    "accueil": Cut("a-decider-bureau", 1000),
    "accueil-telephone": Cut("a-decider-telephone", 1180),
    "doute": Cut("dossier-en-doute-bureau", 960),
    "constats": Cut("dossier-renvoye-bureau", 960, left=668, top=150),
    "lien": Cut("lien-pret-bureau"),
    "avis": Cut("lien-ouvert-bureau", 560),
    "liasse": Cut("liasse-a-prendre-bureau", 860),
    "promotion": Cut("promotion-bilan-bureau", 1200),
    "a-faire": Cut("jour-bureau"),
    "vie": Cut("vie-en-cours-bureau", 1150),
}


def reduced(screen: Image.Image, cut: Cut) -> bytes:
    """A PNG of that part of a screen, no wider than a page of text, with as many colours as ``MOST`` lets it."""
    box = (cut.left, cut.top, screen.width, min(cut.top + cut.rows, screen.height))
    shown = screen.convert("RGB").crop(box)
    if shown.width > _WIDTH:
        shown = shown.resize((_WIDTH, round(shown.height * _WIDTH / shown.width)), Image.Resampling.LANCZOS)
    for colours in _COLOURS:
        made = io.BytesIO()
        shown.quantize(colours, dither=Image.Dither.NONE).save(made, "PNG", optimize=True)
        if made.tell() <= MOST:
            return made.getvalue()
    raise SystemExit(f"a picture of {shown.size} stays above {MOST} bytes: show fewer rows")


def main() -> None:
    """Write each picture."""
    PLACE.mkdir(parents=True, exist_ok=True)
    for name, cut in PICTURES.items():
        with Image.open(SCREENS / f"{cut.screen}.png") as screen:
            (PLACE / f"{name}.png").write_bytes(reduced(screen, cut))


if __name__ == "__main__":
    main()
