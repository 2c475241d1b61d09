"""Approval (审批): people agree or refuse, counted by the node's mode."""

from __future__ import annotations

from workflows import deciding
from workflows.flow import Flow
from workflows.node import NodeType, node_type
from workflows.position import Run
from workflows.schemas import ACTIONS, PEOPLE, settings

_OWN = {
    "mode": {"enum": ["any", "all", "ratio", "count", "sequential", "random"], "default": "all", "title": "多人审批方式", "x-title-en": "How several decide", "x-group": "people", "x-choices": [["any", "或签:一人同意就通过", "Any one"], ["all", "会签:人人都要同意", "Everybody"], ["sequential", "依次:一个接一个", "One after the other"], ["ratio", "票签:同意达到比例", "A share of them"], ["count", "票签:同意达到人数", "A number of them"], ["random", "随机抽一个人", "One drawn by lot"]]},
    "or_reject": {"enum": ["first", "all"], "default": "first", "title": "什么时候算驳回", "x-title-en": "Refused", "x-group": "people", "x-when": {"mode": ["any"]}, "x-choices": [["first", "有一人驳回", "At the first refusal"], ["all", "所有人都驳回", "When all refuse"]]},
    "collect": {"type": "boolean", "default": False, "title": "等所有人表态", "x-title-en": "Wait for every answer", "x-group": "people", "x-when": {"mode": ["all"]}},
    "ratio": {"type": ["string", "number"], "title": "通过比例", "x-title-en": "Share to pass", "description": "例如 2/3 或 60%", "description_en": "2/3 or 60%", "x-group": "people", "x-when": {"mode": ["ratio"]}},
    "count": {"type": "integer", "minimum": 1, "title": "通过人数", "x-title-en": "Votes to pass", "x-group": "people", "x-when": {"mode": ["count"]}},
    "self": {"enum": ["allow", "skip", "superior", "dept_head"], "default": "allow", "title": "审批人就是发起人时", "x-title-en": "When the initiator is an approver", "x-group": "more", "x-choices": [["allow", "照常由他审批", "They decide all the same"], ["skip", "跳过他", "Leave them out"], ["superior", "换成他的上级", "Their superior instead"], ["dept_head", "换成部门负责人", "Their head of department instead"]]},
    "dedupe": {"enum": ["inherit", "none", "consecutive", "earlier"], "default": "inherit", "title": "同一个人前面同意过", "x-title-en": "Agreed before", "x-group": "more", "x-choices": [["inherit", "按流程的设置", "As the workflow says"], ["none", "仍要再审", "Decides again"], ["consecutive", "上一步就是他,自动通过", "Passes when the step before was theirs"], ["earlier", "前面同意过,自动通过", "Passes when agreed anywhere before"]]},
    "on_reject": {"type": "string", "pattern": "^(end|branch|goto:.+)$", "default": "end", "title": "驳回以后", "x-title-en": "When refused", "x-group": "return", "x-choices": [["end", "流程结束", "The workflow ends"], ["branch", "按结果走后面的分支", "Branch on the outcome"], ["goto:", "退到这一步", "Go back to this step"]]},
    "actions": {"type": "array", "items": {"enum": list(ACTIONS), "x-choices": [["approve", "同意", "Approve"], ["reject", "驳回", "Refuse"], ["return", "退回", "Return"], ["add_sign", "加签", "Add approvers"], ["transfer", "转交", "Transfer"], ["delegate", "委派", "Delegate"]]}, "title": "可用操作", "x-title-en": "Actions", "x-group": "more"},
    "add_sign_levels": {"type": "integer", "minimum": 0, "maximum": 5, "default": 1, "title": "被加签的人还能再加几层", "x-title-en": "Levels of add-sign by added people", "x-group": "more"},
}  # fmt: skip


@node_type("approval")
class Approval(NodeType):
    """People decide: any one, all, a share, a count, in order, or one drawn; refusal ends, goes back, or branches."""

    title = "审批"
    title_en = "Approval"
    sentence = "请人同意或驳回；可以一人说了算、人人都要同意、按比例或依次来。"
    sentence_en = "People agree or refuse: one is enough, everybody, a share, or one after the other."
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
