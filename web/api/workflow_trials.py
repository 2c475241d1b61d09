"""Workflows beyond their definition: who would decide, a walk with sample data, and starting one by hand."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from services import approve, workflow_load, workflow_trials
from web.endpoint import endpoint, principal, workspace

api = APIBlueprint("workflow_trials", __name__, tag="workflows 工作流")
NUMBER = {"type": ["integer", "null"], "minimum": 1, "maximum": 999_999_999_999_999}
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
    "properties": {"record_id": NUMBER, "variables": {"type": "object"}},
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
    """发起流程 / Start a published workflow, on a record of its form when one is named."""
    return approve.submit(
        workspace(),
        workflow=key,
        record_id=body.get("record_id"),
        variables=body.get("variables", {}),
        user=principal().key,
    )


@api.get("/workflows/<key:key>/load")
@endpoint("viewer")
def load(key: str) -> dict[str, Any]:
    """运行情况 / Where its instances stand and how long each step takes."""
    return workflow_load.load(workspace(), workflow=key)
