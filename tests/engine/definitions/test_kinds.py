"""Definitions are checked whole: every mistake is told, with its place, in words that a business user can act on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from engine.definitions import KINDS, check, schema
from engine.problems import BeihuoError

BAD = sorted((Path(__file__).resolve().parents[2] / "definitions").glob("*.json"))


@pytest.mark.parametrize("file", BAD, ids=lambda file: file.stem)
def test_each_mistake_has_its_message(file: Path):
    """One bad file a mistake; the file says what must be told about it, word for word."""
    case = json.loads(file.read_text(encoding="utf-8"))
    assert case["problems"] == [str(problem) for problem in check(case["kind"], case["document"])]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_sound_schema(kind: str):
    """Each kind of definition has a schema file, itself valid, that refuses unknown keys and asks for a key."""
    found = schema(kind)
    Draft202012Validator.check_schema(found)
    assert "key" in found["required"] or kind == "pack"
    # A policy's keys are those of its type, which has a schema of its own.
    assert found["additionalProperties"] is False or kind == "policy"


GOOD: list[tuple[str, dict[str, Any]]] = [
    (
        "rule",
        {
            "key": "low_stock",
            "name": "低库存预警",
            "over": "stock",
            "where": "sku.category in ('爆款', '新品')",
            "let": {
                "daily": "avg_daily(sales.quantity, 7, exclude='spikes')",
                "可用": "on_hand + in_transit - reserved",
            },
            "levels": [{"level": "warning", "when": "可用 < daily * lead_time_days * 1.5"}],
            "during": [{"calendar": "promotion", "levels": [{"level": "critical", "when": "可用 < 50"}]}],
            "for": "P1D",
            "resolve_when": "可用 > daily * lead_time_days * 1.8",
            "no_data": "keep",
            "on_unknown": "warn",
            "schedule": {"cron": "0 8,14,20 * * mon-fri", "timezone": "Asia/Shanghai"},
            "on_event": ["stock.changed"],
            "group_by": ["sku.owner", "warehouse"],
            "route": "buyers",
            "repeat_every": "P1D",
            "actions": [
                {"type": "notify"},
                {"type": "replenish", "policy": "default"},
                {"type": "start_workflow", "workflow": "replenishment_approval", "if": "level == 'critical'"},
            ],
        },
    ),
    (
        "route",
        {
            "kind": "route",
            "key": "buyers",
            "match": "level == 'critical'",
            "to": ["field:sku.owner", "role:buyer"],
            "channels": ["wecom_app", "sms"],
            "group_by": ["warehouse"],
            "wait": "PT0S",
            "escalate": [{"after": "PT30M", "to": ["superior"]}],
            "routes": [],
        },
    ),
    (
        "calendar",
        {
            "kind": "calendar",
            "key": "promotion",
            "events": [
                {
                    "name": "双11",
                    "phases": [{"name": "开门红", "from": "2026-11-01", "to": "2026-11-03", "multiplier": 2.0}],
                    "channels": ["tmall"],
                    "where": "sku.stage == '爆品'",
                }
            ],
        },
    ),
    (
        "message",
        {
            "kind": "message",
            "key": "low_stock_notice",
            "channel": "wecom_app",
            "language": "zh",
            "title": "…",
            "body": "{{ sku.name }} 只够 {{ days }} 天",
        },
    ),
    (
        "role",
        {
            "kind": "role",
            "key": "buyer",
            "permissions": [
                {"form": "sku", "can": ["view", "edit"], "rows": "owner == me", "fields": {"cost": "hide"}}
            ],
        },
    ),
    (
        "trigger",
        {
            "kind": "trigger",
            "key": "on_task",
            "on": "record.created",
            "form": "replenishment_task",
            "when": "quantity > 0",
            "start": "replenishment_approval",
        },
    ),
    ("dashboard", {"key": "home", "widgets": [{"id": "stockouts", "type": "number", "form": "stock"}]}),
]


@pytest.mark.parametrize(("kind", "document"), GOOD, ids=[kind for kind, _ in GOOD])
def test_the_designs_examples_pass(kind: str, document: dict[str, Any]):
    """What the design shows as a definition has no problem."""
    assert [] == check(kind, document)


def test_an_unknown_kind_is_refused_with_the_nearest_one():
    """Somebody who writes `rules` is told of `rule`."""
    with pytest.raises(BeihuoError, match="是否想用 “rule”"):
        check("rules", {})
