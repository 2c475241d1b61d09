"""What stock is worth: weighted average cost, perpetual (after every receipt) or periodic (once a month). Pure, exact.

Values are whole cents. One average a SKU over all warehouses, goods in transfer included, so that moving stock between
warehouses changes no cost. Where the last unit leaves, what is left of the value leaves with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

# What brings goods at a price of their own; everything else moves at the average.
BOUGHT: Final = frozenset({"receipt", "receive", "arrive"})
MOVED: Final = frozenset({"transfer_out", "transfer_in"})
SILENT: Final = frozenset({"order", "cancel", "ship", "reserve", "release", "transfer_sent"})
LOST_ON_THE_WAY: Final = "lost"
CENT: Final = Decimal("0.01")


@dataclass(slots=True)
class Worth:
    """Units and value of one SKU."""

    units: Decimal = Decimal(0)
    value: Decimal = Decimal(0)

    @property
    def average(self) -> Decimal:
        """Cost of a unit; 0 when there is none."""
        return self.value / self.units if self.units > 0 else Decimal(0)


@dataclass(frozen=True, slots=True)
class Valued:
    """One entry of the books: what moved, and its value.

    Args:
        entry: the ledger's entry.
        units: what came (+) or left (−) the stock that is owned; of a transfer the units moved.
        unit_cost: cost of a unit.
        amount: money, ≥ 0, whole cents.
    """

    entry: Mapping[str, Any]
    units: Decimal
    unit_cost: Decimal
    amount: Decimal


def value_entries(
    entries: Iterable[Mapping[str, Any]], standard: Mapping[str, float], *, start: str, method: str = "perpetual"
) -> tuple[list[Valued], dict[str, Worth], dict[str, Worth]]:
    """Return the valued entries from day *start* on, what stock was worth before it, and what it is worth at the end.

    Args:
        entries: the ledger's entries, oldest first, from the very first.
        standard: SKU → cost of a unit where an entry (an opening, a gift) has none.
        start: first day of the period, ISO.
        method: `perpetual` or `periodic` (issues at the average of opening and all receipts of their month).
    """
    worth: dict[str, Worth] = {}
    opening: dict[str, Worth] = {}
    valued: list[Valued] = []
    months = _months(entries) if method == "periodic" else [("", list(entries))]
    for _, part in months:
        averages = _averages(part, worth, standard) if method == "periodic" else {}
        for entry in part:
            if not opening and entry["day"] >= start:
                opening = {sku: Worth(one.units, one.value) for sku, one in worth.items()}
                opening[""] = Worth()
            one = _value(entry, worth.setdefault(entry["sku"], Worth()), standard, averages.get(entry["sku"]))
            if one is not None and entry["day"] >= start:
                valued.append(one)
    if not opening:
        opening = {sku: Worth(one.units, one.value) for sku, one in worth.items()}
    opening.pop("", None)
    return valued, opening, worth


def _months(entries: Iterable[Mapping[str, Any]]) -> list[tuple[str, list[Mapping[str, Any]]]]:
    months: dict[str, list[Mapping[str, Any]]] = {}
    for entry in entries:
        months.setdefault(entry["day"][:7], []).append(entry)
    return sorted(months.items())


def _averages(
    part: Iterable[Mapping[str, Any]], worth: Mapping[str, Worth], standard: Mapping[str, float]
) -> dict[str, Decimal]:
    """Return the average cost of the month by SKU: (opening + receipts) in money over the same in units."""
    pool: dict[str, Worth] = {sku: Worth(one.units, one.value) for sku, one in worth.items()}
    for entry in part:
        units = _owned(entry)
        if units > 0 and (entry["kind"] in BOUGHT or entry["kind"] == "edit"):
            one = pool.setdefault(entry["sku"], Worth())
            one.units += units
            one.value += _cents(units * _price(entry, one.average, standard))
    return {sku: one.average for sku, one in pool.items()}


def _owned(entry: Mapping[str, Any]) -> Decimal:
    """Return what an entry adds to the stock that is owned: on hand, and goods moved between warehouses."""
    kind = entry["kind"]
    if kind in SILENT or kind in MOVED:
        return Decimal(0)
    return _number(entry["d_in_transit"] if kind == LOST_ON_THE_WAY else entry["d_on_hand"])


def _value(
    entry: Mapping[str, Any], worth: Worth, standard: Mapping[str, float], month: Decimal | None
) -> Valued | None:
    average = month if month is not None and month > 0 else worth.average
    if entry["kind"] in MOVED:
        units = abs(_number(entry["d_on_hand"]))
        return Valued(entry, units, average, _cents(units * average)) if units else None
    units = _owned(entry)
    if units == 0:
        return None
    cost = _price(entry, average, standard) if units > 0 else average
    amount = _cents(abs(units) * cost)
    if month is None and units < 0 and worth.units + units <= 0:
        amount = max(worth.value, Decimal(0))  # the last unit takes what is left, so that nothing is worth nothing
    worth.units += units
    worth.value += amount if units > 0 else -amount
    return Valued(entry, units, cost, amount)


def _price(entry: Mapping[str, Any], average: Decimal, standard: Mapping[str, float]) -> Decimal:
    """Return the cost of a unit that comes in: what it was bought for, else the average, else the standard cost."""
    if entry["kind"] in BOUGHT and entry.get("unit_cost") is not None:
        return _number(entry["unit_cost"])
    return average if average > 0 else _number(standard.get(entry["sku"]) or 0)


def _number(value: Any) -> Decimal:
    return Decimal(str(value or 0))


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)
