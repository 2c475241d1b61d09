"""Rules beyond their definition: what matches now, a run, what past runs found, a back-test, and why (not)."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from services import evaluate, rule_overrides, rule_questions, rule_tests, run_replay, unknowns
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
THRESHOLD = {
    "type": "object",
    "required": ["definition", "from", "to"],
    "additionalProperties": False,
    "properties": {
        "definition": {"type": "object"},
        "from": DAY,
        "to": DAY,
        "number": {"type": ["integer", "string"], "minimum": 0, "maximum": 10_000, "maxLength": 80},
        "values": {"type": "array", "items": {"type": "number"}, "minItems": 1, "maxItems": 40},
        "target": {"type": "number", "minimum": 0, "maximum": 1, "default": 0.95},
    },
}
TEXT = {"type": "string", "minLength": 1, "maxLength": 2000}
OVERRIDES = {
    "type": "object",
    "required": ["items"],
    "additionalProperties": False,
    "properties": {
        "definition": {"type": "object"},
        "items": {
            "type": "array",
            "maxItems": 200,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    "where": TEXT,
                    "category": TEXT,
                    "skus": {"type": "array", "items": {"type": "string", "maxLength": 200}, "maxItems": 2000},
                    "let": {"type": "object", "additionalProperties": TEXT, "maxProperties": 100},
                    "levels": {"type": "array", "items": {"type": "object"}, "maxItems": 20},
                },
            },
        },
    },
}
SAMPLE = {
    "type": "object",
    "required": ["definition", "keys"],
    "additionalProperties": False,
    "properties": {"definition": {"type": "object"}, "keys": {"type": "object"}},
}
REPLAY = {
    "type": "object",
    "required": ["run"],
    "additionalProperties": False,
    "properties": {"run": {"type": "integer", "minimum": 1, "maximum": 2_000_000_000}},
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


@api.post("/rules/threshold")
@endpoint("designer", body=THRESHOLD)
def threshold(body: dict[str, Any]) -> dict[str, Any]:
    """找阈值 / Try many values of one number of a rule on past days; `best` catches the target with the fewest alerts."""
    days = {"from_": body["from"], "to": body["to"]}
    options = {name: body[name] for name in ("number", "values", "target") if name in body}
    return evaluate.threshold(workspace(), definition=body["definition"], user=principal().key, **days, **options)


@api.post("/rules/numbers")
@endpoint("designer", body=DOCUMENT, answer=ITEMS)
def numbers(body: dict[str, Any]) -> dict[str, Any]:
    """可试的数字 / The numbers of a rule that a threshold search can try."""
    return {"items": evaluate.numbers(workspace(), definition=body["definition"], user=principal().key)}


@api.post("/rules/sample")
@endpoint("designer", body=SAMPLE)
def sample(body: dict[str, Any]) -> dict[str, Any]:
    """存成用例 / What a rule reads for one record now and the level it gives, as a test to keep beside the rule."""
    keys = {name: str(value) for name, value in body["keys"].items()}
    return rule_tests.sample(workspace(), definition=body["definition"], keys=keys, user=principal().key)


@api.post("/rules/explain")
@endpoint("viewer", body=SAMPLE)
def explain_draft(body: dict[str, Any]) -> dict[str, Any]:
    """草稿为什么(没有)触发 / Why a rule as drawn fires for one record, or why not."""
    keys = {name: str(value) for name, value in body["keys"].items()}
    return rule_questions.explain_draft(workspace(), definition=body["definition"], keys=keys, user=principal().key)


@api.get("/rules/unknown")
@endpoint("operator", query={"rule": {"type": "string", "maxLength": 55}}, answer=ITEMS)
def unknown(query: dict[str, Any]) -> dict[str, Any]:
    """无法判断 / What the newest runs could not judge, why, and which field to fill in."""
    return {"items": unknowns.list_(workspace(), rule=query.get("rule"))}


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


@api.post("/rules/<key:key>/overrides/preview")
@endpoint("designer", body=OVERRIDES)
def overrides(key: str, body: dict[str, Any]) -> dict[str, Any]:
    """批量例外 / What the rule would find with other numbers for some SKUs or categories; nothing is saved."""
    given = body.get("definition")
    return rule_overrides.preview(workspace(), rule=key, items=body["items"], definition=given, user=principal().key)


@api.post("/rules/replay")
@endpoint("designer", body=REPLAY)
def replay(body: dict[str, Any]) -> dict[str, Any]:
    """重放 / Do a past run once more from its snapshot, and say whether it finds the same; nothing is kept."""
    return run_replay.replay(workspace(), run=body["run"])


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
