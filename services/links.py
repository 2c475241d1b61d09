"""The links behind notices: one person, one seat or alert, one use, 72 hours; only the hash of the secret is kept."""

from __future__ import annotations

import datetime as dt
import hmac
import secrets
from typing import Any

from services import alerts, decision_facts, link_policy, pins, todo
from services.directory import People
from services.refusal import Refused
from services.workspace import Workspace
from store import episodes, instances, links, records, seats
from store.database import Session
from store.links import LinkState

LIFETIME = dt.timedelta(hours=72)
TOKEN_BYTES = 16


def issue(
    session: Session,
    workspace: Workspace,
    *,
    person: str,
    seat_id: int | None = None,
    episode_id: int | None = None,
    delivery_id: int | None = None,
) -> str:
    """Return the address of a new action page for *person*: of a seat, of an alert, or of a digest (by its delivery)."""
    secret = secrets.token_urlsafe(TOKEN_BYTES)
    now = workspace.clock()
    links.add(
        session,
        secret,
        person=person,
        seat_id=seat_id,
        episode_id=episode_id,
        delivery_id=delivery_id,
        nonce=secrets.token_urlsafe(12),
        created_at=now,
        expires_at=now + LIFETIME,
    )
    return f"{workspace.settings.base_url}/a/{secret}"


def open_(workspace: Workspace, *, token: str) -> dict[str, Any]:
    """Return what a link leads to; nothing changes.

    The answer's `state` is `open` (with everything needed to decide), `used`, `stale` (somebody else was first),
    `expired` or `unknown`; all but the first come with `message` and `message_en`.
    """
    with workspace.read() as session:
        link = links.find(session, token)
        if link is None:
            return _closed("unknown", *_unknown())
        people = People(session, workspace.clock())
        closed = _why_closed(session, workspace, link, people)
        if closed is not None:
            return closed | {"language": people.language(link.person)}
    return _opened(workspace, link, people)


def take(session: Session, workspace: Workspace, *, token: str, nonce: str, used_for: str) -> LinkState:
    """Use a link up, in the transaction of what it is used for; who is second gets nothing.

    Raises:
        Refused: it is unknown, expired, used or was opened in another page.
    """
    link = links.find(session, token)
    if link is None:
        raise Refused("not_found", *_unknown())
    people = People(session, workspace.clock())
    closed = _why_closed(session, workspace, link, people)
    if closed is not None:
        raise Refused("gone" if closed["state"] == "expired" else "stale", closed["message"], closed["message_en"])
    if not hmac.compare_digest(nonce.encode(), link.nonce.encode()):
        raise Refused("forbidden", "页面已过时,请重新打开链接", "This page is out of date: open the link again")
    if not links.use(session, link.id, now=workspace.clock(), used_for=used_for):
        raise Refused("stale", "这个链接刚刚已被使用", "This link has just been used")
    return link


def policy_of(session: Session, workspace: Workspace, link: LinkState) -> str:
    """Return how sure we must be of who acts behind a link: `link`, `pin` or `login`; alerts take the link alone."""
    if link.delivery_id is not None:
        from services import digest  # noqa: PLC0415 it knows approvals, which most links do not need

        return digest.policy(session, digest.lines(session, workspace, link))
    return link_policy.of_seat(session, link.seat_id) if link.seat_id is not None else link_policy.LINK


def _unknown() -> tuple[str, str]:
    return (
        "这个链接无效,可能复制得不完整。请回到通知里重新打开,或登录备货查看。",
        "This link is not valid; it may have been copied incompletely. Open it from your notice again, or sign in to Beihuo.",
    )


def _closed(state: str, message: str, message_en: str, **more: Any) -> dict[str, Any]:
    return {"state": state, "message": message, "message_en": message_en, **more}


def _why_closed(session: Session, workspace: Workspace, link: LinkState, people: People) -> dict[str, Any] | None:
    if link.used_at is not None:
        done, done_en = digest_words(link.used_for) or DONE.get(link.used_for or "", ("处理", "dealt with this"))
        when, name = _moment(workspace, link.used_at), people.name(link.person)
        made, made_en = _made(session, link)
        return _closed(
            "used",
            f"{name}已于 {when} {done},链接随即作废。{made}",
            f"{name} {done_en} at {when}; the link is void now.{made_en}",
            title="办好了",
            title_en="Done",
        )
    decided = _decided(session, workspace, link, people)
    if decided is not None:
        return decided
    if link.expires_at <= workspace.clock():
        when = _moment(workspace, link.expires_at)
        return _closed(
            "expired",
            f"链接已于 {when} 过期(有效期 72 小时)。请登录备货处理。",
            f"The link expired at {when} (links are good for 72 hours). Sign in to Beihuo to go on.",
        )
    return None


