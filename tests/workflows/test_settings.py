"""The settings of node types: what each accepts and what it refuses, so that a panel drawn from the schema tells the truth."""

from __future__ import annotations

from typing import Any

import pytest

from engine.definitions import problems_in
from workflows.node import NODE_TYPES
from workflows.soundness.shape import COMMON

NO_TEXT: list[Any] = [5, True, None, ["x"], {"a": 1}]
NO_TEXTS: list[Any] = ["x", 5, None, {"a": 1}, [5], [None]]
NO_VALUES: list[Any] = ["x", 5, None, ["x"], {"a": {"b": 1}}]
NO_DURATION: list[Any] = [None, True, ["x"], {"a": 1}]
GOOD: dict[str, list[Any]] = {
    "approvers": [["role:buyer"], ["superior", "user:x"], []],
    "empty": ["error", "pass", "reject", "admin", "user:x"],
    "timeout": [
        [], [{"after": "PT4H", "action": "remind"}], [{"after": 60, "action": "pass", "calendar": "work"}],
        [{"before": "P1D", "from": "needed_by", "action": "reject", "calendar": "wall"}], [{"after": 1, "action": "transfer:x"}],
        [{"after": 1, "action": "return:A"}], [{"after": 1, "action": "escalate", "how": "transfer", "every": "P1D", "max": 2}],
        [{"after": 1, "action": "escalate", "how": "parallel", "every": 60, "max": 1}],
    ],
    "cc": [[], [{"to": ["x"]}], [{"on": "enter", "to": ["x"]}, {"on": "pass", "to": []}, {"on": "reject", "to": ["y"]}]],
    "write": [[], ["note"]], "read": [[], ["note"]], "hide": [[], ["note"]], "return_to": [[], ["A", "START"]],
    "resume": ["replay", "direct", "changed", "ask"],
    "required_on": [{}, {"reject": ["reason"]}],
    "mode": ["any", "all", "ratio", "count", "sequential", "random"], "or_reject": ["first", "all"], "collect": [True, False],
    "ratio": ["2/3", 0.5], "count": [1, 5], "self": ["allow", "skip", "superior", "dept_head"],
    "dedupe": ["inherit", "none", "consecutive", "earlier"], "on_reject": ["end", "branch", "goto:A"],
    "actions": [[], ["approve", "reject", "return", "add_sign", "transfer", "delegate"]], "add_sign_levels": [0, 1, 5],
    "to": [["x"], []], "n": [1, 3], "split": ["f"], "cancel": [True, False], "each": ["rows"], "until": ["done > 1"],
    "workflow": ["child"], "in": [{}, {"n": "quantity", "k": 5}], "out": [{}, {"n": "quantity"}], "starter": ["initiator", "field:owner"],
    "wait": [True, False], "after": ["PT1H", 60, 0.5], "before": ["PT1H", 60], "from": ["needed_by"], "calendar": ["work", "wall"],
    "signal": ["stock_in"], "persistent": [True, False], "set": [{}, {"n": "n + 1", "k": 5, "b": True, "e": None}],
    "form": ["sku"], "values": [{}, {"a": "x", "b": 5, "c": False, "d": None, "e": [{"k": "v"}]}], "record": ["code", 5, None, True],
    "where": [{}, {"a": "x"}], "filter": ["quantity > 5"], "sort": ["-code"], "limit": [1, 1000], "fields": [[], ["code"]],
    "aggregate": [{}, {"n": "count(*)", "s": "sum(quantity)", "a": "average(x)", "l": "min(x)", "h": "max(x)"}],
    "url": ["https://example.com"], "method": ["GET", "POST", "PUT", "PATCH", "DELETE"], "headers": [{}, {"X": "y"}], "connection": ["erp"],
    "body": [{}, {"a": "x"}], "message": ["notice"], "title": ["标题"], "text": ["内容"], "channels": [[], ["mailbox"]], "policy": ["default"],
    "compensate": [{"type": "delete_record"}, {"type": "delete_record", "form": "f", "values": {"code": "result.K.code"}}],
}  # fmt: skip
BAD: dict[str, list[Any]] = {
    "approvers": [*NO_TEXTS, [""]], "empty": [*NO_TEXT, "nobody", "user:", "passes"],
    "timeout": [
        "x", 5, {}, ["x"], [{}], [{"after": 1}], [{"after": 1, "action": "shout"}], [{"after": 1, "action": "transfer:"}],
        [{"after": 1, "action": "return:"}], [{"after": 1, "action": "remind", "when": 1}], [{"after": None, "action": "remind"}],
        [{"before": [], "action": "remind"}], [{"after": 1, "action": "remind", "every": True}], [{"after": 1, "action": "remind", "max": 0}],
        [{"after": 1, "action": "remind", "max": "x"}], [{"after": 1, "action": "remind", "calendar": "moon"}], [{"after": 1, "action": 5}],
        [{"after": 1, "action": "escalate", "how": "loudly"}], [{"after": 1, "action": "remind", "from": ""}], [{"after": 1, "action": "remind", "from": 5}],
    ],
    "cc": ["x", {}, ["x"], [{}], [{"to": "x"}], [{"to": [5]}], [{"to": ["x"], "on": "leave"}], [{"to": ["x"], "when": "pass"}]],
    "write": NO_TEXTS, "read": NO_TEXTS, "hide": NO_TEXTS, "return_to": NO_TEXTS, "resume": [*NO_TEXT, "never"],
    "required_on": ["x", ["x"], {"reject": "reason"}, {"reject": [5]}],
    "mode": [*NO_TEXT, "most"], "or_reject": [*NO_TEXT, "last"], "collect": ["x", 5, None], "ratio": [None, True, [], {}],
    "count": [0, "x", 1.5, None, True], "self": [*NO_TEXT, "deny"], "dedupe": [*NO_TEXT, "often"], "on_reject": [*NO_TEXT, "goto:", "stop", "ends"],
    "actions": ["approve", [5], ["sing"]], "add_sign_levels": [-1, 6, "x", 1.5], "to": [*NO_TEXTS, [""]],
    "n": [0, "x", 1.5, None], "split": NO_TEXT, "cancel": ["x", 5, None], "each": [*NO_TEXT, ""], "until": [*NO_TEXT, "", "x" * 2001],
    "workflow": NO_TEXT, "in": NO_VALUES, "out": NO_VALUES, "starter": NO_TEXT, "wait": ["x", 5], "after": NO_DURATION, "before": NO_DURATION,
    "from": [*NO_TEXT, ""], "calendar": [*NO_TEXT, "moon"], "signal": [*NO_TEXT, ""], "persistent": ["x", 5], "set": NO_VALUES, "form": NO_TEXT,
    "values": [*NO_VALUES, {"a": "x" * 2001}], "record": [["x"], {"a": 1}, "x" * 2001], "where": NO_VALUES, "filter": [*NO_TEXT, ""],
    "sort": NO_TEXT, "limit": [0, 1001, "x", 1.5], "fields": NO_TEXTS, "aggregate": ["x", {"n": "median(x)"}, {"n": 5}, {"n": "sum"}],
    "url": [*NO_TEXT, "", "x" * 2001], "method": [*NO_TEXT, "TRACE"], "headers": ["x", {"X": 5}], "connection": NO_TEXT, "body": NO_VALUES,
    "message": NO_TEXT, "title": NO_TEXT, "text": NO_TEXT, "channels": NO_TEXTS, "policy": NO_TEXT,
    "compensate": ["x", {}, {"type": 5}, {"type": "delete_record", "values": "x"}, {"type": "delete_record", "values": {"a": {}}}],
}  # fmt: skip
EVERY = sorted((kind, setting) for kind, node in NODE_TYPES.items() for setting in node.schema["properties"])
DEFAULTS = {
    "empty": "error", "resume": "replay", "mode": "all", "or_reject": "first", "collect": False, "self": "allow", "dedupe": "inherit",
    "add_sign_levels": 1, "cancel": False, "starter": "initiator", "wait": True, "calendar": "wall", "persistent": False, "method": "POST",
}  # fmt: skip
REQUIRED = {
    "cc": {"to"}, "each": {"each"}, "signal": {"signal"}, "set": {"set"}, "call": {"workflow"}, "create_record": {"form", "values"},
    "update_record": {"form", "values"}, "query_records": {"form"}, "delete_record": {"form"}, "webhook": {"url"}, "notify": {"to"},
}  # fmt: skip


