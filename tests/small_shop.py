"""A shop of three SKUs and two warehouses over the real base forms: what the stories of the API are told with."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pyarrow as pa
from argon2 import PasswordHasher

from services import publish, records, users
from services.workspace import Settings, Workspace, open_workspace
from store import users as kept

NOW = dt.datetime(2026, 11, 25, 2, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 25)
PASSWORD = "three-blue-kettles"
HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
BASE = Path(__file__).resolve().parent.parent / "rule_templates" / "packs" / "base.pack.json"
PEOPLE = [
    {"key": "admin", "name": "管理员", "roles": ["admin"]},
    {"key": "wang", "name": "王敏", "roles": ["operator", "manager"]},
    {"key": "lin", "name": "林晓", "roles": ["designer"]},
    {"key": "chen", "name": "陈宁", "roles": ["operator", "buyer"], "superior": "wang"},
    {"key": "guest", "name": "访客", "roles": ["viewer"]},
]
RULE = {
    "kind": "rule",
    "key": "low_stock",
    "name": "低库存预警",
    "over": "stock",
    "let": {"daily": "avg_daily(sales.quantity, 7)", "available": "on_hand + in_transit - reserved"},
    "levels": [
        {"level": "warning", "when": "available < daily * sku.lead_time_days * 1.5"},
        {"level": "critical", "when": "available < daily * sku.lead_time_days * 1.2"},
    ],
    "schedule": {"cron": "0 8 * * *", "timezone": "Asia/Shanghai"},
    "route": "buyers",
    "actions": [
        {"type": "notify"},
        {"type": "replenish", "if": "level == 'critical'"},
        {"type": "start_workflow", "workflow": "replenishment_approval", "if": "level == 'critical'"},
    ],
}
ROUTE = {
    "kind": "route",
    "key": "buyers",
    "name": "采购",
    "to": ["role:buyer"],
    "channels": ["mailbox"],
    "group_by": ["sku", "warehouse"],
}
WORKFLOW = {
    "kind": "workflow",
    "key": "replenishment_approval",
    "name": "补货审批",
    "form": "replenishment_task",
    "policy": {"links": "link"},
    "nodes": {
        "start": {"type": "start", "name": "提交"},
        "size": {"type": "exclusive", "name": "金额"},
        "buyer": {
            "type": "approval",
            "name": "采购审批",
            "approvers": ["role:buyer"],
            "mode": "any",
            "write": ["quantity"],
        },
        "manager": {
            "type": "approval",
            "name": "主管审批",
            "approvers": ["role:manager"],
            "mode": "any",
            "write": ["quantity"],
        },
        "order": {
            "type": "create_record",
            "name": "生成采购单",
            "form": "purchase_order",
            "values": {
                "supplier": "supplier",
                "warehouse": "warehouse",
                "task": "code",
                "lines": [{"sku": "sku", "quantity": "quantity", "price": "unit_cost"}],
            },
        },
        "end": {"type": "end", "name": "结束"},
    },
    "edges": [
        {"id": "e1", "from": "start", "to": "size"},
        {"id": "e2", "from": "size", "to": "manager", "condition": "amount > 50000"},
        {"id": "e3", "from": "size", "to": "buyer", "default": True},
        {"id": "e4", "from": "buyer", "to": "order"},
        {"id": "e5", "from": "manager", "to": "order"},
        {"id": "e6", "from": "order", "to": "end"},
    ],
}
SKUS = [
    {
        "code": "A001",
        "name": "珍珠耳环",
        "unit_cost": 60,
        "lead_time_days": 7,
        "supplier": "s1",
        "moq": 50,
        "pack_size": 10,
        "owner": "chen",
    },
    {
        "code": "A002",
        "name": "银手链",
        "unit_cost": 900,
        "lead_time_days": 7,
        "supplier": "s1",
        "moq": 50,
        "pack_size": 10,
        "owner": "chen",
    },
    {
        "code": "A003",
        "name": "发夹",
        "unit_cost": 5,
        "lead_time_days": 7,
        "supplier": "s1",
        "moq": 10,
        "pack_size": 1,
        "owner": "chen",
    },
]
STOCK = [
    {"sku": "A001", "warehouse": "hd", "on_hand": 12, "reserved": 3, "in_transit": 0},
    {"sku": "A001", "warehouse": "hn", "on_hand": 400, "reserved": 0, "in_transit": 20},
    {"sku": "A002", "warehouse": "hd", "on_hand": 20, "reserved": 0, "in_transit": 0},
    {"sku": "A003", "warehouse": "hd", "on_hand": 1000, "reserved": 0, "in_transit": 0},
]
DAILY = {("A001", "hd"): 5, ("A001", "hn"): 5, ("A002", "hd"): 12, ("A003", "hd"): 5}


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self, now=NOW):
        self.now = now

    def __call__(self):
        return self.now


def open_shop(folder: Path, *, url: str = "", base_url: str = "http://127.0.0.1:8000", clock=None) -> Workspace:
    """Return a workspace with people, forms, records, 40 days of sales, a rule, a route and a workflow."""
    settings = Settings(data_dir=folder, database_url=url, secret_key="0123456789abcdef" * 2, base_url=base_url)
    workspace = open_workspace(settings, clock or Clock())
    for person in PEOPLE:
        users.create(workspace, values={"password": PASSWORD, "language": "zh", **person}, user="admin")
    with workspace.write() as session:  # cheap hashes: signing in is in nearly every test
        for person in PEOPLE:
            kept.change(session, person["key"], password_hash=HASH)
    forms = json.loads(BASE.read_text())["definitions"]
    publish.publish_many(workspace, [*forms, ROUTE, WORKFLOW, RULE], user="admin")
    fill(workspace)
    return workspace


def fill(workspace: Workspace) -> None:
    """Write the records and the sales."""
    rows = {
        "supplier": [{"code": "s1", "name": "义乌饰品厂", "lead_time_days": 7}],
        "warehouse": [{"code": "hd", "name": "华东仓"}, {"code": "hn", "name": "华南仓"}],
        "sku": SKUS,
        "stock": STOCK,
    }
    for form, values in rows.items():
        answer = records.bulk_upsert(workspace, form=form, rows=values, match=None, user="admin")
        assert [] == answer["errors"], answer
    workspace.facts("sales").append(sales(), "test-sales")


def sales() -> pa.Table:
    """Return 40 days of the same sales every day."""
    days = [TODAY - dt.timedelta(days=n) for n in range(40, 0, -1)]
    rows = [(sku, warehouse, day, quantity) for (sku, warehouse), quantity in DAILY.items() for day in days]
    return pa.table(
        {
            "sku": [row[0] for row in rows],
            "warehouse": [row[1] for row in rows],
            "channel": ["tmall"] * len(rows),
            "date": pa.array([row[2] for row in rows], pa.date32()),
            "quantity": pa.array([row[3] for row in rows], pa.int64()),
        }
    )
