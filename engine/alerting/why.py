"""Why a rule fired for one record, or why it did not: each condition with its numbers, and what would tip it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from engine.alerting.answers import reason_text
from engine.alerting.calendars import by_key
from engine.alerting.plan import Condition, make_plan, ready
from engine.alerting.prepare import ZONE, Asked
from engine.alerting.reference import Reference
from engine.alerting.sentence import Sentences, compare, number_text
from engine.alerting.shown import comparisons, part, source_of
from engine.alerting.subject import World
from engine.expression.operators import COMPARE_NAMES
from engine.expression.typed import Apply
from engine.problems import BeihuoError
from engine.tables.source import open_tables

_SYMBOLS = {name: symbol for symbol, name in COMPARE_NAMES.items()}


def explain(
    rule: Mapping[str, Any],
    keys: Mapping[str, Any],
    tables: Any,
    *,
    now: dt.datetime,
    forms: Any = None,
    calendars: Any = None,
    zone: str = ZONE,
) -> dict[str, Any]:
    """Return why *rule* fires or does not for the record of *keys*.

    Args:
        rule: the definition.
        keys: the record's natural keys.
        tables: as for `evaluate`.
        now: likewise.
        forms: likewise.
        calendars: likewise.
        zone: likewise.

    Returns:
        fires, level, unknown; conditions: a list of {level, source, left, right, value, holds, reason, sentence,
        sentence_en}, the gravest level first; nearest: {level, sentence, sentence_en}, the level that is nearest to firing
        and what would tip it, or None; values: what is shown of the level that fires; sentence and sentence_en.

    Raises:
        DefinitionError: the rule is wrong.
        BeihuoError: there is no such record.
    """
    opened = open_tables(tables)
    world, known = World(opened, forms), by_key(calendars)
    asked = Asked(now, zone, known)
    (plan,) = ready([make_plan(rule, world, known, asked.day(rule))])
    only = {key: str(keys[key]) for key in plan.subject.keys}
    reference = Reference(plan, now, asked.day(rule), asked.zone_of(rule), known, only)
    record = next(reference.records(), None)
    if record is None:
        shown = "、".join(f"{key}={value}" for key, value in only.items())
        raise BeihuoError(f"表 {plan.subject.name} 里没有 {shown} / there is no such record in {plan.subject.name}")
    return _Explainer(reference, record, world.forms).told()


class _Explainer:
    def __init__(self, reference: Reference, record: Mapping[str, Any], forms: Mapping[str, Mapping[str, Any]]) -> None:
        self.reference = reference
        self.plan = reference.plan
        self.record, self.guards = reference.prepared(record)
        self.forms = forms

    def told(self) -> dict[str, Any]:
        plan, reference = self.plan, self.reference
        about = plan.where is None or reference.value(plan.where, self.record) is True
        conditions = [self._condition(condition) for condition in plan.conditions]
        fired = next((one for one in conditions if one["holds"] is True), None) if about else None
        unknown = about and fired is None and any(one["holds"] is None for one in conditions)
        answer: dict[str, Any] = {
            "fires": fired is not None,
            "level": fired["level"] if fired else None,
            "about": about,
            "unknown": unknown,
            "conditions": conditions,
            "nearest": None if fired or not about else self._nearest(),
            "values": fired["values"] if fired else {},
        }
        return answer | self._sentence(answer, fired)

    def _sentence(self, answer: Mapping[str, Any], fired: Mapping[str, Any] | None) -> dict[str, str]:
        if fired is not None:
            return {"sentence": fired["sentence"], "sentence_en": fired["sentence_en"]}
        if not answer["about"]:
            where = str(self.plan.rule.get("where"))
            return {"sentence": f"不在规则的范围内:{where}", "sentence_en": f"not what the rule is about: {where}"}
        empty = next((one for one in answer["conditions"] if one["holds"] is None), None)
        if empty is not None:
            zh, en = f"无法判断:{empty['reason']}", f"cannot be judged: {empty['reason_en']}"
            return {"sentence": zh, "sentence_en": en}
        near = answer["nearest"]
        return {
            "sentence": f"没有触发;{near['sentence']}" if near else "没有触发",
            "sentence_en": f"did not fire; {near['sentence_en']}" if near else "did not fire",
        }

    def _condition(self, condition: Condition) -> dict[str, Any]:
        holds = self.reference.holds(condition, self.record, self.guards)
        values = self.reference.shown(condition, self.record)
        source = condition.when.source
        reason, reason_en = ("", "")
        if holds is None:
            empty = self.reference.empty_inputs(condition, self.record)
            reason, reason_en = reason_text(empty[0] if empty else None)
        elif self.reference.value(condition.when, self.record) is True and holds is False:
            reason, reason_en = "日历或覆盖规则使它现在不适用", "a calendar or an override keeps it from counting now"
        first = next(iter(comparisons(condition.when)), None)
        sides = (
            [self.reference.value(part(condition.when, side), self.record) for side in first.args[:2]] if first else []
        )
        left, right = sides if len(sides) == 2 else (None, None)
        return {
            "level": condition.level,
            "source": source,
            "left": left,
            "right": right,
            "value": self.reference.value(condition.when, self.record),
            "holds": holds,
            "reason": reason,
            "reason_en": reason_en,
            "sentence": self._written(values, "zh").condition(source),
            "sentence_en": self._written(values, "en").condition(source),
            "values": values,
        }

    def _written(self, values: Mapping[str, Any], language: str) -> Sentences:
        return Sentences(self.plan.rule, values, language, self.forms)

    def _nearest(self) -> dict[str, Any] | None:
        """Return the level that is nearest to firing: the one whose farthest failing comparison misses by least."""
        found = []
        for condition in self.plan.conditions:
            if self.reference.holds(condition, self.record, self.guards) is not False:
                continue
            misses = [miss for one in comparisons(condition.when) if (miss := self._miss(condition, one)) is not None]
            if misses:
                distance, node, gap = max(misses, key=lambda miss: miss[0])
                found.append((distance, condition, node, gap))
        if not found:
            return None
        _, condition, node, gap = min(found, key=lambda one: (one[0], one[1].rank))
        return self._tip(condition, node, gap)

    def _miss(self, condition: Condition, node: Apply) -> tuple[float, Apply, float] | None:
        """Return by how much a failing comparison of numbers misses: relative, the comparison, absolute."""
        symbol = _SYMBOLS.get(node.operator, "")
        if symbol not in {"<", "<=", ">", ">="} or len(node.args) != 2:
            return None
        left, right = (self.reference.value(part(condition.when, side), self.record) for side in node.args)
        if not isinstance(left, float) or not isinstance(right, float) or compare(symbol, left, right) is not False:
            return None
        gap = abs(left - right)
        return gap / max(abs(right), 1e-9), node, gap

    def _tip(self, condition: Condition, node: Apply, gap: float) -> dict[str, Any]:
        values = self.reference.shown(condition, self.record)
        symbol = _SYMBOLS[node.operator]
        falls = symbol in {"<", "<="}
        name = source_of(condition.when, node.args[0])
        shown = number_text(gap)
        # At equality `<` does not hold yet: anything more than the gap tips it.
        zh = f"{name} 再{'降' if falls else '升'} {shown}{'' if '=' in symbol else ' 以上'} 就到 {condition.level}"
        en = (
            f"{name} has to {'fall' if falls else 'rise'} by {'' if '=' in symbol else 'more than '}{shown} "
            f"to reach {condition.level}"
        )
        text = f"{condition.when.source[node.at[0] : node.at[1]]}"
        return {
            "level": condition.level,
            "gap": gap,
            "comparison": text,
            "sentence": f"{self._written(values, 'zh').condition(text)} 不成立,{zh}",
            "sentence_en": f"{self._written(values, 'en').condition(text)} does not hold: {en}",
        }
