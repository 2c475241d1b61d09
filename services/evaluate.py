"""A run: rules over one snapshot, alerts moved on, and what follows from them, kept in one transaction.

    run        evaluate rules and act on what they find
    preview    what a rule as drawn matches now
    explain    why a rule fires for one record, or why not
    backtest   what a rule would have done in the past

A run is idempotent for each (rule, scheduled moment), and a second run over the same data finds nothing new to do.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from engine import alerting
from engine.problems import DefinitionError
from services import actions, episodes, notices, one_record, publish, snapshot
from services.directory import People
from services.episodes import Changes, Seen
from services.snapshot import Snapshot
from services.subjects import Subjects
from services.workspace import Workspace
from store import audit, runs
from store import episodes as kept
from store.database import Session

EXAMPLES = 5
ORDER = {"critical": 0, "warning": 1}


@dataclass(frozen=True, slots=True)
class _Found:
    """What the engine found, with what it was asked."""

    snapshot: Snapshot
    rules: dict[str, dict[str, Any]]
    seen: list[Seen]
    evaluation: alerting.Evaluation
    now: dt.datetime
    real_now: dt.datetime


def run(
    workspace: Workspace,
    *,
    rules: Iterable[str] | None = None,
    as_of: str | dt.date | None = None,
    scheduled_for: dt.datetime | None = None,
    trigger: str = "manual",
    user: str = "system",
) -> dict[str, Any]:
    """Evaluate rules (all that are on, unless named) and act on what they find.

    Args:
        workspace: where.
        rules: keys of rules.
        as_of: the evaluation day; today unless said.
        scheduled_for: the due moment that this run is for; done once for each rule.
        trigger: manual, schedule or event.
        user: who asked for it.

    Raises:
        Refused: a rule does not exist or is off.
    """
    keys = list(rules) if rules is not None else None
    if scheduled_for is not None and keys:
        keys = [key for key in keys if not _was_run(workspace, key, scheduled_for)]
        if not keys:
            return _nothing()
    taken = snapshot.take(workspace, keys)
    if not taken.rules:
        return _nothing()
    found = _evaluate(workspace, taken, _moment(workspace, as_of))
    folder = workspace.folder("runs")

    def work(session: Session) -> dict[str, Any]:
        return _keep(session, workspace, found, trigger=trigger, scheduled_for=scheduled_for, user=user)

    result = workspace.transact(work)
    taken.save(folder / str(result["run_id"]))
    snapshot.tidy(folder)
    return result


def preview(workspace: Workspace, *, definition: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a rule as drawn would match now; nothing is kept.

    Raises:
        DefinitionError: everything that is wrong with it.
    """
    problems = publish.check(workspace, kind="rule", definition=dict(definition))
    if problems:
        raise DefinitionError(problems)
    taken = snapshot.of_draft(workspace, definition)
    (rule,) = taken.rules.values()
    found = alerting.matches(
        rule, taken.tables, now=workspace.clock(), forms=taken.forms, calendars=taken.calendars, sample=20
    )
    subjects = Subjects(taken, str(rule["over"]), [one["keys"] for one in found["sample"]])
    labels = labels_of(rule, taken)
    for one in found["sample"]:
        one["labels"] = subjects.labels(one["keys"])
        one["values"] = [{**value, "label": labels.get(value["source"], value["source"])} for value in one["values"]]
    return found


def explain(workspace: Workspace, *, rule: str, keys: Mapping[str, str]) -> dict[str, Any]:
    """Return why the published *rule* fires for the record with *keys*, or why not.

    Raises:
        Refused: there is no such rule or record.
    """
    taken = one_record.of_rule(workspace, rule, keys)
    found: dict[str, Any] = alerting.explain(
        taken.rules[rule], dict(keys), taken.tables, now=workspace.clock(), forms=taken.forms, calendars=taken.calendars
    )
    return found


def backtest(
    workspace: Workspace, *, from_: str, to: str, definition: Mapping[str, Any] | None = None, rule: str | None = None
) -> dict[str, Any]:
    """Return what a rule (as drawn, or published) would have done on the days *from_* … *to*.

    Raises:
        DefinitionError: everything that is wrong with it.
    """
    if definition is not None:
        problems = publish.check(workspace, kind="rule", definition=dict(definition))
        if problems:
            raise DefinitionError(problems)
        taken = snapshot.of_draft(workspace, definition)
    else:
        taken = snapshot.take(workspace, [rule or ""])
    found: dict[str, Any] = alerting.backtest(
        list(taken.rules.values()),
        taken.tables,
        dt.date.fromisoformat(from_),
        dt.date.fromisoformat(to),
        forms=taken.forms,
        calendars=taken.calendars,
        zone=workspace.settings.timezone,
    )
    return found


