"""Workflows beyond their definition: who would decide, a walk with sample data, and starting one by hand."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from services import drafts, submit, workflow_load, workflow_trials
from web.endpoint import endpoint, principal, workspace

api = APIBlueprint("workflow_trials", __name__, tag="workflows 工作流")
NUMBER = {"type": ["integer", "null"], "minimum": 1, "maximum": 999_999_999_999_999}
KEY = {"type": "string", "pattern": "^[a-z0-9_-]{1,80}$"}
SAMPLE: dict[str, Any] = {
    "definition": {"type": "object"},
    "variables": {"type": "object"},
    "record_id": NUMBER,
    "initiator": {"type": "string", "minLength": 1, "maxLength": 80},
}
PREVIEW = {"type": "object", "required": ["definition"], "additionalProperties": False, "properties": SAMPLE}
TRIAL = {**PREVIEW, "properties": {**SAMPLE, "answers": {"type": "object"}}}
START = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"record_id": NUMBER, "variables": {"type": "object"}, "values": {"type": "object"}, "draft": KEY},
}
DRAFT = {
    "type": "object",
    "required": ["values"],
    "additionalProperties": False,
    "properties": {"values": {"type": "object"}, "draft": KEY},
}


@api.post("/workflows/preview")
@endpoint("operator", body=PREVIEW)
def preview(body: dict[str, Any]) -> dict[str, Any]:
    """预览审批人 / Who would decide, in order, and by which rule each person was named."""
    return workflow_trials.preview(workspace(), user=principal().key, **body)


@api.post("/workflows/test")
@endpoint("designer", body=TRIAL)
def trial(body: dict[str, Any]) -> dict[str, Any]:
    """试运行 / Walk through a workflow with sample data; nothing is kept and nobody is told."""
    return workflow_trials.trial(workspace(), user=principal().key, **body)


@api.post("/workflows/<key:key>/start")
@endpoint("operator", body=START, status=201)
def start(key: str, body: dict[str, Any]) -> dict[str, Any]:
    """发起流程 / Start a published workflow, on a record of its form that is named or, with `values`, made with it."""
    return submit.submit(
        workspace(),
        workflow=key,
        record_id=body.get("record_id"),
        variables=body.get("variables", {}),
        values=body.get("values"),
        draft=body.get("draft"),
        user=principal().key,
    )


@api.post("/workflows/<key:key>/drafts")
@endpoint("operator", body=DRAFT, status=201)
def save_draft(key: str, body: dict[str, Any]) -> dict[str, Any]:
    """存草稿 / Keep what is filled in so far; with `draft` in place of that one."""
    user = principal().key
    return drafts.save(workspace(), workflow=key, values=body["values"], draft=body.get("draft"), user=user)


@api.get("/drafts/<id:draft>")
@endpoint("operator")
def show_draft(draft: str) -> dict[str, Any]:
    """我的草稿 / A draft of mine."""
    return drafts.get(workspace(), draft=draft, user=principal().key)


@api.delete("/drafts/<id:draft>")
@endpoint("operator", answer=None)
def remove_draft(draft: str) -> None:
    """删除草稿 / Forget a draft of mine."""
    drafts.remove(workspace(), draft=draft, user=principal().key)


@api.get("/workflows/<key:key>/load")
@endpoint("viewer")
def load(key: str) -> dict[str, Any]:
    """运行情况 / Where its instances stand and how long each step takes."""
    return workflow_load.load(workspace(), workflow=key)
