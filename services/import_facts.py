"""Order lines or day tables to daily facts: read, skipped, netted, one-off orders set apart, summed by key and day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from form_builder import FIELD_TYPES, RecordContext
from services.import_conditions import rows_where
from services.import_mapping import LARGEST_LINE, Mapped
from services.import_source import Parsed, Sheet, parse_column

Document = Mapping[str, Any]
# An order line is one-off when it is larger than both (specs: measured on wholesale lines and live streams).
OUTLIER = {"factor": 6.0, "at_least": 24.0}
_KEYS = ("sku", "warehouse", "channel", "date")
_SUMMED = ("quantity", "exceptional", "revenue")
_TYPES = {
    "text": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "money": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
}
_PROMOTION_FLAGS = {
    "1": "促销",
    "1.0": "促销",
    "true": "促销",
    "是": "促销",
    "0": None,
    "0.0": None,
    "false": None,
    "否": None,
}


@dataclass
class Built:
    """Facts ready to be appended, and what became of the rows.

    Args:
        table: the facts, one row a key and day.
        errors: `{row, column, message, message_en, value}`; rows are numbered as in the file.
        bad_rows: places (from 0) of the rows that could not be read.
        skipped: how many rows the mapping says to skip.
        notes: what was done to the data, in Chinese and English.
    """

    table: pa.Table
    errors: list[dict[str, Any]] = field(default_factory=list)
    bad_rows: set[int] = field(default_factory=set)
    skipped: int = 0
    notes: list[tuple[str, str]] = field(default_factory=list)


def build_facts(sheet: Sheet, mapped: Mapped, form: Document, context: RecordContext) -> Built:
    """Return the daily facts that *sheet* holds.

    Args:
        sheet: the file's table.
        mapped: which column is which field, and the preset's conditions.
        form: the facts form (`sales`).
        context: the workspace's zone; links are not looked up.
    """
    built = Built(pa.table({}))
    preset = mapped.preset
    skip = rows_where(sheet, preset.get("skip_when"), "$.skip_when") | _repeated(sheet, preset, built)
    frame = _frame(sheet, mapped, form, context, skip, built)
    _sign(frame, rows_where(sheet, preset.get("negative_when"), "$.negative_when"))
    _subtract(frame, sheet, preset, context)
    _set_apart(frame, rows_where(sheet, preset.get("exceptional_when"), "$.exceptional_when"), preset, built)
    keep = np.ones(sheet.rows, dtype=bool)
    keep[list(skip | built.bad_rows)] = False
    built.skipped = len(skip)
    days = _by_day(frame[keep], built)
    built.table = _as_table(days, form)
    return built


def _frame(
    sheet: Sheet, mapped: Mapped, form: Document, context: RecordContext, skip: set[int], built: Built
) -> pd.DataFrame:
    """Return the columns as read; what cannot be read, and rows without a key or a day, become errors."""
    fields = {one["key"]: one for one in form["fields"]}
    columns: dict[str, Any] = {}
    unread: dict[str, set[int]] = {}
    for key, name in mapped.columns.items():
        one = fields.get(key) or {"key": key, "type": "number", "label": name}
        parsed = _parsed(sheet.column(name), one, context)
        unread[key] = set(parsed.bad)
        _note_bad(sheet, parsed, name, one, skip, built)
        kind = FIELD_TYPES[one["type"]].column(one) or "text"
        values = parsed.arrow(_TYPES[kind]) if kind != "date" else _days(parsed)
        columns[key] = values.to_pandas() if kind != "integer" else values.to_pandas(integer_object_nulls=False)
    columns.update(mapped.constants)
    frame = pd.DataFrame(columns, index=range(sheet.rows))
    for key in ("sku", "date", "quantity"):
        one = fields[key]
        if key in frame and one.get("required"):
            empty = {int(row) for row in np.flatnonzero(frame[key].isna().to_numpy())}
            _note_empty(sheet, empty - unread.get(key, set()) - skip, mapped.columns.get(key, key), one, built)
    return frame


def _parsed(cells: Any, one: Document, context: RecordContext) -> Parsed:
    kind = FIELD_TYPES[one["type"]]
    if one["type"] == "date" and isinstance(cells, list):
        cells = [_day_part(cell) for cell in cells]
    if one["key"] == "promotion":
        return parse_column(cells, lambda cell: _PROMOTION_FLAGS.get(str(cell).strip().lower(), str(cell).strip()))
    return parse_column(cells, lambda cell: kind.read(cell, one, context))


def _day_part(cell: Any) -> Any:
    """Return the day of `2025-01-02 10:11:12`, so that a million moments are a few hundred distinct days."""
    if isinstance(cell, str) and len(cell) > 10 and cell[10] in " T" and cell[4] in "-/" and not cell.endswith("Z"):
        return cell[:10] if "+" not in cell else cell
    return cell


def _days(parsed: Parsed) -> pa.Array:
    values = [None if value is None else dt.date.fromisoformat(value) for value in parsed.distinct]
    return Parsed(values, parsed.places, {}).arrow(pa.date32())


def _note_bad(sheet: Sheet, parsed: Parsed, column: str, one: Document, skip: set[int], built: Built) -> None:
    label, label_en = one.get("label", one["key"]), one.get("label_en") or one.get("label", one["key"])
    for row, (cell, problem) in parsed.bad.items():
        if row in skip:
            continue
        built.bad_rows.add(row)
        built.errors.append(
            {
                "row": sheet.first_row + row,
                "column": column,
                "message": f"{label}:{problem.message}",
                "message_en": f"{label_en}: {problem.message_en}",
                "value": cell if isinstance(cell, str | int | float | bool) else str(cell),
            }
        )


def _note_empty(sheet: Sheet, rows: set[int], column: str, one: Document, built: Built) -> None:
    label, label_en = one.get("label", one["key"]), one.get("label_en") or one["key"]
    for row in sorted(rows):
        built.bad_rows.add(row)
        built.errors.append(
            {"row": sheet.first_row + row, "column": column, "message": f"{label}:必填", "message_en": f"{label_en}: is required", "value": None}
        )  # fmt: skip


def _repeated(sheet: Sheet, preset: Document, built: Built) -> set[int]:
    """Return the rows of an order export that repeat an earlier row cell by cell: exports overlap."""
    if not preset.get("order") or preset["order"] not in sheet.columns:
        return set()
    seen: set[tuple[Any, ...]] = set()
    repeated = set()
    for row, cells in enumerate(sheet.lines()):
        if cells in seen:
            repeated.add(row)
        seen.add(cells)
    if repeated:
        built.notes.append(
            (
                f"{len(repeated)} 行与前面的行完全相同,只计一次",
                f"{len(repeated)} rows repeat earlier ones and count once",
            )
        )
    return repeated


def _sign(frame: pd.DataFrame, negative: set[int]) -> None:
    if negative:
        rows = sorted(negative)
        for key in ("quantity", "revenue"):
            if key in frame:
                frame.loc[rows, key] = -frame.loc[rows, key].abs()


def _subtract(frame: pd.DataFrame, sheet: Sheet, preset: Document, context: RecordContext) -> None:
    """Take the columns of returned goods off, as the preset says."""
    for key, column in preset.get("subtract", {}).items():
        if key in frame and column in sheet.columns:
            less = _parsed(sheet.column(column), {"key": key, "type": "number", "label": column}, context)
            frame[key] = frame[key] - less.arrow(pa.float64()).to_pandas().fillna(0)


def _set_apart(frame: pd.DataFrame, tagged: set[int], preset: Document, built: Built) -> None:
    """Fill `exceptional`: what the file says, rows that are tagged, and order lines far beyond the SKU's usual."""
    if "exceptional" not in frame:
        frame["exceptional"] = 0
    frame["exceptional"] = frame["exceptional"].fillna(0)
    if tagged:
        rows = sorted(tagged)
        frame.loc[rows, "exceptional"] = frame.loc[rows, "quantity"]
    line = (
        frame[LARGEST_LINE] if LARGEST_LINE in frame else frame["quantity"] if preset.get("grain") == "lines" else None
    )
    if line is None or "sku" not in frame:
        return
    rule = OUTLIER | dict(preset.get("outlier", {}))
    usual = line.where(line > 0).groupby(frame["sku"]).transform("median")
    beyond = (line > rule["at_least"]) & (line > rule["factor"] * usual)
    one_off = line.clip(lower=0, upper=frame["quantity"].clip(lower=0))
    frame["exceptional"] = frame["exceptional"].where(~beyond | (frame["exceptional"] >= one_off), one_off)
    if count := int(beyond.sum()):
        rule_zh = f"单笔超过 {rule['at_least']:g} 件且超过该商品常见一笔的 {rule['factor']:g} 倍"
        rule_en = f"one order line above {rule['at_least']:g} and above {rule['factor']:g} × the SKU's median"
        built.notes.append((f"{count} 行记为异常销量({rule_zh})", f"{count} rows set apart as exceptional ({rule_en})"))


