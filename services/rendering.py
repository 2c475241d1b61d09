"""From a row of the outbox to the text that a person reads: their language, the link to act, the workspace's own wording."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from integrations.channel import Message
from integrations.message import DEFAULT_TEXTS, Text, render
from services import leaving, replies
from services.cards import CARD
from services.workspace import Workspace
from store import users
from store.database import Session
from store.outbox import Delivery

LEVELS = {"critical": ("紧急", "Critical"), "warning": ("预警", "Warning"), "info": ("提示", "Info")}
OUTCOMES = {
    "approved": ("已同意", "Approved"),
    "rejected": ("已拒绝", "Rejected"),
    "completed": ("已完成", "Completed"),
    "returned": ("已退回", "Sent back"),
    "recalled": ("已撤回", "Recalled"),
    "cancelled": ("已终止", "Cancelled"),
}
ACTED_ON = {"alert", "todo", "remind", "urge"}
MOST_WORST = 10
BUTTONS = {
    "todo": (("approve", ("同意", "Approve"), 1), ("reject", ("拒绝", "Reject"), 3)),
    "alert": (("acknowledge", ("我来处理", "I take care of it"), 1),),
}


class Renderer:
    """Renders the rows of one batch, inside the transaction that claimed them.

    Args:
        session: that transaction; the links that are issued are kept in it.
        workspace: where.
        texts: published message definitions by key.
    """

    def __init__(self, session: Session, workspace: Workspace, texts: Mapping[str, Mapping[str, Any]]) -> None:
        self._session, self._workspace, self._texts = session, workspace, texts
        self._people = {person.key: person for person in users.every(session)}

    def message(self, delivery: Delivery) -> Message:
        """Return the message of one row.

        Raises:
            jinja2.TemplateError, ValueError: the default wording itself fails on the row's data.
        """
        person = self._people.get(delivery.recipient)
        language = person.language if person else str(delivery.payload.get("language") or "zh")
        if delivery.message == CARD:
            return _settled(delivery, language)
        link = self._link(delivery)
        data = self._data(delivery, language, link) | self._acting(delivery, language)
        title, body = self._wording(delivery, language, data)
        return Message(delivery.idempotency_key, title, body, "", link, language, data)

    def _acting(self, delivery: Delivery, language: str) -> dict[str, Any]:
        """Return what lets people act in the channel itself: a card's buttons and key, a reply's code, the way out."""
        extra: dict[str, Any] = {"card_key": f"d{delivery.id}-{delivery.attempt}"}
        if not delivery.recipient:
            return extra
        extra["unsubscribe"] = leaving.address(
            self._workspace,
            person=delivery.recipient,
            channel=delivery.channel,
            rule=str(delivery.payload.get("rule") or ""),
        )
        if delivery.message in ACTED_ON:
            words = BUTTONS["todo" if delivery.payload.get("seat_id") else "alert"]
            if delivery.payload.get("seat_id") or delivery.episode_id or delivery.payload.get("alerts"):
                extra["buttons"] = [
                    {"key": key, "text": text[language == "en"], "style": style} for key, text, style in words
                ]
                extra["code"] = replies.code(self._workspace, delivery.id)
        return extra

    def name(self, person: str) -> str:
        """Return how a person is called."""
        return self._people[person].name if person in self._people else person

    def _wording(self, delivery: Delivery, language: str, data: Mapping[str, Any]) -> tuple[str, str]:
        """Return title and body: the workspace's own wording, else the default one; a broken own wording loses no notice."""
        own = self._own(delivery, language)
        if own is not None:
            try:
                return render(own.title, data).strip(), render(own.body, data).strip()
            except Exception as error:  # noqa: BLE001 whatever a user's template does
                note = f"(模板出错,已改用默认文字:{error})" if language == "zh" else f"(the template failed: {error})"
                title, body = self._default(delivery, language, data)
                return title, f"{body}\n{note}"
        return self._default(delivery, language, data)

    def _own(self, delivery: Delivery, language: str) -> Text | None:
        key = delivery.payload.get("template")
        for candidate in (f"{key}_{language}", key):
            found = self._texts.get(str(candidate))
            if (
                found
                and found.get("language", language) == language
                and found.get("channel", delivery.channel) == delivery.channel
            ):
                return Text(str(found.get("title") or "{{ title }}"), str(found["body"]))
        return None

    def _default(self, delivery: Delivery, language: str, data: Mapping[str, Any]) -> tuple[str, str]:
        event = "digest" if data["total"] > 1 else delivery.message
        title = delivery.title if language == "zh" else str(delivery.payload.get("title_en") or delivery.title)
        text = DEFAULT_TEXTS.get((event, language))
        if text is None:
            return title, str(data["explanation"])
        return title or render(text.title, data).strip(), render(text.body, data).strip()

    def _data(self, delivery: Delivery, language: str, link: str) -> dict[str, Any]:
        """Return what templates may name."""
        payload, english = delivery.payload, language == "en"
        alerts: Sequence[Mapping[str, Any]] = payload.get("alerts", ())
        first: Mapping[str, Any] = alerts[0] if alerts else {}
        record = payload.get("record") or {}
        summary = record.get("summary") or []
        outcome = OUTCOMES.get(str(payload.get("outcome")), (str(payload.get("outcome") or ""),) * 2)[english]
        text = str(payload.get("text") or (payload.get("text_en") if english else "") or "")
        return {
            "type": delivery.message,
            "title": delivery.title,
            "level": payload.get("level") or first.get("level") or "",
            "level_name": _level(payload.get("level") or first.get("level"), english=english),
            "rule": payload.get("rule_name", ""),
            "record": " · ".join((first.get("labels") or {}).values()) or _summary(summary[:2]),
            "keys": first.get("keys") or {},
            "explanation": first.get("explanation_en" if english else "explanation") or text,
            "values": [_value(each) for each in (first.get("values") or summary)],
            "total": int(payload.get("total") or 1),
            "counts": _counts(payload.get("counts"), alerts, english=english),
            "worst": [_worst(alert, english=english) for alert in alerts[:MOST_WORST]],
            "workflow": payload.get("workflow_name", ""),
            "node": payload.get("node_name", ""),
            "outcome": outcome,
            "by": payload.get("by", ""),
            "link": link,
            "code": "",
            "sent_at": self._workspace.clock().astimezone(self._workspace.zone).strftime("%Y-%m-%d %H:%M"),
        }

    def _link(self, delivery: Delivery) -> str:
        """Return where the notice leads: to an action page of the recipient's own, else into the application."""
        payload, base = delivery.payload, self._workspace.settings.base_url
        seat, episode = payload.get("seat_id"), delivery.episode_id
        if delivery.recipient and delivery.message in ACTED_ON and (seat or episode or payload.get("alerts")):
            from services import links  # noqa: PLC0415 it knows workflows, which most batches do not need

            only = {"episode_id": episode} if episode else {"delivery_id": delivery.id}
            only = {"seat_id": seat} if seat else only
            return links.issue(self._session, self._workspace, person=delivery.recipient, **only)
        if episode:
            return f"{base}/app/alerts/{episode}"
        if payload.get("rule"):
            return f"{base}/app/alerts?rule={payload['rule']}"
        return f"{base}/app/instances/{delivery.instance}" if delivery.instance else f"{base}/app"


