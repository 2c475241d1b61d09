"""Rules through the whole service: stock from the database, evaluation, episodes, outbox, commit; storms; a year's back-test.

Run: python benchmarks/rule_service.py [rows] [postgresql-url]
Goals: a steady run at most 3 times the pure evaluation; 10,000 episodes stored in 5 s; 365 days × 10 rules × 10,000 SKUs
replayed in 20 s. SQLite runs in a temporary folder.
"""

from __future__ import annotations

import datetime as dt
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from engine import alerting
from services import evaluate, findings, packs, publish, records, snapshot
from services.workspace import Settings, Workspace, open_workspace

NOW = dt.datetime(2026, 11, 25, 2, tzinfo=dt.UTC)
DAY = dt.date(2026, 11, 25)
RULES, STORM, CHANGES, ROUNDS = 10, 10_000, 100, 5
"""Rules of the steady run, episodes of the storm, records that change between two runs, runs that are timed."""


def verdict(name: str, value: float, goal: float, unit: str) -> None:
    """Print one measurement against its goal."""
    print(f"{'PASS' if value <= goal else 'FAIL'}  {name}: {value:.2f} {unit} (goal {goal:g})")


def shop(folder: Path, url: str, rows: int) -> Workspace:
    """Return a workspace with *rows* rows of stock and sixty days of sales."""
    settings = Settings(data_dir=folder, database_url=url) if url else Settings(data_dir=folder)
    workspace = open_workspace(settings, lambda: NOW)
    packs.install(workspace, pack="base", user="admin", confirmed=True)
    skus = [f"A{number:06d}" for number in range(rows // 10)]
    places = [f"W{number}" for number in range(10)]
    records.bulk_upsert(workspace, form="warehouse", rows=[{"code": p, "name": p} for p in places], user="admin")
    records.bulk_upsert(
        workspace, form="sku", rows=[{"code": s, "name": s, "lead_time_days": 7} for s in skus], user="admin"
    )
    stock = [
        {"sku": s, "warehouse": p, "on_hand": 100 + (number * 7 + place * 13) % 900}
        for number, s in enumerate(skus)
        for place, p in enumerate(places)
    ]
    records.bulk_upsert(workspace, form="stock", rows=stock, user="admin")
    workspace.facts("sales").append(sales(skus, places, 60), "b1")
    return workspace


def sales(skus: list[str], places: list[str], days: int) -> pa.Table:
    """Return sales of *days* days; two keys in five sell on a day."""
    rnd = np.random.default_rng(7)
    parts = []
    for number in range(1, days + 1):
        sold = np.flatnonzero(rnd.random(len(skus) * len(places)) < 0.4)
        parts.append(
            pa.table(
                {
                    "sku": pa.array(np.array(skus)[sold // len(places)]),
                    "warehouse": pa.array(np.array(places)[sold % len(places)]),
                    "date": pa.array([DAY - dt.timedelta(days=number)] * len(sold), pa.date32()),
                    "quantity": pa.array(rnd.integers(1, 9, len(sold))),
                }
            )
        )
    return pa.concat_tables(parts)


def rule(key: str, when: str) -> dict[str, Any]:
    """Return a rule that tells people in the app."""
    return {
        "kind": "rule",
        "key": key,
        "name": key,
        "over": "stock",
        "let": {"daily": "avg_daily(sales.quantity, 7)", "usual": "avg_daily(sales.quantity, 28)"},
        "levels": [{"level": "warning", "when": when}],
        "actions": [{"type": "notify"}],
    }


def steady(workspace: Workspace) -> None:
    """Time runs between which few records change, and the pure evaluation of the same tables."""
    rules = [
        rule(f"r{number}", f"on_hand < {100 + number} and daily * {number + 1} > usual") for number in range(RULES)
    ]
    publish.publish_many(workspace, rules, user="admin")
    keys = [one["key"] for one in rules]
    evaluate.run(workspace, rules=keys)
    whole, pure = [], []
    for turn in range(ROUNDS):
        change = [
            {"sku": f"A{number:06d}", "warehouse": "W0", "on_hand": 1 if turn % 2 == 0 else 900}
            for number in range(CHANGES // RULES)
        ]
        records.bulk_upsert(workspace, form="stock", rows=change, user="admin")
        taken = snapshot.take(workspace, keys)
        start = time.perf_counter()
        found = alerting.evaluate(
            list(taken.rules.values()),
            taken.tables,
            now=NOW,
            forms=taken.forms,
            calendars=taken.calendars,
            windows=findings.windows_for(workspace, taken),
        )
        pure.append(time.perf_counter() - start)
        start = time.perf_counter()
        result = evaluate.run(workspace, rules=keys)
        whole.append(time.perf_counter() - start)
        print(f"  run {turn}: {result['fired']} fired, {result['resolved']} resolved, {found.breaches.num_rows} breach")
    print(f"  pure {statistics.median(pure):.2f} s, whole {statistics.median(whole):.2f} s")
    verdict("whole run / pure evaluation", statistics.median(whole) / statistics.median(pure), 3, "×")


def storm(workspace: Workspace) -> None:
    """Time a run in which ten thousand alerts fire at once."""
    limit = f"sku < 'A{STORM // 10:06d}' and on_hand >= 0"
    publish.publish_many(workspace, [rule("storm", limit)], user="admin")
    start = time.perf_counter()
    result = evaluate.run(workspace, rules=["storm"])
    seconds = time.perf_counter() - start
    print(f"  {result['fired']} fired, {result['notices']} notices")
    verdict("10,000 episodes stored", seconds, 5, "s")


def replay(skus: int) -> None:
    """Time a back-test of a year."""
    days, names = 365, [f"A{number:05d}" for number in range(skus)]
    rnd = np.random.default_rng(3)
    dates = [DAY - dt.timedelta(days=number) for number in range(1, days + 31)]
    column = pa.array([day for day in dates for _ in names], pa.date32())
    keys = pa.array(names * len(dates))
    tables = {
        "stock": pa.table({"sku": names, "on_hand": [50] * skus}),
        "sales": pa.table({"sku": keys, "date": column, "quantity": rnd.integers(0, 9, len(keys))}),
        "stock_snapshot": pa.table({"sku": keys, "date": column, "on_hand": rnd.integers(-5, 200, len(keys))}),
    }
    rules = [
        {
            "key": f"r{number}",
            "over": "stock",
            "levels": [
                {
                    "level": "warning",
                    "when": f"on_hand < avg_daily(sales.quantity, {(7, 14, 28)[number % 3]}) * {number + 1}",
                }
            ],
        }
        for number in range(RULES)
    ]
    start = time.perf_counter()
    report = alerting.backtest(rules, tables, DAY - dt.timedelta(days=days), DAY - dt.timedelta(days=1))
    print(f"  {sum(one['alerts_total'] for one in report['rules'])} alerts")
    verdict(f"365 days × {RULES} rules × {skus:,} SKUs", time.perf_counter() - start, 20, "s")


def main(rows: int = 100_000, url: str = "") -> None:
    """Measure everything."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = shop(Path(folder), url, rows)
        steady(workspace)
        storm(workspace)
        workspace.close()
    replay(rows // 10)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000, sys.argv[2] if len(sys.argv) > 2 else "")
