"""Alerts as the API shows them, and taking note of them."""

from __future__ import annotations

from typing import Any

import pytest

from engine.problems import DefinitionError
from services import alerts, audit, publish, records
from services.refusal import Refused
from services.workspace import Workspace
from store import episodes, outbox, timers
from store.episodes import EventRow


@pytest.fixture
def firing(shops: Workspace, clock: Any) -> Workspace:
    """Three alerts: a critical, a warning, a resolved one."""
    with shops.write() as session:
        rows = [
            {
                "rule": "low",
                "rule_version": 2,
                "over": "stock",
                "keys": {"sku": sku, "warehouse": warehouse},
                "labels": {"sku": f"{sku} 耳环", "warehouse": "华东仓"},
                "state": state,
                "level": level,
                "started_at": clock.now,
                "fired_at": clock.now,
                "updated_at": clock.now,
                "explanation": "9 < 43.2",
                "measured": [{"source": "available", "label": "可用", "value": 9}],
            }
            for sku, warehouse, state, level in (
                ("A1", "hd", "firing", "warning"),
                ("A2", "hn", "firing", "critical"),
                ("A3", "hd", "resolved", "critical"),
            )
        ]
        for number in episodes.add_many(session, rows):
            episodes.add_events(session, [EventRow(number, clock.now, "fired", "held_long_enough", "warning")])
            timers.set_(session, f"e{number}", kind="escalation", subject=f"episode:{number}", due_at=clock.now)
        outbox.enqueue(
            session,
            [{"idempotency_key": "k", "channel": "mailbox", "recipient": "chen", "title": "t", "episode_id": 1}],
            now=clock.now,
        )
    return shops


def test_the_list_has_the_shape_of_the_api(firing: Workspace) -> None:
    """Critical first; counts, total and cursor beside."""
    found = alerts.list_(firing, user="chen", limit=1)
    rest = alerts.list_(firing, user="chen", limit=1, cursor=found["next_cursor"])

    assert {"critical": 1, "warning": 1, "acknowledged": 0, "pending": 0} == found["counts"]
    assert (2, ["A2"], ["A1"], None) == (
        found["total"],
        [item["keys"]["sku"] for item in found["items"]],
        [item["keys"]["sku"] for item in rest["items"]],
        rest["next_cursor"],
    )
    assert {
        "id": 2,
        "rule": {"key": "low", "name": "low", "version": 2},
        "state": "firing",
        "level": "critical",
        "table": "stock",
        "keys": {"sku": "A2", "warehouse": "hn"},
        "labels": {"sku": "A2 耳环", "warehouse": "华东仓"},
        "started_at": "2026-11-25T02:00:00.000Z",
        "updated_at": "2026-11-25T02:00:00.000Z",
        "resolved_at": None,
        "acknowledged": None,
        "snoozed_until": None,
        "explanation": "9 < 43.2",
        "explanation_en": "",
        "values": [{"source": "available", "label": "可用", "value": 9}],
        "task": None,
    } == found["items"][0]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"state": "all"}, ["A3", "A2", "A1"]),
        ({"state": "resolved"}, ["A3"]),
        ({"level": "warning"}, ["A1"]),
        ({"warehouse": "hn"}, ["A2"]),
        ({"keys": {"sku": "A1"}}, ["A1"]),
        ({"q": "a2"}, ["A2"]),
        ({"rule": "high"}, []),
        ({"acknowledged": True}, []),
        ({"cursor": "nonsense"}, ["A2", "A1"]),
    ],
)
def test_the_list_is_narrowed(firing: Workspace, wanted: dict[str, Any], expected: list[str]) -> None:
    """By state, level, rule, keys and words."""
    assert expected == [item["keys"]["sku"] for item in alerts.list_(firing, **wanted)["items"]]


def test_the_list_is_grouped(firing: Workspace) -> None:
    """By a key, with its label and the levels."""
    groups = alerts.list_(firing, state="all", group_by="warehouse")["groups"]

    assert [("hd", 2, {"critical": 1, "warning": 1}), ("hn", 1, {"critical": 1})] == [
        (group["key"], group["total"], group["by_level"]) for group in groups
    ]


