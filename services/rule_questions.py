"""Questions about a rule that change nothing: what matches now, why (not), what it would have done, what its runs found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from engine import alerting
from engine.problems import DefinitionError
from services import one_record, publish, question_rights, snapshot
from services.findings import labels_of
from services.subjects import Subjects
from services.workspace import Workspace
from store import episodes as kept
from store import runs


def preview(workspace: Workspace, *, definition: Mapping[str, Any], user: str = "") -> dict[str, Any]:
    """Return what a rule as drawn would match now; nothing is kept.

    Raises:
        DefinitionError: everything that is wrong with it.
    """
    problems = publish.check(workspace, kind="rule", definition=dict(definition))
    if problems:
        raise DefinitionError(problems)
    _ask(workspace, user, definition)
    taken = snapshot.of_draft(workspace, definition)
    (rule,) = taken.rules.values()
    found: dict[str, Any] = alerting.matches(
        rule, taken.tables, now=workspace.clock(), forms=taken.forms, calendars=taken.calendars, sample=20
    )
    subjects = Subjects(taken, str(rule["over"]), [one["keys"] for one in found["sample"]])
    labels = labels_of(rule, taken)
    for one in found["sample"]:
        one["labels"] = subjects.labels(one["keys"])
        one["values"] = [{**value, "label": labels.of(value["source"])} for value in one["values"]]
    with workspace.read() as session:
        live = kept.live(session, [str(rule["key"])]).values()
    firing = sum(1 for episode in live if episode.state == "firing")
    return found | {"would_fire": found["total"], "open": firing, "new": max(0, found["total"] - firing)}


def _ask(workspace: Workspace, user: str, rule: Mapping[str, Any]) -> None:
    question_rights.ask(workspace, user=user, over=str(rule.get("over")), sources=question_rights.sources_of(rule))


def explain(workspace: Workspace, *, rule: str, keys: Mapping[str, str], user: str = "") -> dict[str, Any]:
    """Return why the published *rule* fires for the record with *keys*, or why not.

    Raises:
        Refused: there is no such rule or record.
    """
    document = publish.show(workspace, kind="rule", key=rule)["definition"] or {}
    over, sources = str(document.get("over")), question_rights.sources_of(document)
    question_rights.ask(workspace, user=user, over=over, sources=sources, whole=False)
    question_rights.ask_about_keys(workspace, user=user, form=over, keys=keys)
    taken = one_record.of_rule(workspace, rule, keys)
    found: dict[str, Any] = alerting.explain(
        taken.rules[rule], dict(keys), taken.tables, now=workspace.clock(), forms=taken.forms, calendars=taken.calendars
    )
    return found


def explain_draft(
    workspace: Workspace, *, definition: Mapping[str, Any], keys: Mapping[str, str], user: str = ""
) -> dict[str, Any]:
    """Return why a rule as drawn would fire for the record with *keys*, or why not.

    Raises:
        DefinitionError: everything that is wrong with it.
        Refused: there is no such record.
    """
    problems = publish.check(workspace, kind="rule", definition=dict(definition))
    if problems:
        raise DefinitionError(problems)
    over, sources = str(definition["over"]), question_rights.sources_of(definition)
    question_rights.ask(workspace, user=user, over=over, sources=sources, whole=False)
    question_rights.ask_about_keys(workspace, user=user, form=over, keys=keys)
    taken = one_record.of_draft(workspace, definition, keys=keys)
    (rule,) = taken.rules.values()
    found: dict[str, Any] = alerting.explain(
        rule, dict(keys), taken.tables, now=workspace.clock(), forms=taken.forms, calendars=taken.calendars
    )
    return found


def backtest(
    workspace: Workspace,
    *,
    from_: str,
    to: str,
    definition: Mapping[str, Any] | None = None,
    rule: str | None = None,
    user: str = "",
) -> dict[str, Any]:
    """Return what a rule (as drawn, or published) would have done on the days *from_* … *to*.

    Raises:
        DefinitionError: everything that is wrong with it.
    """
    taken = _taken(workspace, definition, rule, user)
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


def threshold(
    workspace: Workspace,
    *,
    from_: str,
    to: str,
    definition: Mapping[str, Any],
    number: int | str | None = None,
    values: Sequence[float] | None = None,
    target: float = 0.95,
    user: str = "",
) -> dict[str, Any]:
    """Return what a rule as drawn would have done for many values of one of its numbers, and which of them is best.

    Raises:
        DefinitionError: everything that is wrong with it.
        BeihuoError: it has no such number.
    """
    taken = _taken(workspace, definition, None, user)
    (rule,) = taken.rules.values()
    found: dict[str, Any] = alerting.threshold(
        rule,
        taken.tables,
        dt.date.fromisoformat(from_),
        dt.date.fromisoformat(to),
        number=number,
        values=values,
        target=target,
        forms=taken.forms,
        calendars=taken.calendars,
        zone=workspace.settings.timezone,
    )
    return found


def numbers(workspace: Workspace, *, definition: Mapping[str, Any], user: str = "") -> list[dict[str, Any]]:
    """Return the numbers of a rule as drawn that `threshold` can try.

    Raises:
        DefinitionError: everything that is wrong with it.
    """
    taken = _taken(workspace, definition, None, user)
    (rule,) = taken.rules.values()
    found = alerting.numbers(rule, taken.tables, forms=taken.forms, calendars=taken.calendars)
    return [one.as_dict() for one in found]


def _taken(
    workspace: Workspace, definition: Mapping[str, Any] | None, rule: str | None, user: str
) -> snapshot.Snapshot:
    """Return what a rule as drawn (else the published *rule*) reads."""
    if definition is None:
        return snapshot.take(workspace, [rule or ""])
    problems = publish.check(workspace, kind="rule", definition=dict(definition))
    if problems:
        raise DefinitionError(problems)
    _ask(workspace, user, definition)
    return snapshot.of_draft(workspace, definition)


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
