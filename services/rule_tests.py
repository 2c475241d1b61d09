"""A record as a test of a rule: the values that its formulas read now, and the level that they give."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine import alerting
from engine.alerting.plan import make_plan
from engine.alerting.rule_tests import inputs
from engine.alerting.subject import World
from engine.problems import DefinitionError
from engine.tables.source import open_tables
from services import one_record, publish, question_rights
from services.workspace import Workspace


def sample(
    workspace: Workspace, *, definition: Mapping[str, Any], keys: Mapping[str, str], user: str = ""
) -> dict[str, Any]:
    """Return `{record, expect, day}`: a test that holds today for the record with *keys*, to keep beside the rule.

    Raises:
        DefinitionError: everything that is wrong with the rule, its own tests apart.
        Refused: there is no such record, or *user* may not see it.
    """
    rule = {name: part for name, part in definition.items() if name != "tests"}
    problems = publish.check(workspace, kind="rule", definition=rule)
    if problems:
        raise DefinitionError(problems)
    over, sources = str(rule["over"]), question_rights.sources_of(rule)
    question_rights.ask(workspace, user=user, over=over, sources=sources, whole=False)
    question_rights.ask_about_keys(workspace, user=user, form=over, keys=keys)
    taken = one_record.of_draft(workspace, rule, keys=keys)
    (drawn,) = taken.rules.values()
    asked: dict[str, Any] = {"now": workspace.clock(), "forms": taken.forms, "calendars": taken.calendars}
    day = workspace.today()
    names = inputs(make_plan(drawn, World(open_tables(taken.tables), taken.forms), taken.calendars, day))
    found = alerting.explain(drawn, keys, taken.tables, **asked)
    return {
        "record": _values(over, names, keys, taken.tables, asked),
        "expect": found["level"] if found["fires"] else None,
        "day": day.isoformat(),
    }


def _values(
    over: str, names: list[str], keys: Mapping[str, str], tables: Mapping[str, Any], asked: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the value of every path and call of *names*, by one rule that names them all."""
    let = {f"v{place}": name for place, name in enumerate(names)}
    shown = " or ".join(f"IS_NULL({name})" for name in let) or "False"
    rule = {
        "key": "sample",
        "name": "sample",
        "over": over,
        "let": let,
        "levels": [{"level": "info", "when": shown}],
    }
    answer = alerting.explain(rule, keys, tables, **asked)
    found = answer["conditions"][0]["values"]
    return {name: found.get(key) for key, name in let.items()}