def test_one_alert_has_its_history_and_deliveries(firing: Workspace) -> None:
    """Who did what, and what was sent."""
    alerts.acknowledge(firing, ids=[1], user="chen", note="已下单")
    found = alerts.get(firing, id=1)

    assert [("fired", ""), ("acknowledged", "chen")] == [(event["event"], event["by"]) for event in found["history"]]
    assert [("mailbox", "queued")] == [(delivery["channel"], delivery["state"]) for delivery in found["deliveries"]]
    assert {"by": "chen", "at": "2026-11-25T02:00:00.000Z", "note": "已下单"} == found["acknowledged"]


def test_taking_note_ends_the_escalation(firing: Workspace) -> None:
    """What is taken care of is not told to the next; what has ended cannot be taken."""
    assert {"acknowledged": [1]} == alerts.acknowledge(firing, ids=[1, 3], user="chen")
    with firing.read() as session:
        assert ["e2", "e3"] == sorted(timer.name for timer in timers.waiting(session))
    with pytest.raises(Refused, match="已经解除"):
        alerts.acknowledge(firing, ids=[3], user="chen")

    assert "alert.acknowledged" == audit.list_(firing, kind="alert")["items"][0]["action"]


def test_a_snooze_lies_ahead(firing: Workspace) -> None:
    """A moment without a zone is of the workspace's; one that has passed is refused at its field."""
    alerts.snooze(firing, id=2, until="2026-11-25T12:00:00", user="chen")
    assert "2026-11-25T04:00:00.000Z" == alerts.get(firing, id=2)["snoozed_until"]
    alerts.snooze(firing, id=2, until=None, user="chen")
    assert alerts.get(firing, id=2)["snoozed_until"] is None
    with pytest.raises(DefinitionError, match=r"\$\.until"):
        alerts.snooze(firing, id=2, until="2026-11-25T01:00:00Z", user="chen")
    with pytest.raises(Refused):
        alerts.snooze(firing, id=3, until="2026-11-26T01:00:00Z", user="chen")


def test_an_alert_that_does_not_exist(firing: Workspace) -> None:
    """Is not found."""
    with pytest.raises(Refused) as caught:
        alerts.get(firing, id=99)

    assert 404 == caught.value.status


LOW = {
    "kind": "rule",
    "key": "low",
    "name": "低库存",
    "over": "stock",
    "levels": [{"level": "critical", "when": "on_hand < sku.safety_stock"}],
}


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ({"rows": "warehouse == 'hd'"}, ["A1"]),
        ({}, ["A2", "A1"]),
        ({"fields": {"on_hand": "hide"}}, []),
    ],
)
def test_alerts_of_rows_and_fields_that_are_not_seen_are_not_there(
    firing: Workspace, group: dict[str, Any], expected: list[str]
) -> None:
    """By row scope, and where the rule reads what is hidden; the administrator sees them all."""
    rows = [{"sku": sku, "warehouse": place, "on_hand": 1} for sku, place in (("A1", "hd"), ("A2", "hn"))]
    for form, codes in (("sku", ("A1", "A2")), ("warehouse", ("hd", "hn"))):
        records.bulk_upsert(firing, form=form, rows=[{"code": code} for code in codes], user="admin")
    records.bulk_upsert(firing, form="stock", rows=rows, user="admin")
    role = {
        "kind": "role",
        "key": "buyer",
        "name": "采购",
        "permissions": [{"form": "stock", "can": ["view"], **group}],
    }
    publish.publish_many(firing, [LOW, role], user="admin")

    found = alerts.list_(firing, user="chen")
    assert ([item["keys"]["sku"] for item in found["items"]], found["total"]) == (expected, len(expected))
    assert len(alerts.list_(firing, user="admin")["items"]) == 2
    if "A2" in expected:
        assert alerts.get(firing, id=2, user="chen")["id"] == 2
    else:
        with pytest.raises(Refused):
            alerts.get(firing, id=2, user="chen")
