"""What a run finds: the engine's answer about every record that matters, with the numbers and the words that people read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine import alerting
from engine.expression import parse, print_source
from engine.problems import DefinitionError
from services import replenish
from services.conditions import holds
from services.episodes import Seen
from services.snapshot import Snapshot
from services.trial import as_started
from services.workspace import Workspace
from store import episodes as kept

if TYPE_CHECKING:
    from engine.tables.window_store import WindowStore

# Below so many records the facts are read quicker than the window store is kept.
STORED_FROM = 20_000
# Names that rules give again and again.
COMMON_NAMES = {"daily": "日均", "lead": "提前期", "available": "可用", "line": "预警线", "cover": "可售天数"}


@dataclass(frozen=True, slots=True)
class Found:
    """What the engine found, with what it was asked.

    Attributes:
        snapshot: what the run read.
        rules: the rules as they hold on the day (their calendars applied), by key.
        seen: one entry a (rule, record) that breaches, cannot be judged, or has a live alert.
        evaluation: the engine's own answer.
        now: the moment that the run stands for.
        real_now: the moment when it happened.
    """

    snapshot: Snapshot
    rules: dict[str, dict[str, Any]]
    seen: list[Seen]
    evaluation: alerting.Evaluation
    now: dt.datetime
    real_now: dt.datetime


def find(workspace: Workspace, taken: Snapshot, now: dt.datetime) -> Found:
    """Evaluate the rules of *taken* at *now*; nothing is kept."""
    zone = workspace.settings.timezone
    day = now.astimezone(workspace.zone).date()
    rules = {key: as_started(alerting.rule_on(rule, taken.calendars, day), day) for key, rule in taken.rules.items()}
    with workspace.read() as session:
        watching: dict[str, list[dict[str, str]]] = {}
        for (rule, _), episode in kept.live(session, rules).items():
            watching.setdefault(rule, []).append(episode.keys)
    evaluation = alerting.evaluate(
        list(taken.rules.values()),
        taken.tables,
        now=now,
        forms=taken.forms,
        calendars=taken.calendars,
        zone=zone,
        watching=watching,
        windows=_windows(workspace, taken),
    )
    labels = {key: labels_of(rule, taken) for key, rule in taken.rules.items()}
    seen = [
        _seen(taken.rules[rule], keys, observation, labels[rule], taken)
        for rule, keys, observation in evaluation.observations()
    ]
    return Found(taken, rules, seen, evaluation, now, workspace.clock())


def _windows(workspace: Workspace, taken: Snapshot) -> WindowStore | None:
    """Return the window store, where some rule looks at enough records for it to be worth its files."""
    tables = [taken.tables.get(str(rule["over"])) for rule in taken.rules.values()]
    if max((getattr(table, "num_rows", 0) for table in tables), default=0) < STORED_FROM:
        return None
    from engine.tables.window_store import WindowStore  # noqa: PLC0415 the columnar libraries are for runs only

    return WindowStore(workspace.folder("windows"))


def may_need_orders(workspace: Workspace, found: Found) -> dict[str, set[replenish.Key]]:
    """Return, by policy, the records that are about to enter a level whose actions replenish."""
    with workspace.read() as session:
        levels = {key: episode.level for key, episode in kept.live(session, found.rules).items()}
    wanted: dict[str, set[replenish.Key]] = {}
    for one in found.seen:
        level = one.observation.level
        if level is None or levels.get((one.rule, kept.keys_text(one.keys))) == level:
            continue
        for action in found.rules[one.rule].get("actions", ()):
            condition = action.get("if")
            data = {**one.keys, "level": level, "rule": one.rule}
            if action["type"] == "replenish" and (condition is None or holds(condition, data)):
                key = replenish.Target(None, one.keys).key
                wanted.setdefault(str(action.get("policy") or "default"), set()).add(key)
    return wanted


def _seen(rule: Mapping[str, Any], keys: Mapping[str, Any], observation: Any, labels: Labels, taken: Snapshot) -> Seen:
    texts = {name: str(value) for name, value in keys.items()}
    if observation.level is None:
        return Seen(str(rule["key"]), texts, observation)
    measured = [
        {"source": source, "label": labels.of(source), "value": value} for source, value in observation.values.items()
    ]
    told, told_en = (
        alerting.explanation(rule, observation.values, observation.level, language, forms=taken.forms)
        for language in ("zh", "en")
    )
    return Seen(str(rule["key"]), texts, observation, measured, told, told_en)


def labels_of(rule: Mapping[str, Any], taken: Snapshot) -> Labels:
    """Return what people call the fields and names that a rule reads."""
    return Labels(rule, taken)


class Labels:
    """What people call what a rule reads: fields by path, the rule's own names, and formulas made of them.

    Args:
        rule: the rule; its `let` may say how a name is called.
        taken: the forms whose fields it reads.
    """

    def __init__(self, rule: Mapping[str, Any], taken: Snapshot) -> None:
        self._known = dict(COMMON_NAMES)
        self._fields(taken, str(rule["over"]), "", 2)
        self._known |= rule.get("labels", {})

    def _fields(self, taken: Snapshot, form: str, path: str, depth: int) -> None:
        for field in taken.forms.get(form, {"fields": []})["fields"]:
            here = f"{path}{field['key']}"
            self._known[here] = field.get("label", field["key"])
            if field["type"] == "link" and depth > 0:
                self._fields(taken, str(field.get("form")), f"{here}.", depth - 1)

    def of(self, source: str) -> str:
        """Return the label of a path, a name or a formula; the source itself when nothing in it has one."""
        if source in self._known:
            return self._known[source]
        try:
            written = print_source(parse(source), self._known, "zh")
        except DefinitionError:
            return source
        return written.replace(" * ", " × ").replace(" / ", " ÷ ").replace(" - ", " − ")
