"""Rules of a pack that would watch the same records as rules that are already on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine import alerting
from rule_templates import Plan
from services import snapshot
from services.checks import known, problems_of
from services.workspace import Workspace
from store import definitions

Document = Mapping[str, Any]


def overlaps(workspace: Workspace, plan: Plan) -> list[dict[str, Any]]:
    """Return, for each rule that *plan* changes, the rules that are on over the same table, with how many records both match now.

    Returns:
        `[{rule, name, other, other_name, matches, both}]`; a rule that cannot be evaluated here yet has no entry.
    """
    found: list[dict[str, Any]] = []
    with workspace.read() as session:
        on = {state.key: state.document for state in definitions.every(session, "rule") if state.runs}
        among = known(session)
    for document in plan.documents:
        if document["kind"] != "form":  # a form of the pack has no records here yet
            among[document["kind"]][document["key"]] = document
    for step in plan.steps:
        if step.kind != "rule" or step.after is None:
            continue
        rule = {**step.after, "key": str(step.after["key"])}
        others = {key: one for key, one in on.items() if one["over"] == rule["over"] and key != rule["key"]}
        if others and not problems_of("rule", rule, among):
            found += _shared(workspace, rule, others)
    return found


def _shared(workspace: Workspace, rule: Document, others: Mapping[str, Document]) -> list[dict[str, Any]]:
    taken = snapshot.of_draft(workspace, rule)
    found = alerting.evaluate(
        [*taken.rules.values(), *others.values()],
        taken.tables,
        now=workspace.clock(),
        forms=taken.forms,
        calendars=taken.calendars,
    )
    matched: dict[str, set[tuple[str, ...]]] = {}
    for row in found.breaches.to_pylist():
        matched.setdefault(row["rule"], set()).add(tuple(str(row[name]) for name in found.keys[row["rule"]]))
    mine = matched.get(str(rule["key"]), set())
    return [
        {
            "rule": rule["key"],
            "name": rule.get("name", rule["key"]),
            "other": key,
            "other_name": one.get("name", key),
            "matches": len(mine),
            "both": len(mine & matched.get(key, set())),
        }
        for key, one in others.items()
    ]
