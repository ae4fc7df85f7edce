"""Lines on a grid as SVG, by hand: no library of plots is needed for one picture."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence

_WIDTH, _HEIGHT = 720, 320
_LEFT, _RIGHT, _TOP, _BOTTOM = 60, 20, 40, 50
_COLOURS = ("#0b5394", "#b45f06", "#38761d", "#741b47")
Points = Sequence[tuple[float, float]]


def svg(lines: Mapping[str, Points], *, title: str, across: str, up: str) -> str:
    """One line for each name, from zero to the largest number of each axis."""
    right = max(x for points in lines.values() for x, _ in points) or 1
    top = max(y for points in lines.values() for _, y in points) * 1.1 or 1
    drawn = [
        _grid(right, top),
        _text(_WIDTH / 2, 20, title, "middle", size=14),
        _text(_WIDTH / 2, _HEIGHT - 10, across, "middle"),
        _text(8, _TOP - 8, up, "start"),
    ]
    for number, (name, points) in enumerate(lines.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        path = " ".join(f"{_x(x, right):.1f},{_y(y, top):.1f}" for x, y in points)
        drawn.append(f'<polyline fill="none" stroke="{colour}" stroke-width="1.5" points="{path}"/>')
        drawn.append(_text(_WIDTH - _RIGHT, _TOP + 16 * (number + 1), name, "end", colour=colour))
    body = "\n".join(drawn)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif">\n'
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>\n{body}\n</svg>\n'
    )


def _grid(right: float, top: float) -> str:
    lines = []
    for part in range(5):
        y, x = _y(top * part / 4, top), _x(right * part / 4, right)
        lines.append(
            f'<path d="M{_LEFT} {y:.1f}H{_WIDTH - _RIGHT}M{x:.1f} {_TOP}V{_HEIGHT - _BOTTOM}" stroke="#ddd"/>'
        )
        lines.append(_text(_LEFT - 6, y + 4, f"{top * part / 4:.0f}", "end"))
        lines.append(_text(x, _HEIGHT - _BOTTOM + 16, f"{right * part / 4:.0f}", "middle"))
    return "\n".join(lines)


def _x(value: float, right: float) -> float:
    return _LEFT + (_WIDTH - _LEFT - _RIGHT) * value / right


def _y(value: float, top: float) -> float:
    return _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * value / top


def _text(x: float, y: float, text: str, anchor: str, *, size: int = 12, colour: str = "#333") -> str:
    said = html.escape(text)
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{colour}">{said}</text>'
