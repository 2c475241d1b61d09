"""What is left to set up, by role; it stays on the first page until all is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from services.workspace import Workspace
from store import audit, definitions, records, runs, settings, users
from store.database import Session


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to do: for whom, where, and how it is seen to be done."""

    key: str
    roles: tuple[str, ...]
    title: str
    title_en: str
    href: str
    done: Callable[[Session, Workspace], bool]


def _has_records(form: str) -> Callable[[Session, Workspace], bool]:
    def check(session: Session, workspace: Workspace) -> bool:  # noqa: ARG001 one signature for all checks
        return definitions.get(session, "form", form) is not None and records.count(session, form) > 0

    return check


def _has_sales(session: Session, workspace: Workspace) -> bool:  # noqa: ARG001 one signature for all checks
    version: int = workspace.facts("sales").version()
    return version >= 0


def _has_rule(session: Session, workspace: Workspace) -> bool:  # noqa: ARG001 one signature for all checks
    return any(state.runs for state in definitions.every(session, "rule"))


def _has_run(session: Session, workspace: Workspace) -> bool:  # noqa: ARG001 one signature for all checks
    return runs.last(session) is not None


def _has_channel(session: Session, workspace: Workspace) -> bool:  # noqa: ARG001 one signature for all checks
    return bool(settings.every(session, "channel:"))


def _has_people(session: Session, workspace: Workspace) -> bool:  # noqa: ARG001 one signature for all checks
    return len(users.every(session, active=True)) > 1


def _was_done(kind: str) -> Callable[[Session, Workspace], bool]:
    def check(session: Session, workspace: Workspace) -> bool:  # noqa: ARG001 one signature for all checks
        return bool(audit.page(session, kind=kind, limit=1))

    return check


ITEMS = (
    Item("users", ("admin",), "添加同事,分好角色", "Add your colleagues and their roles", "/app/settings/users", _has_people),
    Item("channel", ("admin",), "接通一个通知渠道(群机器人或邮箱)", "Connect a channel: a group bot or a mailbox", "/app/settings/channels", _has_channel),
    Item("sales", ("admin", "designer"), "导入销售数据", "Import your sales", "/app/import", _has_sales),
    Item("stock", ("admin", "designer"), "导入库存", "Import your stock", "/app/import", _has_records("stock")),
    Item("rule", ("admin", "designer"), "启用一条预警规则", "Switch on an alert rule", "/app/rules", _has_rule),
    Item("run", ("admin", "designer"), "运行一次,看看触发了什么", "Run it once and see what fires", "/app/rules", _has_run),
    Item("acknowledge", ("operator",), "处理第一条预警", "Handle your first alert", "/app/alerts", _was_done("alert")),
    Item("decide", ("operator",), "审批第一个补货任务", "Decide your first replenishment task", "/app/todos", _was_done("instance")),
)  # fmt: skip


def of(session: Session, workspace: Workspace, user: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the checklist of *user*'s roles; empty for who only looks."""
    roles = set(user.get("roles", []))
    return [
        {
            "key": item.key,
            "title": item.title,
            "title_en": item.title_en,
            "href": item.href,
            "done": item.done(session, workspace),
        }
        for item in ITEMS
        if roles & set(item.roles)
    ]
