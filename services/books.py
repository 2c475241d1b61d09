"""The books of stock: valued entries and vouchers of a period, for finance."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.inventory.costing import Valued, Worth, value_entries
from engine.inventory.voucher import ACCOUNTS, ENTRIES, FIELDS, FORMATS, arranged, lines
from engine.problems import DefinitionError, Problem, did_you_mean
from services import ledger
from services.workspace import Workspace
from store import ledger as kept
from store import records, settings
from store.database import Session

SETTING = "books"
METHODS = ("perpetual", "periodic")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def journal(workspace: Workspace, *, since: str, until: str, method: str = "perpetual") -> dict[str, Any]:
    """Return the books from *since* to *until* (days, ISO): totals by kind, opening and closing by SKU, the balance.

    `balanced` says that opening + in − out = closing, to the cent.
    """
    valued, opening, closing = _valued(workspace, since, until, method)
    kinds: dict[str, dict[str, Any]] = {}
    change = Decimal(0)
    for one in valued:
        sign = 0 if one.entry["kind"] in {"transfer_out", "transfer_in"} else (1 if one.units > 0 else -1)
        change += sign * one.amount
        name = f"{one.entry['kind']}{'_out' if sign < 0 else ''}" if one.entry["kind"] == "edit" else one.entry["kind"]
        total = kinds.setdefault(name, {"kind": name, "units": 0.0, "amount": Decimal(0)})
        total["units"] += float(abs(one.units))
        total["amount"] += one.amount
    start, end = (sum((one.value for one in worth.values()), Decimal(0)) for worth in (opening, closing))
    return {
        "since": since, "until": until, "method": method, "entries": len(valued),
        "opening": float(start), "closing": float(end), "balanced": start + change == end,
        "kinds": [{**total, "amount": float(total["amount"])} for total in kinds.values()],
        "skus": _by_sku(workspace, opening, closing),
    }  # fmt: skip


def _by_sku(workspace: Workspace, opening: Mapping[str, Worth], closing: Mapping[str, Worth]) -> list[dict[str, Any]]:
    with workspace.read() as session:
        named = records.named(session, "sku", closing)
    none = Worth()
    rows = [
        {
            "sku": sku, "name": (named[sku].values.get("name") if sku in named else None) or sku,
            "opening_units": float(opening.get(sku, none).units), "opening": float(opening.get(sku, none).value),
            "units": float(worth.units), "unit_cost": float(round(worth.average, 4)), "value": float(worth.value),
        }
        for sku, worth in closing.items()
    ]  # fmt: skip
    return sorted(rows, key=lambda row: -row["value"])


def voucher_file(
    workspace: Workspace, *, since: str, until: str, method: str = "perpetual", layout: str = "csv"
) -> bytes:
    """Return the vouchers of the period as CSV (UTF-8 with BOM, so that Excel reads it) in the columns of *layout*."""
    layouts = formats(workspace)
    if layout not in layouts["formats"]:
        near = did_you_mean(layout, layouts["formats"])
        hint, hint_en = (f"是否想用“{near}”?", f"did you mean “{near}”?") if near else ("", "")
        raise DefinitionError([Problem("$.layout", f"没有凭证格式“{layout}”", hint, f"no format “{layout}”", hint_en)])
    valued, _, _ = _valued(workspace, since, until, method)
    out = io.StringIO()
    writer = csv.writer(out)
    rows = lines(valued, entries=layouts["entries"], accounts=layouts["accounts"])
    for row in arranged(rows, layouts["formats"][layout]):
        writer.writerow([f"'{text}" if text.startswith(_FORMULA) else text for text in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def formats(workspace: Workspace) -> dict[str, Any]:
    """Return the accounts, the (debit, credit) of each kind, and the columns of each format; users' own over ours."""
    with workspace.read() as session:
        own = settings.get(session, SETTING) or {}
    return {
        "entries": {kind: list(pair) for kind, pair in {**ENTRIES, **own.get("entries", {})}.items()},
        "accounts": {**ACCOUNTS, **own.get("accounts", {})},
        "formats": {**{name: dict(one) for name, one in FORMATS.items()}, **own.get("formats", {})},
        "fields": list(FIELDS),
    }


def set_formats(workspace: Workspace, *, values: Mapping[str, Any], user: str) -> dict[str, Any]:
    """Keep the workspace's own accounts, entries and formats.

    Raises:
        DefinitionError: a format names a field that vouchers do not have.
    """
    problems = []
    for layout, columns in values.get("formats", {}).items():
        for title, name in columns.items():
            if name not in FIELDS:
                near = did_you_mean(name, FIELDS)
                hint, hint_en = (f"是否想用“{near}”?", f"did you mean “{near}”?") if near else ("", "")
                text = f"凭证没有字段“{name}”"
                problems.append(Problem(f"$.formats.{layout}.{title}", text, hint, f"no field “{name}”", hint_en))
    if problems:
        raise DefinitionError(problems)
    kept_parts = {name: values[name] for name in ("entries", "accounts", "formats") if name in values}
    with workspace.write() as session:
        settings.put(session, SETTING, kept_parts, user=user, now=workspace.clock())
    return formats(workspace)


def _valued(
    workspace: Workspace, since: str, until: str, method: str
) -> tuple[list[Valued], dict[str, Worth], dict[str, Worth]]:
    problems = [
        Problem(f"$.{name}", f"不是日期:{day}", "写成 2026-11-25", f"not a date: {day}", "write 2026-11-25")
        for name, day in (("since", since), ("until", until))
        if not _is_day(day)
    ]
    if method not in METHODS:
        problems.append(
            Problem("$.method", f"没有计价方法“{method}”", "perpetual 或 periodic", f"no method “{method}”")
        )
    if problems:
        raise DefinitionError(problems)
    ledger.reconcile(workspace)
    with workspace.read() as session:
        entries = list(kept.until(session, until))
        standard = _standard(session, {entry["sku"] for entry in entries})
    return value_entries(entries, standard, start=since, method=method)


def _standard(session: Session, skus: set[str]) -> dict[str, float]:
    return {code: float(one.values.get("unit_cost") or 0) for code, one in records.named(session, "sku", skus).items()}


def _is_day(text: str) -> bool:
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
