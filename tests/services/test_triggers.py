"""Events: written with their cause when somebody waits for them, worked once, stopped when they go round in circles."""

from __future__ import annotations

from typing import Any

import pytest

from services import audit, publish, records, triggers
from services.happenings import announce
from services.workspace import Workspace
from store import events, instances, slots

FLOW: dict[str, Any] = {
    "kind": "workflow",
    "key": "look",
    "name": "查看",
    "form": "sku",
    "nodes": {
        "start": {"type": "start"},
        "look": {"type": "approval", "name": "看一眼", "approvers": ["user:chen"]},
        "end": {"type": "end"},
    },
    "edges": [{"id": "e1", "from": "start", "to": "look"}, {"id": "e2", "from": "look", "to": "end"}],
}
TRIGGER: dict[str, Any] = {
    "kind": "trigger",
    "key": "on_sku",
    "name": "新商品",
    "on": "record.created",
    "form": "sku",
    "when": "safety_stock > 10",
    "start": "look",
}


@pytest.fixture
def waiting(shops: Workspace) -> Workspace:
    """A workspace in which a workflow waits for new SKUs."""
    publish.publish_many(shops, [FLOW, TRIGGER], user="admin")
    return shops


def _instances(workspace: Workspace) -> list[tuple[str, int | None, int]]:
    with workspace.read() as session:
        return [(i.workflow, i.record_id, i.depth) for i in instances.page(session)]


def test_a_new_record_starts_the_workflow_that_waits_for_it(waiting: Workspace) -> None:
    """On that record, once; a record that does not meet the condition starts nothing."""
    made = records.create(waiting, form="sku", values={"code": "A"}, user="chen")
    records.create(waiting, form="sku", values={"code": "B", "safety_stock": 1}, user="chen")

    assert (2, 0) == (triggers.work(waiting), triggers.work(waiting))
    assert [("look", made["id"], 1)] == _instances(waiting)


def test_nobody_waiting_means_no_event(shops: Workspace) -> None:
    """A workspace without triggers does not fill its table."""
    records.create(shops, form="sku", values={"code": "A"}, user="chen")

    assert 0 == triggers.work(shops)


def test_what_was_not_kept_is_not_told(waiting: Workspace) -> None:
    """An event belongs to its cause: rolled back together."""

    def fail(session: Any) -> None:
        records.create_in(session, waiting, form="sku", values={"code": "A"}, user="chen")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        waiting.transact(fail)

    assert 0 == triggers.work(waiting)


def test_automations_that_go_round_in_circles_are_stopped(waiting: Workspace) -> None:
    """After eight steps, and the audit log names the trigger."""
    with waiting.write() as session:
        records.create_in(session, waiting, form="sku", values={"code": "A"}, user="chen", depth=8)
    triggers.work(waiting)

    assert [] == _instances(waiting)
    stopped = audit.list_(waiting, kind="event")["items"][0]
    assert "automation.stopped" == stopped["action"]
    assert "新商品" in stopped["summary"]


def test_a_rule_is_evaluated_once_for_many_events(shops: Workspace, clock: Any) -> None:
    """A trigger asks for rules; ten events plan one evaluation."""
    rule = {
        "kind": "rule",
        "key": "low",
        "name": "低库存",
        "over": "stock",
        "levels": [{"level": "warning", "when": "on_hand < sku.safety_stock"}],
        "on_event": ["stock.changed"],
    }
    asks = {"kind": "trigger", "key": "t", "name": "t", "on": "signal", "signal": "go", "evaluate": ["low"]}
    publish.publish_many(shops, [rule, asks], user="admin")
    with shops.write() as session:
        for _ in range(10):
            announce(session, shops, "signal", signal="go")
        announce(session, shops, "signal", signal="other")
    triggers.work(shops)
    with shops.read() as session:
        assert [("event", clock.now, "due")] == [
            (slot.kind, slot.scheduled_for, slot.state) for slot in slots.of(session, "event", "low")
        ]
    clock.pass_(seconds=1)
    rows = [{"code": "hd"}]
    records.bulk_upsert(shops, form="warehouse", rows=rows, user="chen")
    records.bulk_upsert(shops, form="sku", rows=[{"code": f"A{n}"} for n in range(5)], user="chen")
    stock = [{"sku": f"A{n}", "warehouse": "hd", "on_hand": n} for n in range(5)]
    records.bulk_upsert(shops, form="stock", rows=stock, user="chen")

    assert 1 == triggers.work(shops)
    with shops.read() as session:
        assert 2 == len(slots.of(session, "event", "low"))


def test_a_failing_start_is_tried_again_and_told(waiting: Workspace, clock: Any) -> None:
    """A workflow that is switched off: five attempts, then the reason in the audit log."""
    records.create(waiting, form="sku", values={"code": "A"}, user="chen")
    publish.enable(waiting, kind="workflow", key="look", enabled=False, user="admin")
    worked = 0
    for _ in range(10):
        worked += triggers.work(waiting)
        clock.pass_(hours=1)

    assert 5 == worked
    assert "event.failed" == audit.list_(waiting, kind="event")["items"][0]["action"]
    with waiting.read() as session:
        assert not events.has_work(session, clock.now)
