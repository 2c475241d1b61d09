"""What a rule that is being written would match now: how many records at which level, and some of them."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pyarrow.compute as pc

from engine.alerting.evaluation import Evaluation, evaluate
from engine.alerting.levels import level_names, order
from engine.alerting.prepare import ZONE
from engine.alerting.sentence import explanation


def matches(
    rule: Mapping[str, Any],
    tables: Any,
    *,
    now: dt.datetime,
    forms: Any = None,
    calendars: Any = None,
    zone: str = ZONE,
    sample: int = 20,
) -> dict[str, Any]:
    """Return what *rule* matches at *now*, nothing written anywhere.

    Args:
        rule: the definition, published or not.
        tables: as for `evaluate`.
        now: likewise.
        forms: likewise.
        calendars: likewise.
        zone: likewise.
        sample: how many records are shown, the gravest level first.

    Raises:
        DefinitionError: the rule is wrong.
    """
    found = evaluate(rule, tables, now=now, forms=forms, calendars=calendars, zone=zone)
    total = sum(one.count for one in found.unknown)
    reasons = [{"reason": one.reason, "reason_en": one.reason_en, "count": one.count} for one in found.unknown]
    return {
        "evaluation_day": found.day.isoformat(),
        "rows": sum(found.rows.values()),
        "seconds": found.seconds,
        "total": found.breaches.num_rows,
        "by_level": dict(Counter(found.breaches["level"].to_pylist())),
        "unknown": {"total": total, "reasons": reasons},
        "sample": _sample(rule, found, forms, sample),
    }


def _sample(rule: Mapping[str, Any], found: Evaluation, forms: Any, count: int) -> list[dict[str, Any]]:
    shown: list[dict[str, Any]] = []
    for level in reversed(order(level_names(rule))):
        rows = found.breaches.filter(pc.equal(found.breaches["level"], level)).slice(0, count - len(shown))
        for row in rows.to_pylist():
            values = json.loads(row["values"])
            shown.append(
                {
                    "keys": {key: row[key] for key in found.keys[row["rule"]]},
                    "level": level,
                    "values": [{"source": source, "value": value} for source, value in values.items()],
                    "explanation": explanation(rule, values, level, "zh", forms),
                    "explanation_en": explanation(rule, values, level, "en", forms),
                }
            )
    return shown