OF_CHILDREN = {"good": ["fail", "continue"], "bad": [*NO_TEXT, "end", "goto:A"]}


def refused(kind: str, setting: str, value: Any) -> bool:
    """Say whether the type's schema refuses that value of the setting."""
    node = {**NODE_TYPES[kind].example, setting: value}
    schema = {**NODE_TYPES[kind].schema, "properties": {**COMMON, **NODE_TYPES[kind].schema["properties"]}}
    return any(problem.path.startswith(f"$.{setting}") for problem in problems_in(schema, node))


@pytest.mark.parametrize(("kind", "setting"), EVERY)
def test_what_a_setting_takes(kind: str, setting: str) -> None:
    """Every setting accepts what the documentation says and refuses everything else."""
    own = setting == "on_reject" and kind in {"call", "each"}
    for value in OF_CHILDREN["good"] if own else GOOD[setting]:
        assert not refused(kind, setting, value), value
    for value in OF_CHILDREN["bad"] if own else BAD[setting]:
        assert refused(kind, setting, value), value


@pytest.mark.parametrize("kind", sorted(NODE_TYPES))
def test_required_and_unknown_settings(kind: str) -> None:
    """What a type cannot do without is required; a key that it does not know is refused."""
    schema = NODE_TYPES[kind].schema

    assert REQUIRED.get(kind, set()) == set(schema["required"])
    found = problems_in(
        {**schema, "properties": {**COMMON, **schema["properties"]}}, {**NODE_TYPES[kind].example, "sparkle": 1}
    )
    assert ["unknown key sparkle"] == [problem.message_en for problem in found]


