"""A run: rules over one snapshot, alerts moved on, and what follows from them, kept in one transaction.

    run        evaluate rules and act on what they find
    preview    what a rule as drawn matches now
    explain    why a rule fires for one record, or why not
    backtest   what a rule would have done in the past
    threshold  which value of one of its numbers would have done best (numbers: those that can be tried)
    history    what the newest runs of a rule found

A run is idempotent for each (rule, scheduled moment), and a second run over the same data finds nothing new to do.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from services import (
    actions,
    alerts,
    announcements,
    episodes,
    findings,
    notices,
    replenish,
    run_records,
    run_replay,
    snapshot,
)
from services.directory import People
from services.findings import Found
from services.rule_questions import backtest, explain, history, numbers, preview, threshold
from services.trial import is_on_trial
from services.workspace import Workspace
from store import episodes as kept
from store import runs
from store.database import Session

__all__ = ["backtest", "explain", "history", "numbers", "preview", "run", "threshold"]


@dataclass(frozen=True, slots=True)
class _Asked:
    """Why a run happens: what started it, the due moment that it is for, and who asked."""

    trigger: str
    scheduled_for: dt.datetime | None
    user: str
    quiet: bool = False


def run(
    workspace: Workspace,
    *,
    rules: Iterable[str] | None = None,
    as_of: str | dt.date | None = None,
    scheduled_for: dt.datetime | None = None,
    trigger: str = "manual",
    user: str = "system",
    quiet: bool = False,
) -> dict[str, Any]:
    """Evaluate rules (all that are on, unless named) and act on what they find.

    Args:
        workspace: where.
        rules: keys of rules.
        as_of: the evaluation day; today unless said.
        scheduled_for: the due moment that this run is for; done once for each rule.
        trigger: manual, schedule or event.
        user: who asked for it.
        quiet: what fires is opened as acknowledged by *user*, at once and without notices or actions.

    Raises:
        Refused: a rule does not exist or is off.
    """
    keys = list(rules) if rules is not None else None
    if scheduled_for is not None and keys:
        keys = [key for key in keys if not _was_run(workspace, key, scheduled_for)]
        if not keys:
            return run_records.nothing()
    taken = snapshot.take(workspace, keys)
    if not taken.rules:
        return run_records.nothing()
    found = findings.find(workspace, taken, _moment(workspace, as_of))
    day = found.now.astimezone(workspace.zone).date()
    orders = replenish.prepare(workspace, findings.may_need_orders(found), day)
    if quiet:
        found = replace(found, rules={key: {**rule, "for": 1, "actions": []} for key, rule in found.rules.items()})
    asked = _Asked(trigger, scheduled_for, user, quiet)

    def work(session: Session) -> dict[str, Any]:
        return _keep(session, workspace, found, orders, asked)

    result = workspace.transact(work)
    folder = workspace.folder("runs")
    taken.save(folder / str(result["run_id"]))
    run_replay.keep(folder / str(result["run_id"]), found, workspace.settings.timezone)
    snapshot.tidy(folder)
    return result


def _moment(workspace: Workspace, as_of: str | dt.date | None) -> dt.datetime:
    """Return the moment that a run stands for: now, or the same time of day on the evaluation day."""
    now = workspace.clock()
    if as_of is None:
        return now
    day = dt.date.fromisoformat(as_of) if isinstance(as_of, str) else as_of
    local = now.astimezone(workspace.zone)
    return local.replace(year=day.year, month=day.month, day=day.day).astimezone(dt.UTC)


def _keep(
    session: Session,
    workspace: Workspace,
    found: Found,
    orders: replenish.Orders,
    asked: _Asked,
) -> dict[str, Any]:
    """Write everything that a run leads to."""
    runs.exclusive(session)
    day = found.now.astimezone(workspace.zone).date()
    run_id = runs.begin(
        session,
        trigger=asked.trigger,
        as_of=day.isoformat(),
        started_at=found.real_now,
        rules=len(found.rules),
        scheduled_for=asked.scheduled_for,
    )
    changes = episodes.apply(session, found.snapshot, found.seen, rules=found.rules, run_id=run_id, now=found.now)
    people = People(session, found.real_now)
    telling = notices.Telling(session, workspace, people, found.snapshot, found.rules, run_id, found.now)
    firing: list[dict[str, Any]] = []
    if any(rule.get("inhibits") for rule in found.rules.values()):
        firing = [
            {"rule": episode.rule, "level": episode.level, "keys": episode.keys}
            for episode in kept.live(session, found.rules).values()
            if episode.state == "firing"
        ]
    notified = notices.tell_of_alerts(telling, changes.happened, firing)
    made = actions.carry_out(session, workspace, people, found.rules, changes.happened, orders, day)
    if asked.quiet:
        alerts.quiet(session, workspace, [one.episode_id for one in changes.happened], asked.user)
    loud = [one for one in changes.happened if not asked.quiet and not is_on_trial(found.rules[one.seen.rule], day)]
    announcements.of_alerts(session, workspace, loud)
    result = run_records.result_of(found, changes, run_id, notified, made)
    run_records.keep(session, found, changes, result)
    run_records.note(session, found, result, asked.trigger, asked.user)
    return result


def _was_run(workspace: Workspace, rule: str, scheduled_for: dt.datetime) -> bool:
    """Say whether *rule* was evaluated for that due moment before (the worker was lost after it had committed)."""
    with workspace.read() as session:
        for one in runs.of_rule(session, rule, limit=50):
            run_state = runs.get(session, one.run_id)
            if run_state is not None and run_state.scheduled_for == scheduled_for:
                return True
    return False