def history(workspace: Workspace, *, rule: str, limit: int = 50) -> list[dict[str, Any]]:
    """Return what the newest runs found for *rule*.

    Raises:
        Refused: there is no such rule.
    """
    publish.show(workspace, kind="rule", key=rule)
    with workspace.read() as session:
        found = runs.of_rule(session, rule, limit)
    return [
        {
            "run_id": one.run_id,
            "at": one.at,
            "version": one.version,
            "rows": one.rows,
            "breaches": one.breaches,
            "fired": one.fired,
            "changed": one.changed,
            "resolved": one.resolved,
            "unknown": {"total": one.unknown, "reasons": one.reasons},
            "error": one.error,
        }
        for one in found
    ]


def labels_of(rule: Mapping[str, Any], taken: Snapshot) -> dict[str, str]:
    """Return what people call the fields that a rule reads: path → label."""
    form = taken.forms.get(str(rule["over"]), {"fields": []})
    labels = {}
    for field in form["fields"]:
        labels[field["key"]] = field.get("label", field["key"])
        for inner in (
            taken.forms.get(field.get("form", ""), {"fields": []})["fields"] if field["type"] == "link" else []
        ):
            labels[f"{field['key']}.{inner['key']}"] = inner.get("label", inner["key"])
    return labels


def _moment(workspace: Workspace, as_of: str | dt.date | None) -> dt.datetime:
    """Return the moment that a run stands for: now, or the same time of day on the evaluation day."""
    now = workspace.clock()
    if as_of is None:
        return now
    day = dt.date.fromisoformat(as_of) if isinstance(as_of, str) else as_of
    local = now.astimezone(workspace.zone)
    return local.replace(year=day.year, month=day.month, day=day.day).astimezone(dt.UTC)


def _evaluate(workspace: Workspace, taken: Snapshot, now: dt.datetime) -> _Found:
    zone = workspace.settings.timezone
    day = now.astimezone(workspace.zone).date()
    rules = {key: alerting.rule_on(rule, taken.calendars, day) for key, rule in taken.rules.items()}
    with workspace.read() as session:
        watching: dict[str, list[dict[str, str]]] = {}
        for (rule, _), episode in kept.live(session, rules).items():
            watching.setdefault(rule, []).append(episode.keys)
    evaluation = alerting.evaluate(
        list(taken.rules.values()),
        taken.tables,
        now=now,
        forms=taken.forms,
        calendars=taken.calendars,
        zone=zone,
        watching=watching,
    )
    labels = {key: labels_of(rule, taken) for key, rule in taken.rules.items()}
    seen = [
        _seen(taken.rules[rule], keys, observation, labels[rule], taken)
        for rule, keys, observation in evaluation.observations()
    ]
    return _Found(taken, rules, seen, evaluation, now, workspace.clock())


def _seen(
    rule: Mapping[str, Any], keys: Mapping[str, Any], observation: Any, labels: Mapping[str, str], taken: Snapshot
) -> Seen:
    texts = {name: str(value) for name, value in keys.items()}
    if observation.level is None:
        return Seen(str(rule["key"]), texts, observation)
    measured = [
        {"source": source, "label": labels.get(source, source), "value": value}
        for source, value in observation.values.items()
    ]
    told, told_en = (
        alerting.explanation(rule, observation.values, observation.level, language, forms=taken.forms)
        for language in ("zh", "en")
    )
    return Seen(str(rule["key"]), texts, observation, measured, told, told_en)


def _keep(
    session: Session,
    workspace: Workspace,
    found: _Found,
    *,
    trigger: str,
    scheduled_for: dt.datetime | None,
    user: str,
) -> dict[str, Any]:
    """Write everything that a run leads to."""
    runs.exclusive(session)
    day = found.now.astimezone(workspace.zone).date().isoformat()
    run_id = runs.begin(
        session,
        trigger=trigger,
        as_of=day,
        started_at=found.real_now,
        rules=len(found.rules),
        scheduled_for=scheduled_for,
    )
    changes = episodes.apply(session, found.snapshot, found.seen, rules=found.rules, run_id=run_id, now=found.now)
    people = People(session, found.real_now)
    telling = notices.Telling(session, workspace, people, found.snapshot, found.rules, run_id, found.now)
    firing = [
        {"rule": episode.rule, "level": episode.level, "keys": episode.keys}
        for episode in kept.live(session).values()
        if episode.state == "firing"
    ]
    notified = notices.tell_of_alerts(telling, changes.happened, firing)
    made = actions.carry_out(session, workspace, people, found.rules, changes.happened)
    result = _result(found, changes, run_id, notified, made)
    _record_run(session, found, changes, result)
    _note(session, found, result, trigger, user)
    return result


