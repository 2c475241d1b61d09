"""Conditions over plain data: what a route matches, whether an action runs. Nothing is looked up, nothing is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from engine.expression import Context, evaluate, parse
from engine.problems import BeihuoError


def holds(source: str, data: Mapping[str, Any], now: dt.datetime | None = None) -> bool:
    """Say whether *source* is true for *data*; a condition that cannot be computed is not."""
    return value_of(source, data, now) is True


def value_of(source: str, data: Mapping[str, Any], now: dt.datetime | None = None) -> Any:
    """Return the value of *source* for *data*; null for what cannot be computed."""
    try:
        return evaluate(parse(source), data, Context(now=now) if now else None)
    except BeihuoError:
        return None
