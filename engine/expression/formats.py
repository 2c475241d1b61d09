"""Formats for TEXT: a small part of Excel's (`0.00`, `#,##0.00`, `0.0%`, `yyyy-mm-dd`, `m月d日`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from engine.expression.rounding import half_away


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """How a number is written: text before and after, thousands separators, decimals, percent."""

    before: str
    thousands: bool
    decimals: int
    percent: bool
    after: str


@dataclass(frozen=True, slots=True)
class DateFormat:
    """How a date is written: pieces, each a token (`yyyy`, `mm`, …, `mi`) or, in quotes, plain text."""

    parts: tuple[str, ...]


_NUMBER = re.compile(r"([^0#,.%ymdhs]{0,8})(#,##)?0(?:\.(0{1,10}))?(%?)([^0#,.%ymdhs]{0,8})")
_DATE = re.compile(r"yyyy|mm|m|dd|d|hh|ss|[^0#,.%ymdhs]+|[.,]")
_TOKENS = {"yyyy", "mm", "m", "dd", "d", "hh", "ss", "mi"}


@lru_cache(maxsize=512)
def read_format(text: str) -> NumberFormat | DateFormat | None:
    """Return the format that *text* writes down, or None where it is none."""
    if found := _NUMBER.fullmatch(text):
        before, thousands, decimals, percent, after = found.groups()
        return NumberFormat(before, bool(thousands), len(decimals or ""), bool(percent), after)
    parts = _DATE.findall(text)
    if len(text) > 30 or "".join(parts) != text or not _TOKENS & set(parts):
        return None
    last = ""
    for index, part in enumerate(parts):
        if part == "mm" and last == "hh":
            parts[index] = "mi"
        last = parts[index] if parts[index] in _TOKENS else last
    return DateFormat(tuple(part if part in _TOKENS else f'"{part}' for part in parts))


def write_number(value: float, form: NumberFormat) -> str | None:
    """Return *value* in *form*, rounded half away from zero; None where it has more digits than a double keeps (2^52)."""
    scaled = half_away(value * 100 if form.percent else value, form.decimals)
    if not abs(scaled) * 10.0**form.decimals < 2.0**52:
        return None
    written = f"{abs(scaled):{',' if form.thousands else ''}.{form.decimals}f}"
    sign = "-" if scaled < 0 else ""
    return f"{sign}{form.before}{written}{'%' if form.percent else ''}{form.after}"


def write_date(value: date | datetime, form: DateFormat) -> str:
    """Return a date or local datetime in *form*; hours, minutes and seconds of a date are 00."""
    clock = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)  # noqa: DTZ001 local
    written = {
        "yyyy": f"{clock.year:04}", "mm": f"{clock.month:02}", "m": str(clock.month), "dd": f"{clock.day:02}",
        "d": str(clock.day), "hh": f"{clock.hour:02}", "mi": f"{clock.minute:02}", "ss": f"{clock.second:02}",
    }  # fmt: skip
    return "".join(part[1:] if part.startswith('"') else written[part] for part in form.parts)


def plain(value: float) -> str | None:
    """Return the shortest decimal text of *value*, without exponent: 1, 0.1, 10000000000000000; None from 10^38 on."""
    size = abs(value)
    if value == 0:
        return "0"
    if size >= 1e16:
        return f"{value:.0f}" if size < 1e38 else None
    if size >= 1e-4:
        return repr(value).removesuffix(".0")
    text = f"{value:.15f}".rstrip("0")
    return "0" if text in {"0.", "-0."} else text
