"""Rules beyond their definition: what matches now, a run, what past runs found, a back-test, and why (not)."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from services import evaluate
from web.api.definitions import DOCUMENT, ITEMS
from web.endpoint import endpoint, principal, workspace

api = APIBlueprint("rule_runs", __name__, tag="rules 预警规则")
DAY = {"type": "string", "format": "date"}
RUN = {"type": "object", "additionalProperties": False, "properties": {"as_of": DAY}}
BACKTEST = {
    "type": "object",
    "required": ["definition", "from", "to"],
    "additionalProperties": False,
    "properties": {"definition": {"type": "object"}, "from": DAY, "to": DAY},
}
LIMIT = {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}


@api.post("/rules/preview")
@endpoint("viewer", body=DOCUMENT)
def preview(body: dict[str, Any]) -> dict[str, Any]:
    """试算 / What a rule as drawn would match now; nothing is saved."""
    return evaluate.preview(workspace(), definition=body["definition"], user=principal().key)


@api.post("/rules/backtest")
@endpoint("designer", body=BACKTEST)
def backtest(body: dict[str, Any]) -> dict[str, Any]:
    """回测 / Replay a rule over past days: how often it fires, which stockouts it catches and how early."""
    return evaluate.backtest(
        workspace(), definition=body["definition"], from_=body["from"], to=body["to"], user=principal().key
    )


@api.post("/rules/run")
@endpoint("operator", body=RUN)
def run_all(body: dict[str, Any]) -> dict[str, Any]:
    """运行全部规则 / Evaluate every rule that is on."""
    return evaluate.run(workspace(), as_of=body.get("as_of"), trigger="manual", user=principal().key)


@api.post("/rules/<key:key>/run")
@endpoint("operator", body=RUN)
def run(key: str, body: dict[str, Any]) -> dict[str, Any]:
    """立即运行 / Evaluate one rule now."""
    return evaluate.run(workspace(), rules=[key], as_of=body.get("as_of"), trigger="manual", user=principal().key)


@api.get("/rules/<key:key>/runs")
@endpoint("viewer", query={"limit": LIMIT}, answer=ITEMS)
def runs(key: str, query: dict[str, Any]) -> dict[str, Any]:
    """运行记录 / What past runs found."""
    return {"items": evaluate.history(workspace(), rule=key, limit=query.get("limit", 50))}


@api.get("/rules/<key:key>/explain")
@endpoint("viewer", open_query=True)
def explain(key: str, query: dict[str, Any]) -> dict[str, Any]:
    """为什么(没有)触发 / Why a rule fires for one record, or why not: `?sku=A001&warehouse=hd`."""
    return evaluate.explain(workspace(), rule=key, keys=query, user=principal().key)
