"""Acting behind a link: one POST, once, as the person whom it was sent to, as surely known as the workflow asks.

For a to-do: approve, reject, return, complete, hand over to a colleague. For an alert: take it on, snooze it, mute the SKU.
For a digest: all its lines together.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from services import alerts, approve, digest, link_policy, links, pins, preferences
from services.refusal import Refused
from services.workspace import Workspace
from store import episodes
from store import links as stored
from store.database import Session
from store.links import LinkState

ON_SEAT = frozenset({"approve", "reject", "return", "complete", "transfer"})
SNOOZES = {"1": dt.timedelta(days=1), "3": dt.timedelta(days=3), "7": dt.timedelta(days=7)}


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What a page sent.

    Args:
        nonce: of the page.
        op: the button.
        values: changed fields of the to-do; of a digest its lines.
        comment: why.
        to: the colleague who gets it.
        days: how long to snooze.
        pin: the person's PIN.
        signed_in: who is signed in on that browser, if anybody.
    """

    nonce: str
    op: str
    values: Mapping[str, str] = field(default_factory=dict)
    comment: str = ""
    to: str = ""
    days: str = ""
    pin: str = ""
    signed_in: str | None = None


def act(workspace: Workspace, *, token: str, asked: Confirmation) -> dict[str, Any]:
    """Carry out what was confirmed and use the link up, in one transaction.

    Raises:
        Refused: the link is unknown, expired or used, the person is not proven, or somebody was faster.
    """
    _prove(workspace, token, asked)

    def work(session: Session) -> dict[str, Any]:
        link = links.take(session, workspace, token=token, nonce=asked.nonce, used_for=asked.op)
        if link.delivery_id is not None:
            told = digest.act(session, workspace, link, asked.values)
            stored.note_use(session, link.id, f"digest:{told}")
            return {"told": told}
        if link.seat_id is not None:
            return _on_seat(session, workspace, link, asked)
        return _on_alert(session, workspace, link, asked)

    return workspace.transact(work)


def _prove(workspace: Workspace, token: str, asked: Confirmation) -> None:
    """Refuse unless the person is known as surely as the policy asks; a wrong PIN is counted, in a transaction of its own."""
    with workspace.write() as session:
        link = stored.find(session, token)
        policy = links.policy_of(session, workspace, link) if link else link_policy.LINK
        if link is None or policy == link_policy.LINK or asked.signed_in == link.person:
            return
        if policy == link_policy.PIN and pins.has(session, link.person):
            if link.failed_pins >= pins.MOST_TRIES:
                raise Refused("forbidden", "PIN 错误次数过多,请登录后处理", "Too many wrong PINs: sign in to go on")
            if pins.fits(session, link.person, asked.pin):
                return
            stored.count_wrong_pin(session, link.id)
            refused = Refused("forbidden", "PIN 不对,请再试", "The PIN is wrong: try again")
        else:
            refused = Refused("forbidden", "这件事关系到金额,请登录后再确认", "Money is decided here: sign in first")
    raise refused


def _on_seat(session: Session, workspace: Workspace, link: LinkState, asked: Confirmation) -> dict[str, Any]:
    if asked.op not in ON_SEAT:
        raise Refused("invalid", "没有选择操作", "No action was chosen")
    if asked.op == "transfer" and not asked.to:
        raise Refused("invalid", "请选择转交给谁", "Choose whom to hand it to")
    given = {"form": dict(asked.values), "comment": asked.comment, "request_id": f"link:{link.id}", "via": "link"}
    if asked.op == "transfer":
        given |= {"to": asked.to, "form": {}}
    return approve.decide_in(session, workspace, seat=link.seat_id or 0, op=asked.op, user=link.person, given=given)


def _on_alert(session: Session, workspace: Workspace, link: LinkState, asked: Confirmation) -> dict[str, Any]:
    number = link.episode_id or 0
    if asked.op == "acknowledge":
        return alerts.acknowledge_in(session, workspace, ids=[number], note=asked.comment, user=link.person, via="link")
    if asked.op == "snooze" and asked.days in SNOOZES:
        until = workspace.clock() + SNOOZES[asked.days]
        alerts.snooze_in(session, workspace, id=number, until=until, user=link.person)
        return {"until": until}
    if asked.op == "mute":
        episode = episodes.get(session, number)
        sku = (episode.keys if episode else {}).get("sku")
        if not sku:
            raise Refused("invalid", "这条预警没有商品", "This alert is about no SKU")
        preferences.mute_sku(session, workspace, person=link.person, sku=str(sku))
        return {"muted": sku}
    raise Refused("invalid", "没有选择操作", "No action was chosen")
