"""The trade-off chart of policies as SVG: fill against days of stock, one line a policy; no drawing library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

from engine.replenishment.simulate import Outcome

WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT = 820, 480, 64, 56, 44, 250
# Okabe and Ito's colours: told apart by the colour-blind.
COLOURS = ("#999999", "#E69F00", "#56B4E9", "#009E73", "#0072B2", "#D55E00", "#CC79A7")
MOST_DAYS = 100.0
LEAST_FILL = 0.80


def trade_off(curves: Mapping[str, Sequence[Outcome]], title: str) -> str:
    """Return an SVG picture of *curves*: each policy's sweep, days of stock to the right, value fill upwards."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="13">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        f'<text x="{LEFT}" y="26" font-size="16">{escape(title)}</text>',
        *_axes(),
    ]
    for number, (name, outcomes) in enumerate(curves.items()):
        colour = COLOURS[number % len(COLOURS)]
        shown = sorted(
            (o for o in outcomes if o.stock_days <= MOST_DAYS and o.fill >= LEAST_FILL), key=lambda o: o.fill
        )
        points = " ".join(f"{_x(o.stock_days):.1f},{_y(o.fill):.1f}" for o in shown)
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2.5"/>')
        parts += [f'<circle cx="{_x(o.stock_days):.1f}" cy="{_y(o.fill):.1f}" r="3" fill="{colour}"/>' for o in shown]
        height = TOP + 16 + 22 * number
        parts.append(f'<rect x="{WIDTH - RIGHT + 14}" y="{height - 9}" width="14" height="4" fill="{colour}"/>')
        parts.append(f'<text x="{WIDTH - RIGHT + 34}" y="{height - 2}">{escape(name)}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def _x(days: float) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * days / MOST_DAYS


def _y(fill: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * (fill - LEAST_FILL) / (1 - LEAST_FILL)


def _axes() -> list[str]:
    parts = []
    for fill in (0.80, 0.85, 0.90, 0.95, 1.0):
        line = f'x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{_y(fill):.1f}" y2="{_y(fill):.1f}"'
        parts.append(f'<line {line} stroke="{"#888" if fill == LEAST_FILL else "#ddd"}"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{_y(fill) + 4:.1f}" text-anchor="end">{100 * fill:.0f} %</text>')
    parts.extend(
        f'<text x="{_x(days):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{days}</text>'
        for days in range(0, int(MOST_DAYS) + 1, 20)
    )
    parts.append(f'<text x="{LEFT}" y="{HEIGHT - 14}">库存天数 / days of stock →　　金额满足率 ↑ / value fill ↑</text>')
    return parts
