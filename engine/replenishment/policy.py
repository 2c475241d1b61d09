"""What a replenishment policy is: settings with a schema, and one decision for all series at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from engine.definitions import problems_in
from engine.forecasting.panel import Floats
from engine.problems import DefinitionError, Problem
from engine.registry import Registry
from engine.replenishment.situation import Situation


@dataclass(frozen=True, slots=True)
class Decision:
    """What a policy wants, before packs and limits.

    Args:
        wanted: (N,) units to order, not rounded; 0 for none.
        reorder_point: (N,) position at or below which it orders; None where the policy has none.
        order_up_to: (N,) position that an order restores; None likewise.
        terms: name -> (N,) numbers that the sentence names.
        sentence: Chinese reason with `{name}` places for the terms.
        sentence_en: the same in English.
    """

    wanted: Floats
    reorder_point: Floats | None
    order_up_to: Floats | None
    terms: Mapping[str, Floats]
    sentence: str
    sentence_en: str


class Policy(Protocol):
    """A replenishment policy: a plug-in file of `engine/replenishment/policies/`."""

    title: ClassVar[str]
    title_en: ClassVar[str]
    schema: ClassVar[dict[str, Any]]
    example: ClassVar[dict[str, Any]]

    @staticmethod
    def decide(settings: Mapping[str, Any], now: Situation) -> Decision:
        """Return what to order for every series of *now*."""
        ...


POLICIES: Registry[type[Policy]] = Registry("补货策略", "engine.replenishment.policies", "beihuo.policies", "policy")

_WHOLE = {"type": "integer", "minimum": 1}
_AMOUNT = {"type": "number", "minimum": 0}
# Settings every policy has; what a stock row says itself (lead_time, moq, pack_size, unit_cost) goes first.
COMMON: dict[str, Any] = {
    "kind": {"const": "policy"},
    "key": {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,54}$"},
    "name": {"type": "string"},
    "name_en": {"type": "string"},
    "description": {"type": "string"},
    "schema_version": {"type": "integer", "minimum": 1},
    "enabled": {"type": "boolean"},
    "type": {"type": "string"},
    "period": {"enum": ["day", "week"], "title": "周期", "x-title-en": "period", "default": "day"},
    "lead_time": {"type": "integer", "minimum": 0, "title": "提前期(周期数)", "x-title-en": "lead time in periods"},
    "review": {**_WHOLE, "title": "多少周期下一次单", "x-title-en": "periods between orders", "default": 1},
    "moq": {**_AMOUNT, "title": "最小起订量", "x-title-en": "minimum order quantity"},
    "pack_size": {**_WHOLE, "title": "箱规", "x-title-en": "pack size"},
    "capacity": {**_AMOUNT, "title": "每次下单总量上限", "x-title-en": "most units over all series"},
    "budget": {**_AMOUNT, "title": "预算", "x-title-en": "budget"},
    "unit_cost": {**_AMOUNT, "title": "单位成本", "x-title-en": "unit cost"},
}
SERVICE = {
    "type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1, "default": 0.95, "title": "服务水平",
    "x-title-en": "service level",
}  # fmt: skip


def settings_schema(properties: Mapping[str, Any] | None = None, required: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return the schema of a policy: the common settings and its own *properties*."""
    return {
        "type": "object",
        "properties": {**COMMON, **(properties or {})},
        "required": ["type", *required],
        "additionalProperties": False,
    }


def check_policy(definition: Any) -> list[Problem]:
    """Return everything that is wrong with a policy definition."""
    if not isinstance(definition, Mapping):
        return problems_in({"type": "object"}, definition, "$")
    name = definition.get("type")
    if not isinstance(name, str):
        return problems_in({"type": "object", "required": ["type"]}, dict(definition), "$")
    if name not in POLICIES:
        known = "、".join(POLICIES)
        return [
            Problem(
                "$.type", f"没有名为“{name}”的补货策略", f"可用:{known}", f"unknown policy “{name}”", f"known: {known}"
            )
        ]
    return problems_in(POLICIES[name].schema, dict(definition), "$")


def read_policy(definition: Any) -> tuple[type[Policy], dict[str, Any]]:
    """Return the policy and its settings with defaults filled in.

    Raises:
        DefinitionError: with everything that is wrong.
    """
    problems = check_policy(definition)
    if problems:
        raise DefinitionError(problems)
    policy = POLICIES[definition["type"]]
    properties = policy.schema["properties"]
    defaults = {name: part["default"] for name, part in properties.items() if "default" in part}
    return policy, {**defaults, **definition}