def _result(found: _Found, changes: Changes, run_id: int, notified: int, made: int) -> dict[str, Any]:
    fired = [one for one in changes.happened if one.event.kind.value == "fired"]
    fired.sort(key=lambda one: ORDER.get(one.event.level or "", 9))
    return {
        "run_id": run_id,
        "rules": len(found.rules),
        "rows": sum(found.evaluation.rows.values()),
        "seconds": round(found.evaluation.seconds, 3),
        "fired": changes.total("fired"),
        "changed": changes.total("changed"),
        "resolved": changes.total("resolved"),
        "notices": notified,
        "tasks": made,
        "unknown": sum(one.count for one in found.evaluation.unknown),
        "examples": [
            {
                "rule": found.rules[one.seen.rule]["name"],
                "level": one.event.level,
                "record": " · ".join(one.labels.values()),
                "explanation": one.seen.explanation,
                "explanation_en": one.seen.explanation_en,
            }
            for one in fired[:EXAMPLES]
        ],
    }


def _record_run(session: Session, found: _Found, changes: Changes, result: Mapping[str, Any]) -> None:
    breaches: dict[str, int] = {}
    for one in found.seen:
        if one.observation.level is not None:
            breaches[one.rule] = breaches.get(one.rule, 0) + 1
    unknown: dict[str, list[Any]] = {}
    for each in found.evaluation.unknown:
        reason = {
            "reason": each.reason,
            "reason_en": each.reason_en,
            "count": each.count,
            "examples": each.examples[:5],
        }
        unknown.setdefault(each.rule, []).append(reason)
    runs.add_rule_runs(
        session,
        result["run_id"],
        [
            {
                "rule": key,
                "version": found.snapshot.versions[key],
                "at": found.real_now,
                "rows": found.evaluation.rows.get(str(rule["over"]), 0),
                "breaches": breaches.get(key, 0),
                "unknown": sum(reason["count"] for reason in unknown.get(key, [])),
                "reasons": unknown.get(key, []),
                **changes.counts.get(key, {}),
            }
            for key, rule in found.rules.items()
        ],
    )
    columns = ("seconds", "rows", "rules", "fired", "changed", "resolved", "notices", "tasks")
    runs.finish(
        session,
        result["run_id"],
        finished_at=found.real_now,
        snapshot={"facts": found.evaluation.versions, "records": f"runs/{result['run_id']}"},
        **{name: result[name] for name in columns},
    )


def _note(session: Session, found: _Found, result: Mapping[str, Any], trigger: str, user: str) -> None:
    names = "、".join(str(rule["name"]) for rule in list(found.rules.values())[:3])
    counted = f"触发 {result['fired']},变化 {result['changed']},解除 {result['resolved']},任务 {result['tasks']}"
    counted_en = (
        f"{result['fired']} fired, {result['changed']} changed, {result['resolved']} resolved, {result['tasks']} tasks"
    )
    entry = audit.Entry(
        at=found.real_now,
        actor=user,
        action="rule.run",
        kind="run",
        key=str(result["run_id"]),
        summary=f"运行规则 {names}:{counted}",
        summary_en=f"Ran {len(found.rules)} rules: {counted_en}",
        after={
            "trigger": trigger,
            **{name: result[name] for name in ("rules", "rows", "fired", "changed", "resolved", "tasks")},
        },
    )
    audit.add(session, entry)


def _was_run(workspace: Workspace, rule: str, scheduled_for: dt.datetime) -> bool:
    """Say whether *rule* was evaluated for that due moment before (the worker was lost after it had committed)."""
    with workspace.read() as session:
        for one in runs.of_rule(session, rule, limit=50):
            run_state = runs.get(session, one.run_id)
            if run_state is not None and run_state.scheduled_for == scheduled_for:
                return True
    return False


def _nothing() -> dict[str, Any]:
    counted = dict.fromkeys(("rules", "rows", "fired", "changed", "resolved", "notices", "tasks", "unknown"), 0)
    return {"run_id": None, "seconds": 0.0, **counted, "examples": []}