@pytest.mark.parametrize(("kind", "setting"), EVERY)
def test_shown_defaults_are_the_real_ones(kind: str, setting: str) -> None:
    """A default that the panel shows is what the core does."""
    schema = NODE_TYPES[kind].schema["properties"][setting]

    if setting in DEFAULTS:
        assert DEFAULTS[setting] == schema["default"]
    elif setting == "on_reject":
        assert ("end" if kind == "approval" else "fail") == schema["default"]


def test_boundary_events() -> None:
    """Every node may have boundary events: id, after, and what else."""
    schema = {"type": "object", "properties": dict(COMMON)}
    for good in (
        [{"id": "dead", "after": "PT4H"}],
        [
            {
                "id": "dead",
                "after": 60,
                "interrupting": False,
                "every": None,
                "calendar": "work",
                "from": "day",
                "name": "催",
            }
        ],
        [{"id": "dead", "after": 60, "every": "P1D"}],
    ):
        assert [] == problems_in(schema, {"boundary": good})
    for bad in (
        "x", [{}], [{"id": "x"}], [{"after": 1}], [{"id": "a#b", "after": 1}], [{"id": 5, "after": 1}], [{"id": "x", "after": None}],
        [{"id": "x", "after": 1, "interrupting": "no"}], [{"id": "x", "after": 1, "every": []}], [{"id": "x", "after": 1, "calendar": "moon"}],
        [{"id": "x", "after": 1, "from": 5}], [{"id": "x", "after": 1, "name": 5}], [{"id": "x", "after": 1, "until": 1}],
    ):  # fmt: skip
        assert problems_in(schema, {"boundary": bad}), bad
    for bad in (
        {"name": 5},
        {"name_en": 5},
        {"description": 5},
        {"position": 5},
        {"name": "x" * 201},
        {"name_en": "x" * 201},
        {"description": "x" * 4001},
    ):
        assert problems_in(schema, bad), bad
