"""What a definition may do once it is switched on: raise alerts, tell people, write records, call addresses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True, order=True)
class Ability:
    """One thing that a definition may do by itself.

    Args:
        code: `alert`, `notify`, `replenish`, `start`, `write`, `delete`, `call`, `run`, `words` or `grant`.
        what: on or through what: a channel, a form, a workflow, a host, an event; empty where it says nothing more.
    """

    code: str
    what: str = ""

    def as_dict(self, names: Mapping[str, str] | None = None) -> dict[str, str]:
        """Return `{code, what, words, words_en}`; *names* says what forms and workflows are called, by key."""
        zh, en = _WORDS[self.code]
        what, what_en = _EVENTS.get(self.what, (self.what, self.what)) if self.code == "run" else (self.what, self.what)
        named = (names or {}).get(what)
        return {
            "code": self.code,
            "what": self.what,
            "words": zh.format(named or what).rstrip(" :"),
            "words_en": en.format(named or what_en).rstrip(" :"),
        }


_WORDS = {
    "alert": ("按计划检查并产生预警", "checks on schedule and raises alerts"),
    "notify": ("发通知:{}", "sends notices: {}"),
    "replenish": ("生成补货任务", "creates replenishment tasks"),
    "start": ("发起流程:{}", "starts a workflow: {}"),
    "write": ("新建或修改记录:{}", "creates or changes records: {}"),
    "delete": ("删除记录:{}", "deletes records: {}"),
    "call": ("调用外部地址:{}", "calls an address: {}"),
    "run": ("自动运行:{}", "runs by itself: {}"),
    "words": ("改变通知的文字:{}", "changes the words of notices: {}"),
    "grant": ("授予权限:{}", "grants: {}"),
}


_EVENTS = {
    "record.created": ("新建记录时", "when a record is created"),
    "record.updated": ("记录改动时", "when a record changes"),
    "record.deleted": ("记录删除时", "when a record is deleted"),
    "import.finished": ("导入完成时", "when an import is done"),
    "stock.changed": ("库存变动时", "when stock changes"),
    "order.received": ("收到订单时", "when an order comes in"),
    "alert.fired": ("预警触发时", "when an alert fires"),
    "alert.changed": ("预警变化时", "when an alert changes"),
    "alert.resolved": ("预警恢复时", "when an alert is resolved"),
    "task.done": ("任务完成时", "when a task is done"),
    "workflow.finished": ("流程结束时", "when a workflow ends"),
    "signal": ("收到信号时", "on a signal"),
    "webhook": ("外部系统调用时", "when another system calls"),
    "button": ("有人按按钮时", "when somebody presses a button"),
    "schedule": ("按时间", "on schedule"),
    "date_field": ("到某个日期时", "on a date of a record"),
}


def abilities(definition: Mapping[str, Any] | None) -> frozenset[Ability]:
    """Return what *definition* may do; nothing for None, and for kinds that only hold or show data."""
    if definition is None:
        return frozenset()
    reader = _READERS.get(str(definition.get("kind")))
    return frozenset(reader(definition)) if reader else frozenset()


def _rule(definition: Mapping[str, Any]) -> Iterator[Ability]:
    yield Ability("alert")
    for action in definition.get("actions", ()):
        kind = action["type"]
        if kind == "notify":
            for channel in action.get("channels") or [""]:
                yield Ability("notify", channel)
        elif kind == "webhook":
            yield Ability("call", str(action.get("channel", "")))
        elif kind == "start_workflow":
            yield Ability("start", str(action.get("workflow", "")))
        elif kind == "create_record":
            yield Ability("write", str(action.get("form", "")))
        else:
            yield Ability("replenish")


def _route(definition: Mapping[str, Any]) -> Iterator[Ability]:
    for channel in definition.get("channels") or [""]:
        yield Ability("notify", str(channel))
    for inner in definition.get("routes", ()):
        yield from _route(inner)


_NODES = {
    "create_record": "write", "update_record": "write", "delete_record": "delete", "call": "start", "replenish": "replenish",
    "notify": "notify",
}  # fmt: skip


def _workflow(definition: Mapping[str, Any]) -> Iterator[Ability]:
    for node in definition.get("nodes", {}).values():
        kind = node.get("type") if isinstance(node, Mapping) else None
        if kind == "webhook":
            yield Ability("call", urlsplit(str(node.get("url", ""))).hostname or str(node.get("url", "")))
        elif kind in _NODES:
            what = node.get("form") or node.get("workflow") or ""
            yield Ability(_NODES[kind], str(what))


def _trigger(definition: Mapping[str, Any]) -> Iterator[Ability]:
    yield Ability("run", str(definition.get("on", "")))
    if definition.get("start"):
        yield Ability("start", str(definition["start"]))


def _forecast(definition: Mapping[str, Any]) -> Iterator[Ability]:
    if definition.get("schedule"):
        yield Ability("run", "schedule")


def _message(definition: Mapping[str, Any]) -> Iterator[Ability]:
    yield Ability("words", f"{definition.get('channel', '*')} {definition.get('event', '*')}")


def _grants(definition: Mapping[str, Any]) -> Iterator[Ability]:
    """Yield what a role, or a form by its own permissions, lets people do."""
    for one in definition.get("includes", ()):
        yield Ability("grant", str(one))
    for grant in definition.get("permissions", ()):
        for can in grant.get("can", ()):
            yield Ability("grant", f"{grant.get('form') or grant.get('role', '')}.{can}")


_READERS = {
    "rule": _rule, "route": _route, "workflow": _workflow, "trigger": _trigger, "forecast": _forecast, "message": _message,
    "role": _grants, "form": _grants,
}  # fmt: skip
