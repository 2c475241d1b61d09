"""Stored forecasts as others read them: totals for plans, the table of rules, days for pages.

A run's files lie in `forecasts/<run>`; the newest run that is done is what everybody reads, for as long as it is not
older than a week.
"""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from services.refusal import Refused
from services.workspace import Workspace
from store import forecasts
from store.forecasts import RunState

if TYPE_CHECKING:
    import pyarrow as pa

OLDEST = dt.timedelta(days=7)
LEVELS = (0.05, 0.1, 0.25, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.975, 0.99)
# What rules ask of forecasts; the words stand in their conditions, in English or in Chinese.
FUNCTIONS = {
    "forecast": "forecast", "预测": "forecast", "stockout_risk": "risk", "缺货风险": "risk", "safety_stock": "lead",
    "安全库存": "lead", "reorder_point": "lead", "补货点": "lead", "forecast_error": "error", "预测误差": "error",
    "bias": "error", "预测偏差": "error",
}  # fmt: skip
USUAL_HORIZONS = (1, 3, 7, 14, 28)
_CALL = re.compile(r"(\w+)\s*\(\s*(\d+)\s*(?:,\s*(0?\.\d+))?\s*\)")
# One vintage of every week stays for two years, and every one of the last five weeks.
KEPT_DAYS, KEPT_WEEKS = 35, 104


def folder_of(workspace: Workspace, run: int) -> Path:
    """Return the folder of a run's files."""
    return workspace.folder("forecasts") / str(run)


def newest(workspace: Workspace, day: dt.date | None = None) -> tuple[RunState, Path] | None:
    """Return the newest run that counts on *day* (today), with its folder; None when there is none of the last week."""
    on = day or workspace.today()
    with workspace.read() as session:
        run = forecasts.newest(session, until=on.isoformat())
    if run is None or on - dt.date.fromisoformat(run.day) > OLDEST:
        return None
    folder = folder_of(workspace, run.id)
    return (run, folder) if folder.is_dir() else None


def newest_or_refuse(workspace: Workspace) -> tuple[RunState, Path]:
    """Return the newest run, however old, with its folder.

    Raises:
        Refused: there is no forecast yet.
    """
    with workspace.read() as session:
        run = forecasts.newest(session)
    folder = folder_of(workspace, run.id) if run else None
    if run is None or folder is None or not folder.is_dir():
        raise Refused("not_found", "还没有预测,先运行一次", "there is no forecast yet: run one first")
    return run, folder


def totals(
    workspace: Workspace,
    *,
    days: int,
    levels: Sequence[float] = (0.5, 0.9, 0.95),
    keys: Iterable[tuple[str, str]] | None = None,
    day: dt.date | None = None,
) -> pa.Table | None:
    """Return sku, warehouse, mean and q… of the total of the *days* days from *day* (today), people's words in.

    None when no forecast of the last week is there. A series that the forecast does not reach has no row.
    """
    import pyarrow as pa  # noqa: PLC0415 only what reads forecasts needs the columnar libraries

    from engine.forecasting import archive  # noqa: PLC0415 likewise

    found = newest(workspace, day)
    if found is None:
        return None
    pairs = None if keys is None else list(keys)
    where = None if pairs is None else {"sku": sorted({sku for sku, _ in pairs})}
    frame = archive.totals(found[1], days, levels, where=where, since=day or workspace.today())
    if pairs is not None and "warehouse" in frame.columns:
        wanted = set(pairs)
        frame = frame[[pair in wanted for pair in zip(frame["sku"], frame["warehouse"], strict=True)]]
    return pa.Table.from_pandas(frame, preserve_index=False)


def daily(
    workspace: Workspace,
    *,
    days: int,
    where: Mapping[str, Sequence[str]] | None = None,
    by: Sequence[str] = ("sku", "warehouse"),
) -> pa.Table | None:
    """Return *by*, ds, mean, q0.1, q0.5, q0.9 of each of the next *days* days; None when there is no forecast."""
    import pyarrow as pa  # noqa: PLC0415 only what reads forecasts needs the columnar libraries

    from engine.forecasting import archive  # noqa: PLC0415 likewise

    found = newest(workspace)
    if found is None:
        return None
    first = workspace.today()
    keys = [name for name in by if name in archive.keys_of(found[1])]
    asked = {name: list(values) for name, values in (where or {}).items()}
    frame = archive.days(found[1], where=asked, by=keys, since=first, until=first + dt.timedelta(days=days - 1))
    frame = frame.rename(columns={"person": "mean"})[[*keys, "ds", "mean", "q0.1", "q0.5", "q0.9"]]
    return pa.Table.from_pandas(frame, preserve_index=False)


def asked_by(rules: Iterable[Mapping[str, Any]]) -> dict[str, tuple[set[int], set[float]]]:
    """Return, by kind of question, the horizons and quantiles that *rules* ask forecasts for."""
    found: dict[str, tuple[set[int], set[float]]] = {}
    for rule in rules:
        for name, days, level in _CALL.findall(str(dict(rule))):
            kind = FUNCTIONS.get(name.lower())
            if kind is not None:
                horizons, levels = found.setdefault(kind, (set(), set()))
                horizons.add(int(days))
                levels |= {float(level)} if level else set()
    return found


def names_forecasts(rules: Iterable[Mapping[str, Any]]) -> bool:
    """Say whether any of *rules* asks a forecast."""
    return any(
        re.search(rf"(?<!\w){name}\s*\(", str(dict(rule)), re.IGNORECASE) for rule in rules for name in FUNCTIONS
    )


def rule_table(workspace: Workspace, rules: Iterable[Mapping[str, Any]], day: dt.date) -> pa.Table | None:
    """Return the table `forecast` that *rules* read on *day*, or None when they ask no forecast or there is none.

    A row a series and horizon: sku, warehouse, ds (= *day*), horizon, mean, q…, forecast_error, bias.
    """
    rules = list(rules)
    if not names_forecasts(rules):
        return None
    found = newest(workspace, day)
    if found is None:
        return None
    from services.forecast_rules import table  # noqa: PLC0415 only rules that ask forecasts pay for them

    return table(workspace, found, asked_by(rules), day)


def forget_old(workspace: Workspace) -> int:
    """Throw away vintages that nobody will score again; return how many."""
    today = workspace.today()
    with workspace.read() as session:
        states = forecasts.runs(session, limit=2_000)
    old, weeks = [], set()
    for run in (run for run in states if run.state not in {"queued", "running"}):
        age = (today - dt.date.fromisoformat(run.day)).days
        week = dt.date.fromisoformat(run.day).isocalendar()[:2]
        keep = age <= KEPT_DAYS or (run.state == "done" and week not in weeks and age <= 7 * KEPT_WEEKS)
        if run.state == "done" and keep:
            weeks.add(week)
        if not keep:
            old.append(run.id)
    for run_id in old:
        shutil.rmtree(folder_of(workspace, run_id), ignore_errors=True)
    with workspace.write() as session:
        forecasts.forget_runs(session, old)
    return len(old)
