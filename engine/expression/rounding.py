"""Rounding on the decimal value of a double, by one formula of doubles that every reader can compute alike.

The formula compares with the double nearest to the decimal midpoint, so that 2.675 and 1.005 round as they read (and as
Excel does). Where the value has no digits left beyond the place asked for (from 2^52 units on) it stays as it is.
"""

from __future__ import annotations

import math

_WHOLE = 2.0**52


def _scale(digits: float) -> tuple[float, float]:
    """Return what a value is multiplied and divided by so that the place asked for becomes the unit."""
    return (10.0**digits, 1.0) if digits >= 0 else (1.0, 10.0**-digits)


def half_away(value: float, digits: float) -> float:
    """Return *value* to *digits* decimals (−15 … 15), halves away from zero."""
    times, over = _scale(digits)
    size = abs(value)
    units = size * times / over
    if units >= _WHOLE:
        return value
    low = math.floor(units)
    if size >= (low + 0.5) * over / times:
        low += 1
    return math.copysign(low * over / times, value)


def toward_zero(value: float, digits: float) -> float:
    """Return *value* cut to *digits* decimals."""
    times, over = _scale(digits)
    size = abs(value)
    units = size * times / over
    if units >= _WHOLE:
        return value
    return math.copysign(_whole_units(size, units, times, over) * over / times, value)


def away_from_zero(value: float, digits: float) -> float:
    """Return *value* to *digits* decimals, away from zero."""
    times, over = _scale(digits)
    size = abs(value)
    units = size * times / over
    if units >= _WHOLE:
        return value
    low = _whole_units(size, units, times, over)
    if low * over / times < size:
        low += 1
    return math.copysign(low * over / times, value)


def _whole_units(size: float, units: float, times: float, over: float) -> float:
    """Return the whole units in *size*; the product may be off by one where the decimal value is whole."""
    low = math.floor(units)
    if low * over / times > size:
        return low - 1
    return low + 1 if (low + 1) * over / times <= size else low


def multiples(value: float, step: float, *, up: bool) -> float | None:
    """Return the multiple of |step| next to *value*: upwards or downwards; None for a step of 0."""
    size = abs(step)
    if size == 0:
        return None
    quotient = value / size
    if math.isinf(quotient):
        return None
    nearest = math.floor(quotient + 0.5)
    if abs(quotient - nearest) <= abs(quotient) * 4.5e-16:
        count = float(nearest)
    else:
        count = float(math.ceil(quotient) if up else math.floor(quotient))
    inverse = 1 / size
    if size < 1 and inverse < _WHOLE:
        parts = math.floor(inverse + 0.5)
        if abs(inverse - parts) <= parts * 4.5e-16:
            return count / parts
    return count * size