def _made(session: Session, link: LinkState) -> tuple[str, str]:
    """Return what the decision has led to so far, as far as the record tells."""
    seat = seats.get(session, link.seat_id) if link.seat_id else None
    instance = instances.get(session, seat.instance) if seat else None
    if instance is None or instance.form is None or instance.record_id is None:
        return "", ""
    record = records.get(session, instance.form, instance.record_id)
    order = record.values.get("purchase_order") if record else None
    return (f"已生成采购单 {order}。", f" Purchase order {order} was made.") if order else ("", "")


def _decided(session: Session, workspace: Workspace, link: LinkState, people: People) -> dict[str, Any] | None:
    """Return that somebody was faster, or that the alert has ended; None when there is still something to do."""
    if link.delivery_id is not None:
        return None
    if link.seat_id is not None:
        seat = seats.get(session, link.seat_id)
        if seat is not None and seat.state == "open":
            return None
        by, at = todo.decided_by(session, link.seat_id)
        name, when = people.name(by), _moment(workspace, at) if at else ""
        return _closed("stale", f"已由{name}于 {when} 处理。", f"{name} dealt with this at {when}.")
    episode = episodes.get(session, link.episode_id or 0)
    if episode is None or episode.state == "resolved":
        when = _moment(workspace, episode.resolved_at) if episode and episode.resolved_at else ""
        return _closed(
            "stale", f"这条预警已于 {when} 解除,不必再处理。", f"The alert ended at {when}: nothing is left to do."
        )
    if episode.acknowledged_by:
        name = people.name(episode.acknowledged_by)
        when = _moment(workspace, episode.acknowledged_at) if episode.acknowledged_at else ""
        return _closed("stale", f"已由{name}于 {when} 确认跟进。", f"{name} took care of it at {when}.")
    return None


def _opened(workspace: Workspace, link: LinkState, people: People) -> dict[str, Any]:
    found: dict[str, Any] = {
        "state": "open",
        "nonce": link.nonce,
        "person": link.person,
        "person_name": people.name(link.person),
        "language": people.language(link.person),
        "expires_at": link.expires_at,
    }
    with workspace.read() as session:
        policy = policy_of(session, workspace, link)
        found |= {"policy": policy, "has_pin": policy == link_policy.PIN and pins.has(session, link.person)}
        if link.delivery_id is not None:
            from services import digest  # noqa: PLC0415 as above

            told = digest.lines(session, workspace, link)
            return found | {"kind": "digest", "lines": told, "total": digest.total(session, link), "keys": {}}
    if link.seat_id is not None:
        shown = todo.todo(workspace, seat=link.seat_id, user=link.person)
        alert = alerts.get(workspace, id=shown["curve_alert"]) if shown["curve_alert"] else None
        facts = decision_facts.of_task(workspace, {field["key"]: field["value"] for field in shown["fields"]})
        colleagues = people.colleagues(link.person)
        more = {"facts": facts, "colleagues": colleagues, "keys": shown["keys"]}
        return found | {"kind": "todo", "todo": shown, "alert": alert} | more
    alert = alerts.get(workspace, id=link.episode_id or 0)
    return found | {"kind": "alert", "alert": alert, "keys": alert["keys"]}


def _moment(workspace: Workspace, moment: dt.datetime) -> str:
    return moment.astimezone(workspace.zone).strftime("%Y-%m-%d %H:%M")


def digest_words(used_for: str | None) -> tuple[str, str] | None:
    """Return what was done on a digest's page (`digest:approve=3,stale=1`) in Chinese and English; None for another use."""
    kind, _, told = (used_for or "").partition(":")
    if kind != "digest":
        return None
    counts = dict(part.split("=") for part in told.split(",") if "=" in part)
    zh = "、".join(f"{ENDS[word][0]} {counts[word]} 条" for word in ENDS if word in counts)
    en = ", ".join(f"{ENDS[word][1]} {counts[word]}" for word in ENDS if word in counts)
    return f"一并处理:{zh}", f"dealt with all: {en}"


ENDS = {
    "approve": ("同意", "approved"),
    "reject": ("拒绝", "rejected"),
    "acknowledge": ("跟进", "took on"),
    "skip": ("未动", "left alone"),
    "stale": ("他人已处理", "dealt with by others"),
}
DONE = {
    "approve": ("同意", "approved this"),
    "reject": ("拒绝", "rejected this"),
    "return": ("退回", "sent this back"),
    "complete": ("完成", "completed this"),
    "acknowledge": ("确认跟进", "took this on"),
    "transfer": ("转交", "handed this over"),
    "snooze": ("暂缓提醒", "snoozed this"),
    "mute": ("设为不再提醒这个商品", "muted this SKU"),
}
