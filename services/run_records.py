"""What is kept of a run itself: its result, what each rule found, and a row of the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.episodes import Changes
from services.findings import Found
from store import audit, runs
from store.database import Session

EXAMPLES = 5
ORDER = {"critical": 0, "warning": 1}


def result_of(found: Found, changes: Changes, run_id: int, notified: int, made: int) -> dict[str, Any]:
    """Return what a run answers: counts, seconds, and a few alerts that fired, the gravest first."""
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


def keep(session: Session, found: Found, changes: Changes, result: Mapping[str, Any]) -> None:
    """Keep what each rule found and how the run ended."""
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


def note(session: Session, found: Found, result: Mapping[str, Any], trigger: str, user: str) -> None:
    """Write the run into the audit log."""
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


def nothing() -> dict[str, Any]:
    """Return the answer of a run that had nothing to do."""
    counted = dict.fromkeys(("rules", "rows", "fired", "changed", "resolved", "notices", "tasks", "unknown"), 0)
    return {"run_id": None, "seconds": 0.0, **counted, "examples": []}
