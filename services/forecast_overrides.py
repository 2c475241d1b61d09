"""What people say instead of the forecast: on any level, with a reason and an end, never silently, always scored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.forecasting import archive, archive_channels
from engine.forecasting.hierarchy import moved_grid
from engine.problems import DefinitionError, Problem
from services import forecast_history, forecast_inputs, forecast_store
from services.audit import Entry
from services.audit import add as note
from services.forecast_history import LEVELS
from services.refusal import Refused, not_found
from services.workspace import Workspace
from store import forecasts
from store.forecasts import OverrideState, RunState
from store.types import iso

STANDARD_LIFE = dt.timedelta(days=90)


def add(workspace: Workspace, *, values: Mapping[str, Any], user: str) -> dict[str, Any]:
    """Keep what *user* says, and put it into the newest forecast at once; return the override.

    Args:
        workspace: where.
        values: `where` (any of category, sku, warehouse, region, channel; empty = everything), `from`, `to`, `value` (the
            total of these days, or a factor when `relative`), `reason`, optionally `expires`.
        user: who says it.

    Raises:
        DefinitionError: everything that is wrong with it.
        Refused: there is no forecast to say it about.
    """
    run, folder = forecast_store.newest_or_refuse(workspace)
    read = _read(values, dt.date.fromisoformat(run.day), run.horizon)
    with workspace.read() as session:
        known = forecast_history.places(session)
    keys = known.keys(read["where"])
    before = _total(folder, keys, read["from_day"], read["to_day"])
    if before is None:
        raise Refused("not_found", "预测里没有这一组商品", "the forecast knows no such group of items")
    with workspace.write() as session:
        now = workspace.clock()
        state = forecasts.add_override(session, **read, before=before, author=user, created_at=now)
        words = f"{_words(state)},原来 {before:g}:{state.reason}"
        note(
            session,
            Entry(
                at=now,
                actor=user,
                action="forecast.override",
                kind="forecast",
                key=str(state.id),
                summary=f"改预测 {words}",
                summary_en=f"overrode the forecast {words}",
            ),
        )
    put_in(workspace, run, folder)
    return shown(state)


def _read(values: Mapping[str, Any], day: dt.date, horizon: int) -> dict[str, Any]:
    problems: list[Problem] = []
    start, end = (_day(values, name, problems) for name in ("from", "to"))
    last = day + dt.timedelta(days=horizon - 1)
    if start and end and (end < start or end < day or start > last):
        problems.append(
            Problem(
                "$.to",
                f"日期要在 {day} 至 {last} 之间,且先后有序",
                "",
                f"the days lie between {day} and {last}, in order",
            )
        )
    value = float(values.get("value", -1))
    if not 0 <= value < 1e12:
        problems.append(Problem("$.value", "数量不能是负数", "", "the value cannot be negative"))
    if len(str(values.get("reason", "")).strip()) < 2:
        problems.append(
            Problem(
                "$.reason",
                "请写原因,事后才能判断改得对不对",
                "",
                "give a reason: it is what the change is judged by later",
            )
        )
    where = {name: str(value_) for name, value_ in dict(values.get("where") or {}).items() if value_}
    problems += [
        Problem(
            f"$.where.{name}",
            f"不能按“{name}”修改",
            "可用:" + "、".join(LEVELS),
            f"“{name}” is no level",
            "one of " + ", ".join(LEVELS),
        )
        for name in where
        if name not in LEVELS
    ]
    expires = _day(values, "expires", problems) if values.get("expires") else None
    if problems or start is None or end is None:
        raise DefinitionError(problems)
    ends = expires or max(end, day + STANDARD_LIFE)
    return {
        "where": where, "from_day": start.isoformat(), "to_day": end.isoformat(), "value": value,
        "relative": bool(values.get("relative", False)), "reason": str(values["reason"]).strip(), "expires": ends.isoformat(),
    }  # fmt: skip


def _day(values: Mapping[str, Any], name: str, problems: list[Problem]) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(values.get(name, ""))[:10])
    except ValueError:
        problems.append(Problem(f"$.{name}", "日期写成 2026-11-11 的样子", "", "write the day like 2026-11-11"))
        return None


def _total(folder: Path, keys: Mapping[str, list[str]], start: str, end: str) -> float | None:
    """Return what the forecast says now about the group and days; None when it has no such series."""
    since, until = dt.date.fromisoformat(start), dt.date.fromisoformat(end)
    if keys.get("channel") and "channel" not in archive.keys_of(folder):
        rows = archive_channels.of_channel(folder, keys["channel"][0], keys)
        rows = rows[(rows["ds"].dt.date >= since) & (rows["ds"].dt.date <= until)]
    else:
        rows = archive.days(folder, where=keys, since=since, until=until)
    return float(rows["person"].sum()) if len(rows) else None


def put_in(workspace: Workspace, run: RunState, folder: Path) -> None:
    """Work what people say now into the files of a run: its promotion step stays, what they said before is undone."""
    day = dt.date.fromisoformat(run.day)
    with workspace.read() as session:
        said = [forecast_inputs.override_of(one) for one in forecasts.overrides(session, live=True)]
        items, regions = forecast_inputs.items_of(session), forecast_inputs.regions_of(session)
    grids = archive.read_grids(folder)
    from services.forecast_making import with_places  # noqa: PLC0415 that module loads the models

    shares = archive_channels.read_shares(folder, grids.keys)
    person, added = moved_grid(grids.promotion, with_places(grids.keys, items, regions), said, day, day, shares)
    archive.replace_person(folder, grids, person)
    archive_channels.write_channels(folder, grids.keys, day, shares, added)


def withdraw(workspace: Workspace, *, override: int, user: str) -> dict[str, Any]:
    """Take an override back, out of the newest forecast too.

    Raises:
        Refused: there is none, or it was taken back before.
    """
    with workspace.write() as session:
        state = forecasts.override(session, override)
        if state is None:
            raise not_found("修改", "override", override)
        now = workspace.clock()
        if not forecasts.withdraw(session, override, user=user, now=now):
            raise Refused("conflict", "这条修改已经撤回", "this override was taken back already")
        words = _words(state)
        note(
            session,
            Entry(
                at=now,
                actor=user,
                action="forecast.withdraw",
                kind="forecast",
                key=str(override),
                summary=f"撤回预测修改 {words}",
                summary_en=f"took back the override {words}",
            ),
        )
        state = forecasts.override(session, override)
    run, folder = forecast_store.newest_or_refuse(workspace)
    put_in(workspace, run, folder)
    if state is None:
        raise not_found("修改", "override", override)
    return shown(state)


def list_(workspace: Workspace, *, live: bool = False) -> list[dict[str, Any]]:
    """Return what people said, newest first."""
    with workspace.read() as session:
        return [shown(state) for state in reversed(forecasts.overrides(session, live=live))]


def put_item(workspace: Workspace, *, sku: str, analogs: list[str], ends_on: str | None, user: str) -> dict[str, Any]:
    """Keep what a person knows about an item: what it will sell like, and its last day; the next forecast heeds it.

    Raises:
        DefinitionError: the last day is no date.
        Refused: there is no such item, or an analog is unknown.
    """
    problems: list[Problem] = []
    last = _day({"ends_on": ends_on}, "ends_on", problems) if ends_on else None
    if problems:
        raise DefinitionError(problems)
    with workspace.write() as session:
        known = set(forecast_inputs.items_of(session)["code"].astype(str))
        for code in (sku, *analogs):
            if code not in known:
                raise not_found("商品", "SKU", code)
        ends = last.isoformat() if last else None
        forecasts.put_item(session, sku=sku, analogs=analogs, ends_on=ends, author=user, updated_at=workspace.clock())
    return {"sku": sku, "analogs": analogs, "ends_on": ends}


def item(workspace: Workspace, *, sku: str) -> dict[str, Any]:
    """Return what people know about an item."""
    with workspace.read() as session:
        found = next((one for one in forecasts.items(session) if one.sku == sku), None)
    return {"sku": sku, "analogs": found.analogs if found else [], "ends_on": found.ends_on if found else None}


def _words(state: OverrideState) -> str:
    place = " ".join(str(value) for value in state.where.values()) or "全部"
    value = f"×{state.value:g}" if state.relative else f"{state.value:g}"
    return f"{place} {state.from_day}~{state.to_day} → {value}"


def shown(state: OverrideState) -> dict[str, Any]:
    """Return an override as the API shows it."""
    return {
        "id": state.id,
        "where": state.where,
        "from": state.from_day,
        "to": state.to_day,
        "value": state.value,
        "relative": state.relative,
        "before": state.before,
        "reason": state.reason,
        "author": state.author,
        "expires": state.expires,
        "created_at": iso(state.created_at),
        "withdrawn_at": iso(state.withdrawn_at),
        "withdrawn_by": state.withdrawn_by,
    }
