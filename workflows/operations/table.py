"""Which operations exist, while the instance is in which status, and where they are addressed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.problems import did_you_mean
from workflows import children, tokens
from workflows.flow import Flow
from workflows.instance import label
from workflows.operations import administering, decide, handing, sending_back, signing, system, talking
from workflows.refusal import Refused, Trouble

_LIVE = frozenset({"running", "incident"})
_ENDED = frozenset({"completed", "rejected", "recalled", "cancelled"})
_ANY = frozenset({"draft", "suspended", "revoking"}) | _LIVE | _ENDED


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: what it does, in which statuses it may, and in which it is quietly nothing."""

    perform: Callable[[Flow, Mapping[str, Any]], None]
    statuses: frozenset[str] = _LIVE
    nothing: frozenset[str] = frozenset()


_VOTE = _LIVE | {"revoking"}
_OPEN = _LIVE | {"suspended", "revoking"}

OPERATIONS: Mapping[str, Operation] = {
    "complete": Operation(decide.complete),
    "approve": Operation(decide.approve, _VOTE),
    "reject": Operation(decide.reject, _VOTE),
    "retract": Operation(decide.retract),
    "return": Operation(sending_back.return_),
    "resubmit": Operation(sending_back.resubmit),
    "add_sign": Operation(signing.add_sign),
    "remove_sign": Operation(signing.remove_sign),
    "transfer": Operation(handing.transfer),
    "delegate": Operation(handing.delegate),
    "take_back": Operation(handing.take_back),
    "handover": Operation(handing.handover, _OPEN),
    "recall": Operation(administering.recall, _LIVE | {"completed"}),
    "revoke": Operation(administering.revoke, frozenset({"completed"})),
    "cancel": Operation(administering.cancel, _OPEN),
    "suspend": Operation(administering.suspend),
    "resume": Operation(administering.resume, frozenset({"suspended"})),
    "retry": Operation(administering.retry),
    "urge": Operation(talking.urge, _VOTE),
    "comment": Operation(talking.comment, _ANY),
    "read": Operation(talking.read, _ANY),
    "add": Operation(system.add),
    "signal": Operation(system.signal, _LIVE, _ANY - _LIVE),
    "advance_time": Operation(system.advance_time, _LIVE, _ANY - _LIVE),
    "effect_done": Operation(system.effect_done, _ANY),
    "migrate": Operation(system.migrate, _LIVE | {"suspended"}),
}


def perform(flow: Flow, event: Mapping[str, Any]) -> None:
    """Carry out one operation and let the instance move as far as it can.

    Raises:
        Refused: it may not be done; the caller throws the changed copy away.
    """
    name = str(event.get("op"))
    operation = OPERATIONS.get(name)
    if operation is None:
        near = did_you_mean(name, OPERATIONS)
        hint = f"(是否想用“{near}”?)" if near else ""
        raise Refused("unknown_op", f"没有操作“{name}”{hint}", f"there is no operation “{name}”")
    status = flow.instance.status
    if status in operation.nothing:
        return
    if status not in operation.statuses:
        raise Refused(_reason(status), f"流程{_STATUS.get(status, status)},不能{name}", f"the instance is {status}")
    flow.event = event
    _addressed(flow, event, operation)
    tokens.settle(flow)


def _reason(status: str) -> str:
    return "ended" if status in _ENDED else status


_STATUS = {
    "completed": "已完成",
    "rejected": "已被驳回",
    "recalled": "已撤回",
    "cancelled": "已取消",
    "suspended": "已暂停",
    "revoking": "正在撤销",
    "running": "运行中",
    "incident": "出了异常",
}


def _addressed(flow: Flow, event: Mapping[str, Any], operation: Operation) -> None:
    """Carry the operation out here, or in the child instance that its node (`P/K1`) names."""
    place, slash, rest = str(event.get("node") or "").partition("/")
    if not slash:
        _guarded(flow, event, operation)
        return
    refusals: list[Refused] = []
    for run in flow.instance.runs:
        if run.child is None or label(run) != place:
            continue
        if not run.live or run.child.ended:
            status = run.child.status if run.child.ended else "cancelled"
            refusals.append(Refused("ended", f"子流程“{place}”已结束", f"the subprocess “{place}” is {status}"))
            continue
        before, asked = run.child.copy(), len(flow.effects)
        walk = flow.child_flow(run)
        walk.event = {**event, "node": rest}
        try:
            _addressed(walk, walk.event, operation)
        except Refused as refused:
            refusals.append(refused)
            run.child = before
            del flow.effects[asked:]
            continue
        tokens.settle(walk)
        children.finish(flow, run)
        return
    raise refusals[-1] if refusals else Refused("unknown_node", f"没有节点“{place}”", f"there is no node “{place}”")


def _guarded(flow: Flow, event: Mapping[str, Any], operation: Operation) -> None:
    try:
        operation.perform(flow, event)
    except Trouble as trouble:
        # A setting of the node cannot be used (a ratio that is none): the token stands still until somebody looks.
        node = str(event.get("node") or "").partition("[")[0]
        there = [run for run in flow.instance.runs if run.node == node and run.status == "active"]
        run = next((run for run in there if run.parent is None), None)
        flow.incident(node, trouble, run=run)
