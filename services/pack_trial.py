"""Try a pack out before it is switched on: its own tests, on its own rows, nothing of the workspace touched."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from rule_templates import Pack
from services.snapshot import as_read
from services.typed_table import typed_table

Document = Mapping[str, Any]
_NOON = dt.time(12)
_TOLERANCE = 1e-9


def run_tests(pack: Pack, forms: Mapping[str, Document], calendars: Mapping[str, Document]) -> list[dict[str, Any]]:
    """Run the pack's tests and return `[{name, name_en, passed, differences: [{message, message_en}]}]`.

    Args:
        pack: the pack; every test fills in its own inputs over the defaults.
        forms: the forms that will be published when the pack is, by key.
        calendars: likewise the calendars.
    """
    return [_run(test, pack, forms, calendars) for test in pack.document.get("tests", ())]


def _run(
    test: Document, pack: Pack, forms: Mapping[str, Document], calendars: Mapping[str, Document]
) -> dict[str, Any]:
    definitions = {(one["kind"], one["key"]): one for one in pack.definitions(test.get("inputs"))}
    expected: Document = test["expect"]
    differences: list[tuple[str, str]] = []
    if "alerts" in expected:
        rules = [
            one for (kind, key), one in definitions.items() if kind == "rule" and key in _wanted(test, definitions)
        ]
        calendars = {**calendars, **{key: one for (kind, key), one in definitions.items() if kind == "calendar"}}
        differences += _compare(expected["alerts"], list(_alerts(test, rules, forms, calendars)))
    if "tasks" in expected:
        differences += _compare_tasks(expected["tasks"], test, pack)
    for approval in expected.get("approvals", ()):
        differences += _approval(approval, definitions)
    return {
        "name": test["name"],
        "name_en": test.get("name_en", test["name"]),
        "passed": not differences,
        "differences": [{"message": zh, "message_en": en} for zh, en in differences],
    }


def _compare_tasks(expected: list[Document], test: Document, pack: Pack) -> list[tuple[str, str]]:
    """Return how the replenishment tasks that the pack makes in a workspace of its own differ from those expected.

    An expected task gives some of its values (sku, warehouse, quantity …); one made and not expected is a difference too.
    """
    from services.pack_try import tried  # noqa: PLC0415 it installs, which runs tests

    left = tried(test, pack, {})["tasks"]
    differences = []
    for one in expected:
        match = next((task for task in left if all(_equal(task.get(name), value) for name, value in one.items())), None)
        if match is None:
            told = ", ".join(f"{name}={value}" for name, value in one.items())
            differences.append((f"应有补货任务而没有:{told}", f"expected, no such task: {told}"))
            continue
        left.remove(match)
    for task in left:
        told = f"{task.get('sku')}/{task.get('warehouse')} × {task.get('quantity')}"
        differences.append((f"多出的补货任务:{told}", f"a task that was not expected: {told}"))
    return differences


def _wanted(test: Document, definitions: Mapping[tuple[str, str], Document]) -> set[str]:
    return set(test.get("rules") or [key for kind, key in definitions if kind == "rule"])


@dataclass(frozen=True, slots=True)
class _Alert:
    rule: str
    level: str
    keys: dict[str, str]
    values: dict[str, Any]

    @property
    def words(self) -> str:
        return f"{self.rule} {self.level} {'/'.join(self.keys.values())}"


def _alerts(
    test: Document, rules: Sequence[Document], forms: Mapping[str, Document], calendars: Mapping[str, Document]
) -> Iterable[_Alert]:
    from engine import alerting  # noqa: PLC0415 the columnar libraries are for trials only

    given = test["tables"]
    tables = {
        key: typed_table(form, given.get(key, ()))
        for key, form in forms.items()
        if key in given or form.get("storage") == "facts"
    }
    now = dt.datetime.combine(dt.date.fromisoformat(test["as_of"]), _NOON, ZoneInfo("Asia/Shanghai"))
    found = alerting.evaluate(
        list(rules),
        tables,
        now=now,
        forms={key: as_read(form) for key, form in forms.items() if key in tables},
        calendars=dict(calendars),
    )
    for row in found.breaches.to_pylist():
        keys = {name: row[name] for name in found.keys[row["rule"]]}
        yield _Alert(row["rule"], row["level"], keys, json.loads(row["values"]))


def _compare(expected: list[Document], found: list[_Alert]) -> list[tuple[str, str]]:
    differences: list[tuple[str, str]] = []
    left = list(found)
    for one in expected:
        wanted = _Alert(
            one["rule"], one["level"], {k: str(v) for k, v in one["keys"].items()}, dict(one.get("values", {}))
        )
        match = next((alert for alert in left if (alert.rule, alert.keys) == (wanted.rule, wanted.keys)), None)
        if match is None:
            differences.append((f"应有预警而没有:{wanted.words}", f"expected, not raised: {wanted.words}"))
            continue
        left.remove(match)
        if match.level != wanted.level:
            differences.append((f"{match.words}:级别应为 {wanted.level}", f"{match.words}: should be {wanted.level}"))
        for name, value in wanted.values.items():
            if not _equal(match.values.get(name), value):
                is_ = match.values.get(name)
                differences.append(
                    (
                        f"{match.words}:{name} 应为 {value},实为 {is_}",
                        f"{match.words}: {name} should be {value}, is {is_}",
                    )
                )
    differences += [(f"多出的预警:{alert.words}", f"raised, not expected: {alert.words}") for alert in left]
    return differences


def _equal(found: Any, wanted: Any) -> bool:
    if isinstance(found, int | float) and isinstance(wanted, int | float):
        return abs(found - wanted) <= _TOLERANCE * max(1.0, abs(wanted))
    return bool(found == wanted)


class _Everybody:
    """A directory in which every role is held by somebody of its name."""

    def superior(self, user: str) -> str | None:
        return f"{user}_superior"

    def members(self, group: str) -> list[str]:
        return [group.removeprefix("role:")]

    def department_head(self, user: str, n: int = 1) -> str | None:
        return f"{user}_head_{n}"

    def active(self, user: str) -> bool:
        return bool(user)

    def agent(self, user: str, workflow: str) -> str | None:
        del user, workflow
        return None

    def admin(self) -> str:
        return "admin"


def _approval(expected: Document, definitions: Mapping[tuple[str, str], Document]) -> list[tuple[str, str]]:
    import workflows  # noqa: PLC0415 as above

    definition = definitions[("workflow", expected["workflow"])]
    instance, _ = workflows.start(
        definition,
        dict(expected["variables"]),
        initiator="initiator",
        now=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        directory=_Everybody(),
        library={},
    )
    waiting = sorted(item.split(":")[0] for item in workflows.open_work(instance))
    if waiting == sorted(expected["waiting"]):
        return []
    key, wanted = expected["workflow"], "、".join(expected["waiting"])
    shown = "、".join(waiting) or str(instance.status)
    return [(f"{key}:应等 {wanted},实为 {shown}", f"{key}: should wait at {wanted}, is at {shown}")]
