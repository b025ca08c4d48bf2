"""Small charts as inline SVG: they need no script, take their colours from the page, and say in words what they show.

Spec: https://www.w3.org/TR/SVG2/ (1.1 is enough)
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import ceil
from typing import Final, NamedTuple

from feedbuilder.report.distribution import Bar

_WIDTH: Final = 360
_LEFT, _RIGHT, _TOP, _BOTTOM = 34, 8, 18, 24
_PLOT_HEIGHT: Final = 130
_LETTER: Final = 6.1
"""How wide a letter of a label is."""
_DIGIT: Final = 5.6
_MIN_COUNTED: Final = 22
"""From how wide a step on each column carries its number."""
_ROW: Final = 26
_NAME: Final = 92


class Row(NamedTuple):
    """How many of how many."""

    label: str
    size: int
    total: int

    @property
    def percent(self) -> int:
        """The share, rounded down, so that 100 means all."""
        return self.size * 100 // self.total if self.total else 0


def columns(name: str, title: str, told: str, bars: Sequence[Bar], *, marked_from: int | None = None) -> str:
    """Return upright bars; those from `marked_from` on have another colour. `name` is unique on the page."""
    top = nice_top(max((bar.size for bar in bars), default=0))
    plot_width = _WIDTH - _LEFT - _RIGHT
    step = plot_width / max(len(bars), 1)
    width = min(step * 0.78, 34)
    has_room = max((len(f"{bar.size:,}") for bar in bars), default=0) * _DIGIT <= step
    parts = [_grid(top)]
    for place, bar in enumerate(bars):
        height = bar.size / top * _PLOT_HEIGHT
        x, y = _LEFT + step * (place + 0.5), _TOP + _PLOT_HEIGHT - height
        if bar.size:
            kind = "bar marked" if marked_from is not None and place >= marked_from else "bar"
            shape = _rising(x - width / 2, y, width, height)
            parts.append(f'<path class="{kind}" d="{shape}"><title>{escape(bar.label)}: {bar.size:,}</title></path>')
        if bar.size and has_room and step >= _MIN_COUNTED:
            parts.append(f'<text class="count" x="{x:.1f}" y="{y - 5:.1f}" text-anchor="middle">{bar.size:,}</text>')
    parts += _labels([bar.label for bar in bars], step)
    return _svg(name, title, told, _TOP + _PLOT_HEIGHT + _BOTTOM, parts)


def rows(name: str, title: str, told: str, shares: Sequence[Row]) -> str:
    """Return lying bars, each of a whole."""
    room = _WIDTH - _NAME - 62
    parts: list[str] = []
    for place, row in enumerate(shares):
        y = place * _ROW + 6
        length = room * row.size / row.total if row.total else 0
        parts.append(f'<text x="0" y="{y + 11}">{escape(row.label)}</text>')
        parts.append(f'<rect class="rest" x="{_NAME}" y="{y}" width="{room}" height="14" rx="3"/>')
        if row.size:
            parts.append(f'<rect class="bar" x="{_NAME}" y="{y}" width="{max(length, 3):.1f}" height="14" rx="3"/>')
        share = f"{row.percent} %" if row.total else "–"
        parts.append(f'<text class="count" x="{_WIDTH}" y="{y + 11}" text-anchor="end">{share}</text>')
    return _svg(name, title, told, len(shares) * _ROW + 4, parts)


def nice_top(most: int) -> int:
    """Return a round number, even where it can be halved, that nothing is above.

    >>> [nice_top(most) for most in (0, 1, 3, 7, 37, 120, 2500)]
    [1, 1, 4, 8, 40, 150, 3000]
    """
    if most <= 2:
        return max(most, 1)
    power = 1
    while most > power * 10:
        power *= 10
    if power == 1:
        return most + most % 2
    return next(top for tenth in (10, 15, 20, 30, 40, 50, 60, 80, 100) if (top := power * tenth // 10) >= most)


def _grid(top: int) -> str:
    marks = (0, top // 2, top) if top % 2 == 0 else (0, top)
    lines = []
    for mark in marks:
        y = _TOP + _PLOT_HEIGHT * (1 - mark / top)
        lines.append(f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        lines.append(f'<text class="mark" x="{_LEFT - 6}" y="{y + 3.5:.1f}" text-anchor="end">{_short(mark)}</text>')
    return "".join(lines)


def _short(number: int) -> str:
    return f"{number:,}" if number < 10_000 else f"{number / 1000:g}k"


def _rising(x: float, y: float, width: float, height: float) -> str:
    """Return a bar with round corners at its top."""
    radius = min(3, width / 2, height)
    return (
        f"M{x:.1f} {y + height:.1f}V{y + radius:.1f}q0 {-radius:.1f} {radius:.1f} {-radius:.1f}"
        f"h{width - 2 * radius:.1f}q{radius:.1f} 0 {radius:.1f} {radius:.1f}V{y + height:.1f}z"
    )


def _labels(names: Sequence[str], step: float) -> list[str]:
    """Return as many labels as there is room for, at even distances."""
    widest = max((len(name) for name in names), default=0) * _LETTER
    every = max(1, ceil((widest + 6) / step))
    y = _TOP + _PLOT_HEIGHT + 16
    placed = []
    for place in range(0, len(names), every):
        half = len(names[place]) * _LETTER / 2
        x = min(max(_LEFT + step * (place + 0.5), half), _WIDTH - half)
        placed.append(f'<text class="mark" x="{x:.1f}" y="{y}" text-anchor="middle">{escape(names[place])}</text>')
    return placed


def _svg(name: str, title: str, told: str, height: int, parts: Sequence[str]) -> str:
    return (
        f'<svg role="img" aria-labelledby="{name}-title {name}-told" viewBox="0 0 {_WIDTH} {height}">'
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-told">{escape(told)}</desc>'
        f"{''.join(parts)}</svg>"
    )
