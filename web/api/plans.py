"""Plans: worked out, looked through, changed and taken as orders and transfers; policies tried on one's own history."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from services import plan_lines, plans
from web.api.stock import see_all_stock
from web.endpoint import endpoint, principal, workspace

api = APIBlueprint("plans", __name__, tag="plans 补货计划")
CODE = {"type": "string", "minLength": 1, "maxLength": 200}
TEXT = {"type": "string", "maxLength": 200}
MONEY = {"type": ["number", "null"], "minimum": 0, "maximum": 1e12}
LIST = {"type": "object", "required": ["items"], "properties": {"items": {"type": "array"}}}
KEY = {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,54}$"}
MAKE = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "policy": KEY, "budget": MONEY, "move": {"type": "boolean"},
        "service_level": {"type": ["number", "null"], "exclusiveMinimum": 0, "exclusiveMaximum": 1},
    },
}  # fmt: skip
FILTERS = {
    "kind": {"enum": ["buy", "transfer", "clear"]}, "supplier": CODE, "warehouse": CODE, "from_warehouse": CODE,
    "category": CODE, "stage": CODE, "abc_xyz": CODE, "state": {"enum": ["open", "accepted", "dismissed"]},
}  # fmt: skip
QUERY = {
    **FILTERS, "q": TEXT, "sort": {"type": "string", "pattern": "^-?(urgency|money|quantity|sku|days_left)$"},
    "limit": {"type": "integer", "minimum": 1, "maximum": 500}, "cursor": TEXT,
}  # fmt: skip
IDS = {"type": "array", "maxItems": 100_000, "items": {"type": "integer", "minimum": 1, "maximum": 2**53}}
FILTER = {"type": "object", "additionalProperties": False, "properties": FILTERS}
CHOSEN = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "ids": IDS,
        "filter": FILTER,
        "q": TEXT,
        "send": {"type": "boolean"},
    },
}
ASIDE = {"type": "object", "additionalProperties": False, "properties": {"ids": IDS, "filter": FILTER}}
CHANGE = {
    "type": "object",
    "required": ["quantity"],
    "additionalProperties": False,
    "properties": {"quantity": {"type": "number", "minimum": 0, "maximum": 1e9}},
}
TRIAL = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "lead_days": {"type": "integer", "minimum": 1, "maximum": 120},
        "weeks": {"type": "integer", "minimum": 4, "maximum": 52},
    },
}


@api.get("/plans/current")
@endpoint("viewer")
def show_current() -> dict[str, Any]:
    """当前计划 / The newest plan with its totals, and the newest trial of policies."""
    see_all_stock()
    return plan_lines.current(workspace())


@api.post("/plans")
@endpoint("operator", body=MAKE, status=201)
def make(body: dict[str, Any]) -> dict[str, Any]:
    """算一次计划 / Work out today's plan; what is asked for already is not proposed again."""
    return plans.make(workspace(), user=principal().key, **body)


@api.get("/plans/<number:number>/lines")
@endpoint("viewer", query=QUERY, answer=LIST)
def list_lines(number: int, query: dict[str, Any]) -> dict[str, Any]:
    """计划明细 / Lines of a plan, filtered and sorted."""
    see_all_stock()
    return plan_lines.lines(workspace(), id=number, **query)


@api.get("/plans/<number:number>/flows")
@endpoint("viewer")
def show_flows(number: int) -> dict[str, Any]:
    """调拨流向 / The proposed transfers by lane, and the transfers under way."""
    see_all_stock()
    return plan_lines.flows(workspace(), id=number)


@api.patch("/plans/<number:number>/lines/<number:line>")
@endpoint("operator", body=CHANGE)
def change_line(number: int, line: int, body: dict[str, Any]) -> dict[str, Any]:
    """改数量 / Change a line's quantity; what was proposed stays beside it."""
    return plan_lines.change(workspace(), id=number, line=line, quantity=body["quantity"], user=principal().key)


@api.post("/plans/<number:number>/take")
@endpoint("operator", body=CHOSEN)
def take(number: int, body: dict[str, Any]) -> dict[str, Any]:
    """采纳 / Take lines: orders by supplier and warehouse, transfers by lane; `send` orders at once."""
    chosen = {
        "ids": body.get("ids"),
        "equal": body.get("filter"),
        "q": body.get("q", ""),
        "send": body.get("send", False),
    }
    return plan_lines.take(workspace(), id=number, user=principal().key, **chosen)


@api.post("/plans/<number:number>/put-aside")
@endpoint("operator", body=ASIDE)
def put_aside(number: int, body: dict[str, Any]) -> dict[str, Any]:
    """放到一边 / Put lines aside."""
    return plan_lines.put_aside(
        workspace(), id=number, ids=body.get("ids"), equal=body.get("filter"), user=principal().key
    )


@api.post("/plans/trial")
@endpoint("operator", body=TRIAL)
def trial(body: dict[str, Any]) -> dict[str, Any]:
    """用自己的历史试算 / Replay four policies on the shop's own sales: fill, stock days, coverage."""
    return plan_lines.try_on_history(workspace(), user=principal().key, **body)
