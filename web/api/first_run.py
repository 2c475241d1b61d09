"""开始我的店: from one's own files to the first own alert in one step."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from services import first_run
from web.endpoint import endpoint, principal, workspace
from web.uploads import path_of

api = APIBlueprint("first_run", __name__, tag="first-run 开始我的店")
TOKEN = {"type": ["string", "null"], "maxLength": 80}
FILES = {
    "type": "object",
    "required": ["sales_file"],
    "additionalProperties": False,
    "properties": {
        "sales_file": {"type": "string", "minLength": 1, "maxLength": 80},
        "stock_file": TOKEN,
        "lead_time_days": {"type": "integer", "minimum": 1, "maximum": 365},
        "notify": {
            "type": ["object", "null"],
            "additionalProperties": False,
            "properties": {"channel": {"type": ["string", "null"], "maxLength": 55}, "settings": {"type": "object"}},
        },
    },
}


@api.post("/first-run")
@endpoint("designer", body=FILES)
def run(body: dict[str, Any]) -> dict[str, Any]:
    """开始我的店 / Install the base forms and rules, import the files, evaluate, tell; the files are tokens of `/imports/analyse`."""
    stock = body.get("stock_file")
    found = first_run.run(
        workspace(),
        sales_file=path_of(workspace(), body["sales_file"]),
        stock_file=path_of(workspace(), stock) if stock else None,
        lead_time_days=body.get("lead_time_days", 7),
        notify=body.get("notify"),
        user=principal().key,
    )
    return {**found, "imported": {"sales": found["sales"], "stock": found["stock"]}, "run": found["evaluation"]}


@api.get("/first-run/presets")
@endpoint("viewer")
def presets() -> dict[str, Any]:
    """导入预设 / The presets for the exports of 千牛, 京麦, 拼多多 and for plain tables."""
    return {"items": first_run.presets(workspace())}
