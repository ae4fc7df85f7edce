"""Look at forged files with other programs than the product: whether each page shows what its technique claims.

``python tests/visible/look.py [--only WORD] [--seed 1] [--times 1]``: a line for each technique that claims too much.
"""

from __future__ import annotations

import argparse
import random
import sys

import library  # noqa: F401 -- enters every technique
from eyes import DRAWERS, eyes
from measure import chosen, say
from scenes import any_scene
from seen import Paper


def main() -> int:
    """Returns how many techniques are contradicted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--times", type=int, default=1)
    asked = parser.parse_args()
    lookers, wrong, looked = [eyes(name) for name in DRAWERS], set(), 0
    for technique in chosen(asked.only):
        if technique.paper is Paper.WORD:
            continue
        for time in range(asked.times):
            seed = asked.seed * 100_000 + time
            rng = random.Random(f"{technique.key} {seed}")  # noqa: S311 -- no secret
            scene = any_scene(rng, technique.suits)
            data = technique.make(scene, rng)
            for looker in lookers:
                said, looked = looker.contradiction(technique, scene, data), looked + 1
                if said:
                    wrong.add(technique.key)
                    say(f"{technique.key} {seed} ({technique.seen}) {scene.path}, {looker.drawer}: {said}")
    say(f"{looked} looks, {len(wrong)} techniques that claim too much")
    return len(wrong)


if __name__ == "__main__":
    sys.exit(main())
