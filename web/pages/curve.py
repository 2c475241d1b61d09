"""The curve of sales and stock as inline SVG: what happened, and where the threshold lies, at one glance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup, escape

WIDTH, HEIGHT, TOP, BOTTOM = 420.0, 150.0, 14.0, 22.0


def curve_svg(curve: Mapping[str, Any], words: Mapping[str, str]) -> Markup:
    """Return the SVG of *curve* (days, sales, stock, threshold, promotions, stockouts), or nothing for no days.

    Sales are bars on their own scale (they would vanish beside the stock), stock is the line, the threshold is dashed;
    days out of stock are shaded, promotions are a band at the top.
    """
    days: Sequence[str] = curve.get("days", [])
    if not days:
        return Markup()
    step = WIDTH / len(days)
    sales, stock, threshold = (_numbers(curve.get(name, []), len(days)) for name in ("sales", "stock", "threshold"))
    most_stock = max([value for value in stock + threshold if value is not None], default=1.0) or 1.0
    most_sales = max([value for value in sales if value is not None], default=1.0) or 1.0
    parts = [
        f'<svg viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" aria-label="{escape(words["curve"])}">',
        _shades(curve, days, step),
        f'<path d="{_bars(sales, step, most_sales * 1.6)}" fill="#c9d3df"/>',
        f'<path d="{_line(threshold, step, most_stock)}" fill="none" stroke="#d4380d" stroke-width="1.5" stroke-dasharray="5 4"/>',
        f'<path d="{_line(stock, step, most_stock)}" fill="none" stroke="#1668dc" stroke-width="2.2" stroke-linejoin="round"/>',
        f'<path d="M0 {HEIGHT - BOTTOM:g}H{WIDTH:g}" stroke="#cbd2d9"/>',
        _text(0, HEIGHT - 8, days[0], "start"),
        _text(WIDTH, HEIGHT - 8, days[-1], "end"),
        _text(WIDTH, TOP - 3, f"{words['stock']} ≤ {most_stock:g}", "end") if any(stock) else "",
        "</svg>",
    ]
    return Markup("".join(parts))  # noqa: S704 numbers and escaped words only


def legend(curve: Mapping[str, Any], words: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return (mark, word) for what the drawing of *curve* shows."""
    marks = (("s", "sales"), ("k", "stock"), ("t", "threshold"), ("o", "stockouts"))
    return [
        (mark, words["stockout" if name == "stockouts" else name])
        for mark, name in marks
        if any(value is not None for value in curve.get(name, []))
    ]


def _numbers(values: Sequence[Any], length: int) -> list[float | None]:
    found = [None if value is None else float(value) for value in values]
    return (found + [None] * length)[:length]


def _height(value: float, most: float) -> float:
    return HEIGHT - BOTTOM - max(value, 0.0) / most * (HEIGHT - BOTTOM - TOP)


def _bars(values: Sequence[float | None], step: float, most: float) -> str:
    floor = HEIGHT - BOTTOM
    width = max(step * 0.7, 1.0)
    return "".join(
        f"M{number * step + step * 0.15:.1f} {floor:g}V{_height(value, most):.1f}h{width:.1f}V{floor:g}z"
        for number, value in enumerate(values)
        if value
    )


def _line(values: Sequence[float | None], step: float, most: float) -> str:
    parts, pen = [], "M"
    for number, value in enumerate(values):
        if value is None:
            pen = "M"
            continue
        parts.append(f"{pen}{number * step + step / 2:.1f} {_height(value, most):.1f}")
        pen = "L"
    return "".join(parts)


def _shades(curve: Mapping[str, Any], days: Sequence[str], step: float) -> str:
    out = set(curve.get("stockouts", []))
    shades = [
        f'<rect x="{number * step:.1f}" y="{TOP:g}" width="{step:.1f}" height="{HEIGHT - BOTTOM - TOP:g}" fill="#fdecea"/>'
        for number, day in enumerate(days)
        if day in out
    ]
    for event in curve.get("promotions", []):
        inside = [number for number, day in enumerate(days) if event["from"] <= day <= event["to"]]
        if inside:
            width = (inside[-1] - inside[0] + 1) * step
            shades.append(
                f'<rect x="{inside[0] * step:.1f}" y="0" width="{width:.1f}" height="6" rx="3" fill="#faad14">'
                f"<title>{escape(event['name'])}</title></rect>"
            )
    return "".join(shades)


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" font-size="12" fill="#6b7280">{escape(words)}</text>'
