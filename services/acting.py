"""Acting on a notice from outside a page: on its to-do or its alert, as the person who was proven."""

from __future__ import annotations

from dataclasses import dataclass

from services import alerts, approve
from services.refusal import Refused
from services.workspace import Workspace
from store import outbox
from store.database import Session
from store.outbox import Delivery

ON_SEAT = frozenset({"approve", "reject", "return", "complete"})


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody wants: the operation, who, how it came, and the same id for each repeat."""

    op: str
    by: str
    via: str
    request_id: str
    comment: str = ""


def on_delivery(session: Session, workspace: Workspace, *, channel: str, number: int, act: Act) -> tuple[str, str]:
    """Carry out *act* on what a notice is about; return what to say of it, in Chinese and English.

    Raises:
        Refused: no such notice, not that person's, somebody was faster, or nothing can be done here.
    """
    delivery = outbox.get(session, number)
    if delivery is None or delivery.channel != channel:
        raise Refused("not_found", "这条通知不认识", "this notice is not known")
    if delivery.recipient and delivery.recipient != act.by:
        raise Refused("forbidden", "这条通知不是发给你的", "this notice was not sent to you")
    seat = delivery.payload.get("seat_id")
    if seat is not None:
        if act.op not in ON_SEAT:
            raise Refused("invalid", "请打开链接处理", "open the link to do this")
        answer = approve.decide_in(
            session,
            workspace,
            seat=int(seat),
            op=act.op,
            user=act.by,
            given={"form": {}, "comment": act.comment, "request_id": act.request_id, "via": act.via},
        )
        return str(answer["message"]), str(answer["message_en"])
    if act.op != "acknowledge" or not alerts_of(delivery):
        raise Refused("invalid", "请打开链接处理", "open the link to do this")
    alerts.acknowledge_in(session, workspace, ids=alerts_of(delivery), note=act.comment, user=act.by, via=act.via)
    return "已确认跟进。", "Acknowledged."


def alerts_of(delivery: Delivery) -> list[int]:
    """Return the numbers of the alerts that a notice tells of."""
    if delivery.episode_id is not None:
        return [delivery.episode_id]
    return [int(alert["id"]) for alert in delivery.payload.get("alerts", ()) if alert.get("id")]
