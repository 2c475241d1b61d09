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

    @property
    def words(self) -> str:
        """It in Chinese."""
        return _WORDS[self.code][0].format(self.what).rstrip(" :")

    @property
    def words_en(self) -> str:
        """It in English."""
        return _WORDS[self.code][1].format(self.what).rstrip(" :")

    def as_dict(self) -> dict[str, str]:
        """Return it as the API answers it."""
        return {"code": self.code, "what": self.what, "words": self.words, "words_en": self.words_en}


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