def _settled(delivery: Delivery, language: str) -> Message:
    """Return what a card says once somebody acted."""
    payload, english = delivery.payload, language == "en"
    body = str(payload.get("title_en") or delivery.title) if english else delivery.title
    title = str(payload["about_en"] if english else payload["about"])
    return Message(delivery.idempotency_key, title, body, "", "", language, {"type": CARD})


def sample_data(episode: Any, language: str, event: str = "alert") -> dict[str, Any]:
    """Return what a template may name, of an alert (an `Episode`) or of a made-up one."""
    english = language == "en"
    values = episode.measured if episode else SAMPLE_VALUES
    labels = episode.labels if episode else {"sku": "A001 珍珠耳环", "warehouse": "华东仓"}
    told = (episode.explanation_en if english else episode.explanation) if episode else SAMPLE_TOLD[english]
    record, level = " · ".join(labels.values()), episode.level if episode else "critical"
    worst = [{"record": record, "explanation": told}]
    total = 12 if event == "digest" else 1
    return {
        "type": event,
        "title": f"【{_level(level, english=english)}】{record}",
        "level": level,
        "level_name": _level(level, english=english),
        "rule": ("低库存预警", "Low stock")[english],
        "record": record,
        "keys": episode.keys if episode else {"sku": "A001", "warehouse": "hd"},
        "explanation": told,
        "values": [_value(each) for each in values],
        "total": total,
        "counts": [{"level_name": _level(level, english=english), "count": total}],
        "worst": worst,
        "workflow": ("补货审批", "Replenishment approval")[english],
        "node": ("采购审批", "Buyer")[english],
        "outcome": OUTCOMES["approved"][english],
        "by": "王敏",
        "link": "https://example.com/a/sample",
        "sent_at": "2026-11-25 10:00",
        "code": "K7QD",
    }


SAMPLE_VALUES: tuple[dict[str, Any], ...] = (
    {"label": "在库", "value": 12},
    {"label": "占用", "value": 3},
    {"label": "在途", "value": 0},
    {"label": "日均", "value": 5.14},
    {"label": "可售天数", "value": 1.75},
    {"label": "建议采购", "value": 60},
)
SAMPLE_TOLD = (
    "12 + 0 − 3 = 9 < 日均 5.14 × 提前期 7 × 1.2 = 43.2",
    "12 + 0 − 3 = 9 < daily 5.14 × lead time 7 × 1.2 = 43.2",
)


def as_path(link: str, workspace: Workspace) -> str:
    """Return a link as a path of our own site, as the mailbox keeps it."""
    return link.removeprefix(workspace.settings.base_url)


def _level(level: Any, *, english: bool) -> str:
    return LEVELS.get(str(level), (str(level or ""),) * 2)[english]


def _summary(summary: Sequence[Mapping[str, Any]]) -> str:
    return " · ".join(_plain(each.get("value")) for each in summary if each.get("value") is not None)


def _value(each: Mapping[str, Any]) -> dict[str, str]:
    label = each.get("label") or each.get("source") or ""
    return {"label": str(label), "value": _plain(each.get("value"))}


def _plain(value: Any) -> str:
    """Return a value as people read it: at most two decimals, none where it is whole."""
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    if isinstance(value, dt.date):
        return value.isoformat()
    return "—" if value is None else str(value)


def _counts(
    known: Mapping[str, int] | None, alerts: Sequence[Mapping[str, Any]], *, english: bool
) -> list[dict[str, Any]]:
    counts = dict(known or {})
    for alert in alerts if not counts else ():
        counts[str(alert.get("level"))] = counts.get(str(alert.get("level")), 0) + 1
    return [{"level_name": _level(level, english=english), "count": number} for level, number in counts.items()]


def _worst(alert: Mapping[str, Any], *, english: bool) -> dict[str, str]:
    return {
        "record": " · ".join((alert.get("labels") or {}).values()),
        "explanation": str(alert.get("explanation_en" if english else "explanation") or ""),
    }
