"""The demo's forecasts: vintages of the last weeks as they would have been made then, a promotion that was planned, words of people.

Every vintage reads only what was sold before its day, so that what the accuracy page says about it is honest.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from services import forecast, forecast_inputs, promotions
from services.demo_days import PROMOTION
from services.forecast_inputs import Phase
from services.workspace import Workspace
from store import forecasts

Progress = Callable[[str, int, int], None]
BACK = 28
DISCOUNT = 0.15
_NOON = dt.timedelta(hours=12)


def load(workspace: Workspace, tell: Progress) -> None:
    """Make the demo's forecasts; on a later day only that of the day."""
    with workspace.read() as session:
        there = forecasts.newest(session)
        phases = forecast_inputs.phases(session)
        items = forecast_inputs.items_of(session)
    today = workspace.today()
    tell("forecast", 0, 3)
    if there is not None:
        if there.day != today.isoformat():
            _make(workspace, today)
        tell("forecast", 3, 3)
        return
    last = _last_promotion(phases, today)
    days = workspace.facts("sales").days()
    # A plan needs some months of sales before it.
    if last and days and last[0].start - days[0] > dt.timedelta(days=120):
        _say(workspace, last, today, str(items["category"].iloc[0]) if len(items) else "")
        _make(workspace, last[0].start - dt.timedelta(days=1))
        promotions.save(workspace, values=_plan(last), user="wang")
    tell("forecast", 1, 3)
    day = today - dt.timedelta(days=BACK)
    if days and day - days[0] > dt.timedelta(days=28):
        _make(workspace, day)
    tell("forecast", 2, 3)
    with workspace.read() as session:
        there = forecasts.newest(session)
    if there is None or there.day != today.isoformat():
        _make(workspace, today)
    tell("forecast", 3, 3)


def _make(workspace: Workspace, day: dt.date) -> None:
    """Make the forecast of *day*, and whatever waits before it."""
    forecast.start(workspace, trigger="demo", day=day, challenge=False)
    while forecast.work(workspace) > 0:
        pass


def _last_promotion(phases: list[Phase], today: dt.date) -> list[Phase]:
    """Return the phases of the last big promotion that is over."""
    over = [one for one in phases if one.end < today and (one.multiplier or 0) >= PROMOTION]
    if not over:
        return []
    name, year = over[-1].event, over[-1].end.year
    return [one for one in phases if one.event == name and one.end.year == year and one.end < today]


def _plan(last: list[Phase]) -> Mapping[str, Any]:
    phases = [
        {
            "name": one.name,
            "from": one.start.isoformat(),
            "to": one.end.isoformat(),
            "multiplier": one.multiplier or 1.0,
        }
        for one in last
    ]
    scenarios = [
        {"name": "保守", "discount": 0.1, "traffic": 0.9},
        {"name": "基准", "discount": DISCOUNT, "traffic": 1.0},
        {"name": "进取", "discount": 0.25, "traffic": 1.2},
    ]
    name = f"{last[0].event} {last[-1].end.year}"
    return {"name": name, "phases": phases, "discount": DISCOUNT, "scenarios": scenarios, "chosen": 1, "salvage": 0.7}


def _say(workspace: Workspace, last: list[Phase], today: dt.date, category: str) -> None:
    """Write down what people said about that promotion before it began: some of it will have helped, some not."""
    start, end = last[0].start, last[-1].end
    said: list[tuple[str, dict[str, str], dt.date, dt.date, float, str]] = [
        ("wang", {"category": category}, start, end, 1.3, "主播答应多播两场"),
        ("chen", {"warehouse": "hb"}, start, end, 0.97, "华北仓近期退货多,先压一压"),
        ("chen", {"channel": "douyin"}, start, end, 1.15, "抖音新开直播间"),
        ("wang", {}, today - dt.timedelta(days=28), today - dt.timedelta(days=15), 1.04, "天气转冷,整体看多"),
    ]
    made = dt.datetime.combine(start - dt.timedelta(days=3), dt.time(), workspace.zone) + _NOON
    with workspace.write() as session:
        for author, where, first, until, factor, reason in said:
            forecasts.add_override(
                session, where={name: value for name, value in where.items() if value}, from_day=first.isoformat(),
                to_day=until.isoformat(), value=factor, relative=True, before=None, reason=reason, author=author,
                expires=(until + dt.timedelta(days=30)).isoformat(), created_at=made.astimezone(dt.UTC),
            )  # fmt: skip
