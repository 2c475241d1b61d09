"""The alarm of forecasts: quantiles that no longer cover what they say are told to those who design, once until they do again."""

from __future__ import annotations

import datetime as dt
from typing import Any

from services.happenings import announce
from services.workspace import Workspace
from store import forecasts, messages, users
from store.forecasts import RunState
from store.users import Person

DESIGNERS = ("admin", "designer")


def watch(workspace: Workspace, run: RunState) -> list[dict[str, Any]]:
    """Return the quantiles that drifted, keep them with *run*, and tell people of those that the run before did not have."""
    from services import forecast_accuracy  # noqa: PLC0415 scoring loads the columnar libraries

    drifted = forecast_accuracy.drifted(workspace)
    with workspace.write() as session:
        before = next((one for one in forecasts.runs(session, state="done") if one.id < run.id), None)
        known = {one["level"] for one in before.result.get("drift", [])} if before else set()
        state = forecasts.run(session, run.id)
        if state is not None:
            forecasts.change_run(session, run.id, result={**state.result, "drift": drifted})
        new = [one for one in drifted if one["level"] not in known]
        if new:
            people = {person.key: person for role in DESIGNERS for person in users.with_role(session, role)}
            now = workspace.clock()
            messages.add_many(session, [_message(run, new, people[key], now) for key in sorted(people)])
            announce(session, workspace, "signal", signal="forecast_drift", run=run.id, drift=new)
    return drifted


def _message(run: RunState, new: list[dict[str, Any]], person: Person, now: dt.datetime) -> dict[str, Any]:
    if person.language == "en":
        title = "Quantiles of the forecast have drifted"
        parts = [f"said {one['level']:.0%}, covered {one['covered']:.1%} ({one['rows']} cases)" for one in new]
        body = "; ".join(parts) + ". See the accuracy page; forecast again, or let the model challenge the base."
    else:
        title = "预测的分位数漂移了"
        parts = [f"说 {one['level']:.0%} 的把握,实际只罩住 {one['covered']:.1%}({one['rows']} 次)" for one in new]
        body = ";".join(parts) + "。看看“准不准”,必要时重新预测或让模型比一次。"
    return {
        "idempotency_key": f"forecast-drift:{run.id}:{person.key}",
        "user": person.key,
        "at": now,
        "title": title,
        "body": body,
        "language": person.language,
        "link": "/app/forecasts/accuracy",
    }
