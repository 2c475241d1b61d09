"""A decision: through a seat by whoever signed in, or through a link by whom it was sent to; one transaction, once.

The record, the workflow's position, people's seats, what follows (an order, a notice) and the audit row are kept together
or not at all. The same request again gets the first answer again; who comes second is told who was first.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from services import announcements, cards, effects, flows, task_record, todo
from services.directory import People
from services.flows import Acted, Flow
from services.refusal import Refused, not_found
from services.workspace import Workspace
from store import audit, instances, seats
from store.database import Session
from store.seats import SeatState

WORDS = {
    "approve": ("已同意", "Approved"),
    "reject": ("已拒绝", "Rejected"),
    "return": ("已退回", "Sent back"),
    "complete": ("已完成", "Completed"),
    "resubmit": ("已重新提交", "Submitted again"),
    "read": ("已阅", "Read"),
    "revoke": ("已申请撤销", "Asked to revoke"),
    "transfer": ("已转交", "Handed over"),
    "delegate": ("已委派", "Delegated"),
    "add_sign": ("已加签", "Approvers added"),
    "remove_sign": ("已减签", "Approvers removed"),
    "take_back": ("已收回", "Taken back"),
    "retract": ("已撤回", "Retracted"),
    "comment": ("已评论", "Commented"),
    "recall": ("已撤回", "Recalled"),
    "urge": ("已催办", "Reminded"),
    "handover": ("已交接", "Handed over to a colleague"),
    "cancel": ("已终止", "Cancelled"),
    "retry": ("已重试", "Retried"),
}
THROUGH = {
    "link": (" (通过通知链接)", " (through the link of a notice)"),
    "card": (" (通过卡片按钮)", " (by the button of a card)"),
    "sms": (" (通过短信回复)", " (by answering a text message)"),
}
CLOSED_OPS = frozenset({"retract", "take_back", "comment"})


def decide(
    workspace: Workspace,
    *,
    seat: int,
    op: str,
    user: str,
    form: Mapping[str, Any] | None = None,
    comment: str = "",
    request_id: str | None = None,
    extra: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Carry out *op* at *seat* as *user*.

    Args:
        workspace: where.
        seat: the seat's number.
        op: approve, reject, return, transfer, …
        user: who decides; must hold the seat.
        form: changed fields, checked like any record and against what the node lets be written.
        comment: why.
        request_id: the same one again gets the first answer again.
        extra: `to`, `users`, `kind`, `mode`, `resume`, where the operation takes them.

    Raises:
        Refused: not this person's seat, or somebody was faster.
        workflows.Refused: the step may not be taken.
        DefinitionError: the form has problems.
    """
    given = {"form": dict(form or {}), "comment": comment, "request_id": request_id, **(extra or {})}

    return workspace.transact(lambda session: decide_in(session, workspace, seat=seat, op=op, user=user, given=given))


def decide_in(
    session: Session, workspace: Workspace, *, seat: int, op: str, user: str, given: Mapping[str, Any]
) -> dict[str, Any]:
    """Carry out *op* at *seat* inside a transaction; *given* holds form, comment, request_id and `via` (link, card, sms)."""
    return _decide(session, workspace, _seat(session, seat), op, user, given)


def advance_time(workspace: Workspace, *, instance: str, now: dt.datetime | None = None) -> None:
    """Let everything happen in an instance that is due by *now*: the worker calls this when its timer rings."""

    def work(session: Session) -> None:
        flow = flows.lock(session, workspace, People(session, workspace.clock()), instance)
        flow.now = now or flow.now
        flow.move({"op": "advance_time"}, effects.carry_out)
        task_record.follow(flow)
        flow.save()
        announcements.of_flow(flow)

    workspace.transact(work)


def start_workflow(  # noqa: PLR0913 what an instance is about
    session: Session,
    workspace: Workspace,
    *,
    workflow: str,
    user: str,
    variables: Mapping[str, Any] | None = None,
    form: str | None = None,
    record_id: int | None = None,
    episode_id: int | None = None,
    depth: int = 0,
) -> str:
    """Start a workflow in the caller's transaction, on a record when one is named; return the instance's key.

    Raises:
        Refused: the workflow does not exist or is off.
    """
    people = People(session, workspace.clock())
    about = task_record.about(session, workspace, form=form, record_id=record_id)
    flow = flows.begin(
        session,
        workspace,
        people,
        workflow=workflow,
        variables={**about.variables, **(variables or {})},
        initiator=user,
        carry=effects.carry_out,
        title=about.title,
        form=form,
        record_id=record_id,
        episode_id=episode_id,
        depth=depth,
        summary=about.summary,
    )
    task_record.follow(flow)
    return flow.id


