"""Amounts of renminbi in capital numerals (大写金额)."""

from __future__ import annotations

import re

from engine.expression.rounding import half_away

DIGITS = "零壹贰叁肆伍陆柒捌玖"
UNITS = ("分", "角", "元", "拾", "佰", "仟", "万", "拾", "佰", "仟", "亿", "拾", "佰", "仟")
"""The unit behind each digit of the amount in cents, from the right."""
RULES = (
    ("零[拾佰仟]", "零"), ("零+", "零"), ("零亿", "亿"), ("零万", "万"), ("亿万", "亿零"), ("零+", "零"), ("零元", "元"),
    ("零角零分$", "整"), ("零分$", "整"), ("零角", "零"), ("^元零?", ""), ("^零+", ""), ("^整$", "零元整"),
)  # fmt: skip
"""What is rewritten, in this order, after every digit has been written with its unit."""


def rmb_upper(amount: float) -> str | None:
    """Return *amount* in capital numerals, to the cent; None from one trillion on."""
    cents = half_away(half_away(abs(amount), 2) * 100, 0)
    if cents >= 1e14:
        return None
    digits = f"{cents:.0f}"
    text = "".join(DIGITS[int(digit)] + UNITS[len(digits) - 1 - place] for place, digit in enumerate(digits))
    for pattern, replacement in RULES:
        text = re.sub(pattern, replacement, text)
    return f"负{text}" if amount < 0 and cents else text