def _by_day(frame: pd.DataFrame, built: Built) -> pd.DataFrame:
    """Sum by key and day; a day on which more came back than was sold counts as zero."""
    if "price" not in frame and "revenue" in frame:
        frame = frame.assign(price=np.nan)
    keys = [key for key in _KEYS if key in frame]
    how: dict[str, Any] = {key: "sum" for key in _SUMMED if key in frame}
    how |= {key: "mean" for key in ("price",) if key in frame}
    how |= {key: "max" for key in ("promotion", "in_stock") if key in frame}
    rest = [str(key) for key in frame if key not in how and key not in keys and key != LARGEST_LINE]
    how |= dict.fromkeys(rest, "first")
    days = frame.groupby(keys, dropna=False, observed=True, sort=True).agg(how).reset_index()
    if len(days) < len(frame):
        built.notes.append(
            (f"{len(frame):,} 行合成 {len(days):,} 条日销量", f"{len(frame):,} rows make {len(days):,} daily facts")
        )
    minus = days["quantity"] < 0
    if int(minus.sum()):
        built.notes.append(
            (
                f"{int(minus.sum())} 天退货多于销售,按 0 计",
                f"on {int(minus.sum())} days more came back than was sold: counted as 0",
            )
        )
        days.loc[minus, "quantity"] = 0
    days["exceptional"] = days["exceptional"].clip(lower=0, upper=days["quantity"])
    if "revenue" in days and "price" in days:
        paid = days["revenue"] / days["quantity"].where(days["quantity"] > 0)
        days["price"] = days["price"].fillna(paid.round(4))
    return days


def _as_table(days: pd.DataFrame, form: Document) -> pa.Table:
    columns = {}
    for one in form["fields"]:
        key = one["key"]
        kind = _TYPES[FIELD_TYPES[one["type"]].column(one) or "text"]
        if key not in days:
            columns[key] = pa.nulls(len(days), kind)
            continue
        values = days[key]
        if pa.types.is_integer(kind):
            values = values.fillna(0).astype("int64")
        columns[key] = pa.Array.from_pandas(values, type=kind, safe=False)
    if "promotion" in columns and columns["promotion"].null_count == len(days):
        del columns["promotion"]
    if "in_stock" in columns and columns["in_stock"].null_count == len(days):
        columns["in_stock"] = pa.array(np.ones(len(days), dtype=bool))
    return pa.table(columns)
