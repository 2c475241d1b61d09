"""The whole story of issue 2 over HTTP, told once and run on SQLite and on PostgreSQL."""

from __future__ import annotations

import re
from typing import Any

from services import dispatch


def tell(shop: Any, browser: Any) -> None:
    """From signing in to the purchase order and the audit trail."""
    lin, chen = browser("lin"), browser("chen")

    # The designer opens the rule, lowers a threshold, sees at once what matches, publishes and runs it.
    rule = lin.get("/rules/low_stock")["definition"]
    assert 2 == lin.post("/rules/preview", {"definition": rule})["total"]
    milder = {**rule, "levels": [{"level": "critical", "when": "available < daily * sku.lead_time_days"}]}
    found = lin.post("/rules/preview", {"definition": milder})
    assert ({"critical": 2}, 4) == (found["by_level"], found["rows"])
    assert "9" in found["sample"][0]["explanation"] + found["sample"][1]["explanation"]
    saved = lin.put("/rules/low_stock/draft", {"definition": milder})
    assert [] == saved["problems"]
    assert 2 == lin.post("/rules/low_stock/publish", {})["version"]
    ran = lin.post("/rules/low_stock/run", {})
    assert (2, 2) == (ran["fired"], ran["tasks"])
    assert ran["examples"][0]["explanation"]
    assert 1 == len(lin.get("/rules/low_stock/runs")["items"])

    # The buyer sees the alert with its numbers and its curve.
    alerts = chen.get("/alerts?state=firing")
    assert {"critical": 2, "warning": 0, "acknowledged": 0, "pending": 0} == alerts["counts"]
    alert = next(item for item in alerts["items"] if item["keys"] == {"sku": "A001", "warehouse": "hd"})
    assert "A001 珍珠耳环" == alert["labels"]["sku"]
    assert alert["task"]["status"] == "approving"
    curve = chen.get(f"/alerts/{alert['id']}/curve?days=30")
    assert (30, [5.0] * 30) == (len(curve["days"]), curve["sales"])
    assert {"fired"} <= {event["event"] for event in chen.get(f"/alerts/{alert['id']}")["history"]}

    # The worker delivers; the notice leads to the page that needs no login.
    assert dispatch.work(shop) >= 3
    notices = chen.get("/messages")["items"]
    todo = next(item for item in notices if item["todo"])
    assert any(item["alert"] == alert["id"] for item in notices)
    phone = browser().client
    page = phone.get(todo["link"])
    assert 200 == page.status_code
    nonce = re.search(r'name="nonce" value="([^"]+)"', page.get_data(as_text=True))[1]
    form = {"nonce": nonce, "op": "approve", "form.quantity": "120", "comment": "尽快"}
    assert 303 == phone.post(todo["link"], data=form).status_code

    # The task has become a purchase order of what was approved.
    task = next(item for item in chen.get("/tasks")["items"] if item["values"]["sku"] == "A001")
    assert ("ordered", 120) == (task["values"]["status"], task["values"]["quantity"])
    order = chen.get("/orders")["items"][0]
    assert task["values"]["purchase_order"] == order["values"]["code"]
    assert 7200 == order["values"]["total"]

    # The manager decides the other one in the application: over 50000.
    wang = browser("wang")
    waiting = wang.get("/todos")["items"]
    assert 1 == len(waiting)
    detail = wang.get(f"/todos/{waiting[0]['id']}")
    assert {"approve", "reject", "return"} <= set(detail["actions"])
    assert ["quantity"] == [field["key"] for field in detail["fields"] if field["access"] == "write"]
    decision = {"op": "reject", "comment": "先清库存", "form": {}, "request_id": "r-1"}
    answer = wang.post(f"/todos/{waiting[0]['id']}/decide", decision)
    assert "rejected" == answer["status"]
    assert True is wang.post(f"/todos/{waiting[0]['id']}/decide", decision)["repeated"]
    assert [] == wang.get("/todos")["items"]
    assert 1 == len(wang.get("/todos?box=done")["items"])
    assert {"ordered", "rejected"} == {item["values"]["status"] for item in chen.get("/tasks")["items"]}

    # Somebody takes note of the other alert, and all of it is in the audit trail, sealed and sound.
    other = next(item for item in alerts["items"] if item["id"] != alert["id"])
    assert "chen" == chen.post(f"/alerts/{other['id']}/acknowledge", {"note": "已联系"})["acknowledged"]["by"]
    admin = browser("admin")
    actions = {row["action"] for row in admin.get("/audit?limit=200")["items"]}
    assert {"rule.run", "definition.published", "todo.decide", "alert.acknowledged", "record.created"} <= actions
    assert True is admin.get("/audit/verify")["sound"]
    overview = chen.get("/overview")
    assert 1 == overview["alerts"]["acknowledged"]
    assert 7 == len(overview["units_7d"])
