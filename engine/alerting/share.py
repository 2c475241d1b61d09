"""How sales that are known for a product only are shared among its places: as a whole, by fixed parts, by shipments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.alerting.grain import SHIPMENT_DAYS, SHIPMENTS
from engine.alerting.subject import Subject
from engine.expression import check, parse
from engine.expression.typed import InputCall
from engine.problems import DefinitionError, Problem


@dataclass(frozen=True)
class Share:
    """How a rule shares facts that have fewer keys than its table: its `share_by` and `shares`."""

    by: str | None = None
    parts: tuple[tuple[str, float], ...] = ()

    @classmethod
    def of(cls, rule: Mapping[str, Any]) -> Share:
        """Return what *rule* says."""
        return cls(rule.get("share_by"), tuple(sorted(rule.get("shares", {}).items())))


def fixed_share(shares: Mapping[str, float], place: str, text: str) -> str:
    """Return the SQL of a place's fixed part: *place* is the column, *text* how a text literal is written."""
    branches = "".join(
        f" WHEN {place} = {_text(name)} THEN CAST('{float(share)!r}' AS DOUBLE)" for name, share in shares.items()
    )
    return f"CASE{branches} ELSE CAST(NULL AS {text}) END" if branches else f"CAST(NULL AS {text})"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def shipments(subject: Subject, by: tuple[str, ...] | None) -> InputCall:
    """Return the call that adds up the shipments of the last 28 days, by all keys or by *by*.

    Raises:
        DefinitionError: there is no table of shipments by day.
    """
    table = next((name for name in SHIPMENTS if name in subject.facts), None)
    if table is None:
        message = "按近期出库分摊需要出库表 shipment(sku、warehouse、date、quantity)"
        message_en = "sharing by recent shipments needs a table shipment (sku, warehouse, date, quantity)"
        raise DefinitionError([Problem("$.share_by", message, "", message_en)])
    option = f", by='{','.join(by)}'" if by else ""
    typed, problems = check(parse(f"sum_over({table}.quantity, {SHIPMENT_DAYS}{option})"), subject.scope)
    if problems:
        raise DefinitionError(problems)
    return typed.series_calls()[0]