def _seat(session: Session, number: int) -> SeatState:
    seat = seats.get(session, number)
    if seat is None:
        raise not_found("待办", "to-do", number)
    return seat


def _decide(
    session: Session, workspace: Workspace, seat: SeatState, op: str, user: str, given: Mapping[str, Any]
) -> dict[str, Any]:
    people = People(session, workspace.clock())
    flow = flows.lock(session, workspace, people, seat.instance)
    request_id = given.get("request_id")
    if request_id and instances.step_of_request(session, flow.id, str(request_id)) is not None:
        return _answer(flow, op, again=True)
    fresh = _seat(session, seat.id)  # as it is now that the instance is locked
    if user not in {fresh.user, fresh.owner}:
        raise Refused("forbidden", "这不是你的待办", "This to-do is not yours")
    if fresh.state != "open" and op not in CLOSED_OPS:
        by, at = todo.decided_by(session, seat.id)
        when = at.astimezone(workspace.zone).strftime("%Y-%m-%d %H:%M") if at else ""
        name = people.name(by)
        raise Refused("stale", f"已由{name}于 {when} 处理", f"{name} dealt with this at {when}", {"by": by, "at": when})
    form = task_record.write(flow, given["form"], user) if given["form"] else {}
    event = {
        name: value for name, value in given.items() if value not in (None, "", {}) and name not in {"form", "via"}
    }
    event |= {"op": op, "user": user, "node": fresh.node}
    if op == "return" and not event.get("to"):
        event["to"] = _first_return(session, flow, fresh.node)
    if form:
        event["form"] = form
    acted = Acted(fresh.id, fresh.work, op, str(given["comment"]))
    return taken(flow, event, user, acted, via=str(given.get("via", "")))


def _first_return(session: Session, flow: Flow, node: str) -> str:
    row = instances.get(session, flow.id)
    targets = todo.returns(row, flow.definition, node, flow.people) if row else []
    if not targets:
        raise Refused("conflict", "没有可以退回的环节", "There is nowhere to send it back to")
    return str(targets[0]["node"])


def taken(flow: Flow, event: Mapping[str, Any], user: str, acted: Acted | None = None, via: str = "") -> dict[str, Any]:
    """Take one step of *flow* for *user*, keep what follows from it, and write it into the audit log."""
    flow.acted = acted
    flow.move(event, effects.carry_out)
    task_record.follow(flow)
    flow.save()
    announcements.of_flow(flow)
    op = str(event["op"])
    done, done_en = WORDS.get(op, (op, op))
    through, through_en = THROUGH.get(via, ("", ""))
    entry = audit.Entry(
        at=flow.now,
        actor=user,
        action="todo.decide" if "node" in event else f"instance.{op}",
        kind="instance",
        key=flow.id,
        summary=f"{done}:{flow.title}{through}",
        summary_en=f"{done_en}: {flow.title}{through_en}",
        after={"op": op, "node": event.get("node"), "comment": event.get("comment", ""), "form": event.get("form", {})},
    )
    audit.add(flow.session, entry)
    cards.acted(flow.session, flow.workspace, by=user, op=op, words=(done, done_en), instance=flow.id)
    return _answer(flow, op)


def _answer(flow: Flow, op: str, *, again: bool = False) -> dict[str, Any]:
    done, done_en = WORDS.get(op, (op, op))
    parts, parts_en = [done], [done_en]
    for record in flow.changed.get("purchase_order", []):
        parts.append(f"已生成采购单 {record}")
        parts_en.append(f"purchase order {record} was made")
    waiting = [] if again else [seat.user for seat in seats.of_instance(flow.session, flow.id, state="open")]
    if waiting:
        names = [flow.people.name(user) for user in waiting]
        parts.append(f"下一步:{'、'.join(names)}")
        parts_en.append(f"next: {', '.join(names)}")
    return {
        "status": flow.instance.status,
        "message": ";".join(parts) + "。",
        "message_en": "; ".join(parts_en) + ".",
        "instance": flow.id,
        "repeated": again,
    }
