"""Approval (审批): people agree or refuse, counted by the node's mode."""

from __future__ import annotations

from workflows import deciding
from workflows.flow import Flow
from workflows.node import NodeType, node_type
from workflows.position import Run
from workflows.schemas import ACTIONS, PEOPLE, settings

_OWN = {
    "mode": {
        "enum": ["any", "all", "ratio", "count", "sequential", "random"],
        "default": "all",
        "title": "多人审批方式",
        "x-title-en": "How several decide",
    },
    "or_reject": {"enum": ["first", "all"], "default": "first", "title": "或签驳回", "x-title-en": "Any: refuse at"},
    "collect": {"type": "boolean", "default": False, "title": "等所有人表态", "x-title-en": "Wait for every answer"},
    "ratio": {"type": ["string", "number"], "title": "通过比例", "x-title-en": "Share to pass"},
    "count": {"type": "integer", "minimum": 1, "title": "通过人数", "x-title-en": "Votes to pass"},
    "self": {
        "enum": ["allow", "skip", "superior", "dept_head"],
        "default": "allow",
        "title": "审批人是发起人时",
        "x-title-en": "When the initiator is an approver",
    },
    "dedupe": {
        "enum": ["inherit", "none", "consecutive", "earlier"],
        "default": "inherit",
        "title": "自动通过",
        "x-title-en": "Pass by itself",
    },
    "on_reject": {"type": "string", "pattern": "^(end|branch|goto:.+)$", "default": "end", "title": "驳回后", "x-title-en": "When refused"},
    "actions": {"type": "array", "items": {"enum": list(ACTIONS)}, "title": "可用操作", "x-title-en": "Actions"},
    "add_sign_levels": {"type": "integer", "minimum": 0, "maximum": 5, "default": 1, "title": "被加签人可再加签层数", "x-title-en": "Levels of add-sign by added people"},
}  # fmt: skip


@node_type("approval")
class Approval(NodeType):
    """People decide: any one, all, a share, a count, in order, or one drawn; refusal ends, goes back, or branches."""

    title = "审批"
    title_en = "Approval"
    icon = "audit"
    group = "people"
    schema = settings({**PEOPLE, **_OWN})
    example = {"type": "approval", "approvers": ["role:buyer"], "mode": "any"}  # noqa: RUF012 a constant of the class
    waits = True
    people = True

    def enter(self, flow: Flow, run: Run) -> None:
        """Resolve the approvers, give them seats, and count what passes by itself."""
        own = flow.settings(run.node)
        word = deciding.seat_people(flow, run, own, own=True)
        deciding.copies(flow, run, "enter")
        if word:
            deciding.conclude_vote(flow, run, passed=word == "pass")
        else:
            deciding.review(flow, run)
