"""Promotions: the calendar, the simulator, plans, and the review afterwards."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from services import promotion_review, promotions
from web.endpoint import endpoint, principal, workspace

api = APIBlueprint("promotions", __name__, tag="promotions 大促")
SHARE = {"type": "number", "minimum": 0, "maximum": 1}
PHASES = {
    "type": "array",
    "maxItems": 20,
    "items": {
        "type": "object",
        "required": ["from", "to", "multiplier"],
        "additionalProperties": False,
        "properties": {
            "name": {"type": "string", "maxLength": 100},
            "from": {"type": "string", "maxLength": 10},
            "to": {"type": "string", "maxLength": 10},
            "multiplier": {"type": "number", "exclusiveMinimum": 0, "maximum": 100},
        },
    },
}
SCENARIO = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "name": {"type": "string", "maxLength": 100},
        "discount": {"type": "number", "minimum": 0, "maximum": 0.9},
        "traffic": {"type": "number", "minimum": 0.1, "maximum": 20},
        "price": {"type": "number", "minimum": 0.2, "maximum": 3},
        "featured": {"type": "boolean"},
        "phases": PHASES,
    },
}
CODES = {"type": "array", "items": {"type": "string", "maxLength": 200}, "maxItems": 5_000}
TERMS = {
    "where": {
        "type": "object",
        "additionalProperties": False,
        "properties": {"category": CODES, "sku": CODES, "stage": CODES},
    },
    "phases": PHASES,
    "discount": {"type": "number", "minimum": 0, "maximum": 0.9},
    "salvage": SHARE,
    "goodwill": SHARE,
    "scenarios": {"type": "array", "minItems": 1, "maxItems": 6, "items": SCENARIO},
}
SIMULATE = {"type": "object", "required": ["phases"], "additionalProperties": False, "properties": TERMS}
SAVE = {
    "type": "object",
    "required": ["name", "phases"],
    "additionalProperties": False,
    "properties": {
        **TERMS,
        "name": {"type": "string", "minLength": 1, "maxLength": 200},
        "chosen": {"type": "integer", "minimum": 0, "maximum": 5},
        "channels": {"type": "array", "items": {"type": "string", "maxLength": 100}, "maxItems": 50},
    },
}


@api.get("/promotions")
@endpoint("viewer")
def calendar() -> dict[str, Any]:
    """大促日历 / Every promotion of calendars and plans, with its phases; and the uplifts learned so far."""
    return promotions.calendar(workspace())


@api.post("/promotions/simulate")
@endpoint("viewer", body=SIMULATE)
def simulate(body: dict[str, Any]) -> dict[str, Any]:
    """大促推演 / What scenarios lead to: demand with its band, stock, risk, suggested buy, cash; nothing is saved."""
    return promotions.simulate(workspace(), values=body)


@api.post("/promotions")
@endpoint("operator", body=SAVE, status=201)
def save(body: dict[str, Any]) -> dict[str, Any]:
    """保存大促计划 / Keep the chosen scenario as the plan; the forecast heeds it from its next run on."""
    return promotions.save(workspace(), values=body, user=principal().key)


@api.get("/promotions/<number:plan>")
@endpoint("viewer")
def show(plan: int) -> dict[str, Any]:
    """大促计划 / One plan."""
    return promotions.get(workspace(), plan=plan)


@api.post("/promotions/<number:plan>/archive")
@endpoint("operator")
def archive(plan: int) -> dict[str, Any]:
    """归档大促计划 / Put a plan away."""
    return promotions.archive(workspace(), plan=plan, user=principal().key)


@api.get("/promotions/<number:plan>/review")
@endpoint("viewer")
def review(plan: int) -> dict[str, Any]:
    """大促复盘 / Plan against actual, over- and under-stocked, in money, and the lessons."""
    return promotion_review.review(workspace(), plan=plan)


@api.post("/promotions/<number:plan>/adopt")
@endpoint("operator", status=201)
def adopt(plan: int) -> dict[str, Any]:
    """采纳教训 / Plan the same promotion a year on, with what this one taught."""
    return promotion_review.adopt(workspace(), plan=plan, user=principal().key)
