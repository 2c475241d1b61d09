"""Signals from outside: taken in by file or API, kept by name, let into the forecast only where a backtest says so."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from engine.forecasting.signals import align, judge
from engine.forecasting.vintage import Vintage
from engine.problems import DefinitionError, Problem
from services.forecast_inputs import Inputs
from services.refusal import not_found
from services.workspace import Workspace

KEYS = ("sku", "category", "warehouse", "region", "channel")
_NAME = re.compile(r"^[a-z][a-z0-9_]{0,54}$")
MOST_ROWS = 1_000_000


def put(
    workspace: Workspace, *, name: str, rows: Iterable[Mapping[str, Any]], known_ahead: bool = True
) -> dict[str, Any]:
    """Take in values of a signal: date, value and optionally sku, category, warehouse, region, channel; new ones win.

    Raises:
        DefinitionError: the name or a row cannot be read; all problems at once.
    """
    problems: list[Problem] = []
    if not _NAME.match(name):
        problems.append(
            Problem(
                "$.name",
                "信号名用小写字母、数字和下划线",
                "例如 rain_mm",
                "a signal's name has lower-case letters, digits and underscores",
                "for example rain_mm",
            )
        )
    read = [_read(row, number, problems) for number, row in enumerate(rows)]
    if not read:
        problems.append(Problem("$.rows", "没有任何行", "", "there is not a single row"))
    if problems:
        raise DefinitionError(problems[:50])
    frame = pd.DataFrame([row for row in read if row is not None])
    path = _folder(workspace) / f"{name}.parquet"
    if path.exists():
        frame = pd.concat([pq.read_table(path).to_pandas(), frame], ignore_index=True)
    keys = [key for key in KEYS if key in frame.columns]
    frame = frame.drop_duplicates(subset=["date", *keys], keep="last").sort_values(["date", *keys], ignore_index=True)
    _write(path, frame, known_ahead=known_ahead)
    return _about(path)


def _read(row: Mapping[str, Any], number: int, problems: list[Problem]) -> dict[str, Any] | None:
    try:
        day = dt.date.fromisoformat(str(row.get("date", ""))[:10])
        value = float(row["value"])
    except (KeyError, OverflowError, TypeError, ValueError):
        problems.append(
            Problem(
                f"$.rows[{number}]", "每行要有日期 date 和数值 value", "", "a row needs a date and a number as value"
            )
        )
        return None
    if not np.isfinite(value):
        problems.append(Problem(f"$.rows[{number}].value", "数值无效", "", "the value is not a finite number"))
        return None
    return {"date": day, "value": value, **{key: str(row[key]) for key in KEYS if row.get(key) not in (None, "")}}


def _write(path: Path, frame: pd.DataFrame, *, known_ahead: bool) -> None:
    table = pa.Table.from_pandas(frame, preserve_index=False)
    table = table.replace_schema_metadata({b"known_ahead": b"1" if known_ahead else b"0"})
    draft = path.with_suffix(".draft")
    pq.write_table(table, draft, compression="zstd")
    draft.replace(path)


def list_(workspace: Workspace) -> list[dict[str, Any]]:
    """Return the signals that are kept: name, rows, first and last day, keys, known_ahead."""
    return [_about(path) for path in sorted(_folder(workspace).glob("*.parquet"))]


def remove(workspace: Workspace, *, name: str) -> None:
    """Forget a signal.

    Raises:
        Refused: there is none of this name.
    """
    path = _folder(workspace) / f"{name}.parquet"
    if not _NAME.match(name) or not path.exists():
        raise not_found("信号", "signal", name)
    path.unlink()


def _folder(workspace: Workspace) -> Path:
    return workspace.folder("signals")


def _about(path: Path) -> dict[str, Any]:
    table = pq.read_table(path, columns=["date"])
    schema = pq.read_schema(path)
    days = table["date"].to_pylist()
    return {
        "name": path.stem,
        "rows": table.num_rows,
        "from": min(days).isoformat(),
        "to": max(days).isoformat(),
        "keys": [key for key in KEYS if key in schema.names],
        "known_ahead": (schema.metadata or {}).get(b"known_ahead") != b"0",
    }


def apply(workspace: Workspace, made: Vintage, sales: pa.Table, inputs: Inputs) -> list[dict[str, Any]]:
    """Let every signal that a backtest speaks for into *made*; return what was found about each.

    Signals by category or region are written out for the items and warehouses that these hold.
    """
    found = []
    keys = list(made.keys.columns)
    for path in sorted(_folder(workspace).glob("*.parquet")):
        about = _about(path)
        frame = _written_out(pq.read_table(path).to_pandas(), inputs)
        days = align(sales, frame, inputs.day, made.steps["promotion"].shape[1], keys)
        effect, multiplier = judge(path.stem, days, known_ahead=about["known_ahead"])
        if effect.accepted:
            _multiply(made, days.groups, multiplier, [key for key in keys if key == "sku" or key in frame.columns])
        told = effect.as_dict()
        groups = told.pop("groups")
        told["groups"] = dict(sorted(groups.items(), key=lambda item: -abs(item[1]))[:20])
        found.append(told)
    return found


def _written_out(frame: pd.DataFrame, inputs: Inputs) -> pd.DataFrame:
    if "category" in frame.columns and len(inputs.items):
        items = inputs.items[["code", "category"]].rename(columns={"code": "sku"})
        frame = frame.drop(columns="sku", errors="ignore").merge(items, on="category").drop(columns="category")
    if "region" in frame.columns and inputs.regions:
        places = pd.DataFrame({"warehouse": list(inputs.regions), "region": list(inputs.regions.values())})
        frame = frame.drop(columns="warehouse", errors="ignore").merge(places, on="region").drop(columns="region")
    return frame


def _multiply(
    made: Vintage, groups: list[tuple[str, ...]], multiplier: np.ndarray[Any, np.dtype[np.float64]], by: list[str]
) -> None:
    places = {group: number for number, group in enumerate(groups)}
    wanted = list(zip(*(made.keys[name].astype(str) for name in by), strict=True))
    rows = np.array([places.get(group, -1) for group in wanted])
    factor = np.where(rows[:, None] >= 0, multiplier[rows], 1.0)
    for step in ("model", "promotion"):
        made.steps[step] *= factor
    made.day_quantiles *= factor[:, :, None]
