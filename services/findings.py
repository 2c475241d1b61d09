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
        live: the episodes that had not ended when it was asked.
    """

    snapshot: Snapshot
    rules: dict[str, dict[str, Any]]
    seen: list[Seen]
    evaluation: alerting.Evaluation
    now: dt.datetime
    real_now: dt.datetime
    live: Mapping[tuple[str, str], kept.Episode]


def find(workspace: Workspace, taken: Snapshot, now: dt.datetime) -> Found:
    """Evaluate the rules of *taken* at *now*; nothing is kept."""
    zone = workspace.settings.timezone
    day = now.astimezone(workspace.zone).date()
    rules = {key: as_started(alerting.rule_on(rule, taken.calendars, day), day) for key, rule in taken.rules.items()}
    with workspace.read() as session:
        live = kept.live(session, rules)
    watching: dict[str, list[dict[str, str]]] = {}
    for (rule, _), episode in live.items():
        watching.setdefault(rule, []).append(episode.keys)
    evaluation = alerting.evaluate(
        list(taken.rules.values()),
        taken.tables,
        now=now,
        forms=taken.forms,
        calendars=taken.calendars,
        zone=zone,
        watching=watching,
        windows=windows_for(workspace, taken),
    )
    words = {key: _Words(rule, taken) for key, rule in taken.rules.items()}
    seen = [words[rule].seen(keys, observation, live) for rule, keys, observation in evaluation.observations()]
    return Found(taken, rules, seen, evaluation, now, workspace.clock(), live)


def windows_for(workspace: Workspace, taken: Snapshot) -> WindowStore | None:
    """Return the window store, where some rule looks at enough records for it to be worth its files."""
    tables = [taken.tables.get(str(rule["over"])) for rule in taken.rules.values()]
    if max((getattr(table, "num_rows", 0) for table in tables), default=0) < STORED_FROM:
        return None
    from engine.tables.window_store import WindowStore  # noqa: PLC0415 the columnar libraries are for runs only

    return WindowStore(workspace.folder("windows"))


def may_need_orders(found: Found) -> dict[str, set[replenish.Key]]:
    """Return, by policy, the records that are about to enter a level whose actions replenish."""
    levels = {key: episode.level for key, episode in found.live.items()}
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


class _Words:
    """What is told of the records that one rule finds.

    Args:
        rule: the rule.
        taken: the forms that it reads.
    """

    def __init__(self, rule: Mapping[str, Any], taken: Snapshot) -> None:
        self.key = str(rule["key"])
        self.version = taken.versions[self.key]
        self.labels = labels_of(rule, taken)
        self.told, self.told_en = (alerting.Explainer(rule, language, taken.forms) for language in ("zh", "en"))

    def seen(self, keys: Mapping[str, Any], observation: Any, live: Mapping[tuple[str, str], kept.Episode]) -> Seen:
        """Return what was seen of one record; an alert whose numbers are those of the last run keeps its words."""
        texts = {name: str(value) for name, value in keys.items()}
        if observation.level is None:
            return Seen(self.key, texts, observation)
        known = live.get((self.key, kept.keys_text(texts)))
        if known is not None and self._is_told(known, observation):
            return Seen(self.key, texts, observation, known.measured, known.explanation, known.explanation_en)
        measured = [
            {"source": source, "label": self.labels.of(source), "value": value}
            for source, value in observation.values.items()
        ]
        told, told_en = (each(observation.values, observation.level) for each in (self.told, self.told_en))
        return Seen(self.key, texts, observation, measured, told, told_en)

    def _is_told(self, known: kept.Episode, observation: Any) -> bool:
        """Say whether an episode holds the words of this observation already."""
        if (known.rule_version, known.level) != (self.version, observation.level):
            return False
        return bool(known.measured) and known.machine.get("values") == dict(observation.values)


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
        self._written: dict[str, str] = {}
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
        if source not in self._written:
            self._written[source] = self._formula(source)
        return self._written[source]

    def _formula(self, source: str) -> str:
        try:
            written = print_source(parse(source), self._known, "zh")
        except DefinitionError:
            return source
        return written.replace(" * ", " × ").replace(" / ", " ÷ ").replace(" - ", " − ")
