"""Our rule engine in the peers' benchmark (`rule_peers.py --contender plugin:benchmarks/rules.py:plain`).

plain     rules over inventory and facts with string keys, straight from the Parquet files
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import numpy as np

from engine.alerting import answers
from engine.alerting.prepare import Asked
from engine.alerting.prepared import prepare
from engine.alerting.subject import World
from engine.tables.engines import open_engine
from engine.tables.source import open_tables


def definitions(rules: list[Any]) -> list[dict[str, Any]]:
    """Return the job's rules in our language: there, "today" is inside the windows; here D is the day after."""
    made = []
    for rule in rules:
        source = re.sub(r"rolling_avg\(qty, (\d+)\)", r"avg_daily(facts.qty, \1)", rule.expr)
        source = source.replace("qty_today", "sum_over(facts.qty, 1)")
        made.append({"key": f"r{rule.idx}", "over": "inventory", "levels": [{"level": "warning", "when": source}]})
    return made


FORMS = {"inventory": {"key": "inventory", "natural_keys": ["rid"], "fields": []}}


def plain(ctx: Any) -> Any:
    """Return the run: everything but opening the files is inside."""
    rules = definitions(ctx.rules)
    day = ctx.today + dt.timedelta(days=1)
    asked = Asked(dt.datetime.combine(day, dt.time(9), dt.UTC), "UTC", {})

    def run() -> dict[int, Any]:
        tables = open_tables(
            {"inventory": ctx.dir / "inventory.parquet", "facts": ctx.day_files(max(ctx.windows or [1]))}
        )
        world = World(tables, FORMS)
        with open_engine("duckdb") as engine:
            (one,) = prepare(rules, world, asked, engine, frozenset(), values=False)
            compiled = one.compiled
            views = {name: view.of(tables) for name, view in compiled.views.items()}
            hits, _ = engine.run(compiled.sql, views, "table_inventory")
        words = answers.outcomes(compiled, hits)
        rid = np.asarray(hits["key0"].to_pylist() if hits["key0"].type == "string" else hits["key0"].to_numpy())
        return {rule.idx: rid[answers.rows_of(one, words)] for rule, one in zip(ctx.rules, compiled.rules, strict=True)}

    return run
