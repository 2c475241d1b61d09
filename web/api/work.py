"""Work in progress: replenishment tasks, purchase orders and the workflow instances that carry them."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from services import instance_acts, tasks
from web.endpoint import endpoint, principal, workspace

tasks_api = APIBlueprint("tasks", __name__, tag="tasks 补货任务")
orders_api = APIBlueprint("orders", __name__, tag="orders 采购单")
instances_api = APIBlueprint("instances", __name__, tag="instances 流程实例")
api = [tasks_api, orders_api, instances_api]
PAGE = {
    "status": {"type": "string", "pattern": "^[a-z_]{1,40}$"},
    "q": {"type": "string", "maxLength": 200},
    "limit": {"type": "integer", "minimum": 1, "maximum": 500},
    "cursor": {"type": "string", "maxLength": 200},
}
LIST = {"type": "object", "required": ["items"], "properties": {"items": {"type": "array"}}}
CANCEL = {
    "type": "object",
    "required": ["comment"],
    "additionalProperties": False,
    "properties": {"comment": {"type": "string", "minLength": 1, "maxLength": 1000}},
}
EMPTY = {"type": "object", "additionalProperties": False}
COMMENT = {
    "type": "object",
    "required": ["text"],
    "additionalProperties": False,
    "properties": {
        "text": {"type": "string", "minLength": 1, "maxLength": 2000},
        "users": {"type": "array", "maxItems": 50, "items": {"type": "string", "minLength": 1, "maxLength": 80}},
        "files": {
            "type": "array",
            "maxItems": 20,
            "items": {
                "type": "object",
                "required": ["id", "name"],
                "properties": {
                    "id": {"type": "string", "maxLength": 100},
                    "name": {"type": "string", "maxLength": 200},
                    "size": {"type": "integer", "minimum": 0},
                    "type": {"type": "string", "maxLength": 100},
                },
            },
        },
    },
}


@tasks_api.get("/tasks")
@endpoint("viewer", query=PAGE, answer=LIST)
def list_tasks(query: dict[str, Any]) -> dict[str, Any]:
    """补货任务 / Replenishment tasks with the names of what they link to."""
    return tasks.records_of(workspace(), form="replenishment_task", user=principal().key, **query)


@orders_api.get("/orders")
@endpoint("viewer", query=PAGE, answer=LIST)
def list_orders(query: dict[str, Any]) -> dict[str, Any]:
    """采购单 / Purchase orders."""
    return tasks.records_of(workspace(), form="purchase_order", user=principal().key, **query)


@instances_api.get("/instances")
@endpoint("viewer", query={**PAGE, "workflow": {"type": "string", "maxLength": 55}}, answer=LIST)
def list_instances(query: dict[str, Any]) -> dict[str, Any]:
    """流程实例 / Workflow instances, newest first."""
    return tasks.instances_of(workspace(), **query)


@instances_api.get("/instances/<id:instance>")
@endpoint("viewer")
def show_instance(instance: str) -> dict[str, Any]:
    """一个实例 / One instance: where it stands, its log, and the version it runs."""
    return tasks.instance(workspace(), id=instance)


@instances_api.post("/instances/<id:instance>/recall")
@endpoint("operator", body=EMPTY)
def recall(instance: str, body: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001 an empty body is read all the same
    """撤回 / The initiator takes it back."""
    return instance_acts.act(workspace(), instance=instance, op="recall", user=principal().key)


@instances_api.post("/instances/<id:instance>/urge")
@endpoint("operator", body=EMPTY)
def urge(instance: str, body: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001 an empty body is read all the same
    """催办 / Remind those who have to decide, at most once in half an hour."""
    return instance_acts.act(workspace(), instance=instance, op="urge", user=principal().key)


@instances_api.post("/instances/<id:instance>/cancel")
@endpoint("admin", body=CANCEL)
def cancel(instance: str, body: dict[str, Any]) -> dict[str, Any]:
    """终止 / End it, with a reason."""
    return instance_acts.act(workspace(), instance=instance, op="cancel", user=principal().key, comment=body["comment"])


@instances_api.post("/instances/<id:instance>/retry")
@endpoint("admin", body=EMPTY)
def retry(instance: str, body: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001 an empty body is read all the same
    """重试 / Go on after an incident was put right."""
    return instance_acts.act(workspace(), instance=instance, op="retry", user=principal().key)


@instances_api.post("/instances/<id:instance>/comment")
@endpoint("operator", body=COMMENT)
def comment(instance: str, body: dict[str, Any]) -> dict[str, Any]:
    """评论 / Comment, with files and people who are told; anybody who takes part may."""
    extra = {name: body[name] for name in ("users", "files") if body.get(name)}
    user = principal().key
    return instance_acts.act(workspace(), instance=instance, op="comment", comment=body["text"], user=user, extra=extra)


@instances_api.post("/instances/<id:instance>/read")
@endpoint("operator", body=EMPTY)
def read(instance: str, body: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001 an empty body is read all the same
    """已阅 / Note that I have read my copy."""
    return instance_acts.act(workspace(), instance=instance, op="read", user=principal().key)


@instances_api.post("/instances/<id:instance>/revoke")
@endpoint("operator", body=CANCEL)
def revoke(instance: str, body: dict[str, Any]) -> dict[str, Any]:
    """撤销 / Ask those who approved to let it be undone, after it is completed."""
    return instance_acts.act(workspace(), instance=instance, op="revoke", user=principal().key, comment=body["comment"])
