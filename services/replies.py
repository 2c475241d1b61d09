"""Replies by text message: "1" agrees, "2" refuses, "3" takes note, "TD" leaves; the phone number is a weak proof of the person."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import re
import unicodedata

from integrations.callback import Event
from services import acting, cards, link_policy, preferences
from services.refusal import Refused
from services.workspace import Workspace
from store import callbacks, episodes, outcomes, seats
from store.database import Session
from store.outbox import Delivery

LIFETIME = dt.timedelta(hours=72)
MOST_FAILED, WITHIN = 5, dt.timedelta(minutes=30)
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXY"  # 31 signs that nobody confuses
LEAVING = frozenset({"T", "TD", "N", "退订", "取消订阅", "STOP", "UNSUBSCRIBE", "QUIT", "CANCEL", "END"})
WORDS = {
    "1": "approve", "同意": "approve", "Y": "approve", "YES": "approve", "OK": "approve",
    "2": "reject", "拒绝": "reject", "不同意": "reject", "NO": "reject",
    "3": "acknowledge", "收到": "acknowledge", "知道了": "acknowledge", "我来处理": "acknowledge",
}  # fmt: skip
_SHAPE = re.compile(r"^(?:回复)?\s*([^\s,,]+?)(?:[\s,,]*([2-9A-HJ-NP-Y]{4}))?$")


def code(workspace: Workspace, number: int) -> str:
    """Return the four signs by which a reply names the notice *number*."""
    digest = hmac.new(workspace.secret.encode(), f"reply:{number}".encode(), hashlib.sha256).digest()
    rest, signs = int.from_bytes(digest[:8], "big"), ""
    for _ in range(4):
        rest, sign = divmod(rest, len(ALPHABET))
        signs += ALPHABET[sign]
    return signs


def take(session: Session, workspace: Workspace, channel: str, person: str, event: Event) -> tuple[str, str]:
    """Carry out what a reply says; return what came of it, in Chinese and English.

    Raises:
        Refused: it says nothing that we know, could mean several notices, or may not be decided so.
    """
    text = unicodedata.normalize("NFKC", event.text).strip().upper().rstrip("。.!")
    if text in LEAVING:
        preferences.leave(session, workspace, person=person, channel=channel)
        return f"{person} 已退订", f"{person} has unsubscribed"
    since = workspace.clock() - WITHIN
    if callbacks.refused_since(session, channel=channel, address=event.address, since=since) >= MOST_FAILED:
        raise Refused("forbidden", "尝试次数过多,请稍后再试或打开链接", "too many attempts: open the link instead")
    found = _SHAPE.match(text)
    word, given = (found[1], found[2] or "") if found else ("", "")
    if word not in WORDS:
        raise Refused("invalid", "看不懂这条回复;请回复 1 同意、2 拒绝、3 收到", "not understood: answer 1, 2 or 3")
    delivery = _meant(session, workspace, channel, event.address, given)
    op = "acknowledge" if word == "1" and not delivery.payload.get("seat_id") else WORDS[word]
    if op != "acknowledge" and link_policy.of_seat(session, int(delivery.payload.get("seat_id") or 0)) != "link":
        raise Refused(
            "forbidden",
            "这件事关系到金额,不能用短信决定;请打开链接并登录",
            "money is decided here: open the link and sign in",
        )
    act = acting.Act(op=op, by=person, via="sms", request_id=f"{channel}:{event.key}"[:200])
    return acting.on_delivery(session, workspace, channel=channel, number=delivery.id, act=act)


def _meant(session: Session, workspace: Workspace, channel: str, address: str, given: str) -> Delivery:
    """Return the notice that a reply means: the one with its code, else the only one that is still open."""
    since = workspace.clock() - LIFETIME
    sent = [
        one
        for form in forms_of(address)
        for one in outcomes.sent_to(session, channel=channel, address=form, since=since)
        if one.message != cards.CARD
    ]
    if given:
        named = next((one for one in sent if hmac.compare_digest(code(workspace, one.id), given)), None)
        if named is None:
            raise Refused("not_found", f"没有编号为 {given} 的通知", f"no notice has the code {given}")
        return named
    live = [one for one in sent if is_open(session, one)]
    if len(live) == 1:
        return live[0]
    if not live:
        raise Refused("not_found", "没有等待处理的通知", "nothing is waiting")
    raise Refused(
        "conflict",
        f"有 {len(live)} 条通知等待处理,请带上编号回复,如“1 {code(workspace, live[0].id)}”",
        f"{len(live)} notices are waiting: add the code, as in “1 {code(workspace, live[0].id)}”",
    )


def forms_of(address: str) -> list[str]:
    """Return the ways a mainland phone number may have been kept: with +86, with 86, bare."""
    bare = re.sub(r"\D", "", address)
    bare = bare.removeprefix("86") if len(bare) == 13 else bare
    return list(dict.fromkeys([address, bare, f"+86{bare}", f"86{bare}"]))


def is_open(session: Session, delivery: Delivery) -> bool:
    """Say whether there is still something to decide behind a notice."""
    seat = delivery.payload.get("seat_id")
    if seat is not None:
        found = seats.get(session, int(seat))
        return found is not None and found.state == "open"
    known = [episodes.get(session, number) for number in acting.alerts_of(delivery)]
    return any(one is not None and one.state == "firing" and not one.acknowledged_by for one in known)
