"""Policies on real orders: stock days at equal fill, nominal against measured service, optimisers, the million-row plan.

    python benchmarks/policies.py [--quick] [--only simulation|optimisers|million]

Ordinary demand of online_retail: units − `largest_line` on days whose largest line exceeds max(24, 6 × the SKU's median
line); the rest is as it is. Weekly review, lead time drawn from 5 … 9 days, lost sales, three seeds, unit cost ½ price,
start full, information up to the review day only; the model is trained every fourth week. Days are read at equal value
fill from a sweep of each policy's knob.
"""

from __future__ import annotations

import argparse
import os
import resource
import time
from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from engine.forecasting.features import Window
from engine.forecasting.model import fit, retable
from engine.forecasting.prepare import prepare
from engine.replenishment import plan
from engine.replenishment.buying import Offer, buy, tiers_of
from engine.replenishment.chart import trade_off
from engine.replenishment.simulate import Outcome, at_fill, simulate
from engine.replenishment.transfer import transfers

DATA = Path(os.environ.get("BEIHUO_SHARED_DATA", Path(__file__).parents[2] / "shared" / "data"))
START, DAYS, SEEDS = date(2010, 9, 1), 364, (1, 2, 3)
LEADS = (5, 6, 7, 8, 9)
LEVELS = (0.7, 0.8, 0.85, 0.9, 0.95, 0.975, 0.99)
ORDINARY = """
    WITH line AS (SELECT sku, median(units_sold / greatest(orders, 1)) AS m FROM read_parquet('{path}') WHERE units_sold > 0 GROUP BY sku)
    SELECT sku, date, greatest(sum(CASE WHEN largest_line > greatest(24, 6 * m) THEN units - largest_line ELSE units END), 0) AS quantity,
           sum(revenue_gbp) AS revenue, sum(units_sold) AS sold
    FROM read_parquet('{path}') JOIN line USING (sku) GROUP BY sku, date"""


def report(name, value, goal, ok):
    print(f"{'PASS' if ok else 'FAIL'}  {name}: {value}  (goal {goal})", flush=True)


def demand_matrix(sales, skus, start, days):
    table = sales[(sales.date >= pd.Timestamp(start)) & (sales.date < pd.Timestamp(start + timedelta(days=days)))]
    row = pd.Index(skus).get_indexer(table.sku)
    day = (table.date - pd.Timestamp(start)).dt.days.to_numpy()
    matrix = np.zeros((len(skus), days))
    known = row >= 0
    np.add.at(matrix, (row[known], day[known]), table.quantity.to_numpy(float)[known])
    return matrix


def quantile_targets(sales, skus, horizon, step):
    """(len(LEVELS), N, K) quantiles of the next *horizon* days at each review; the model is trained every fourth week."""
    found, model = [], None
    for number, offset in enumerate(range(0, DAYS, 7)):
        ready = prepare(sales, horizon, START + timedelta(days=offset), calendar=False)
        window = Window(0, horizon // 7, rest=horizon % 7 > 0)
        model = fit(ready.maker, [window], LEVELS) if number % 4 == 0 else retable(model, ready.maker)
        quantiles = model.totals(window).quantiles
        place = pd.Index(ready.panel.keys.sku).get_indexer(skus)
        found.append(np.where(place[:, None] >= 0, quantiles[place], 0.0).T)
    return np.repeat(np.stack(found, axis=2), 7 // step, axis=2)


def sweep(demand, price, targets, review):
    outcomes = []
    for target in targets:
        runs = [simulate(demand, target, review, LEADS, price, seed=seed) for seed in SEEDS]
        outcomes.append(Outcome(*(float(np.mean([getattr(run, name) for run in runs])) for name in Outcome.__slots__)))
    return outcomes


def moving_targets(history, skus_days, window, horizon, factors):
    sums = np.cumsum(np.concatenate([np.zeros((len(history), 1)), history], axis=1), axis=1)
    base = np.stack([(sums[:, day] - sums[:, day - window]) / window for day in skus_days], axis=1)
    return [factor * horizon * base for factor in factors]


def simulation(quick):
    path = DATA / "online_retail_skuday.parquet"
    sales = duckdb.sql(ORDINARY.format(path=path)).df()
    sales["date"] = pd.to_datetime(sales["date"])
    warm = sales[(sales.date >= pd.Timestamp(START - timedelta(days=56))) & (sales.date < pd.Timestamp(START))]
    skus = sorted(warm[warm.quantity > 0].sku.unique())[:: 4 if quick else 1]
    sales = sales[sales.sku.isin(skus)]
    money = sales.groupby("sku")[["revenue", "sold"]].sum()
    price = (money.revenue / money.sold.clip(lower=1)).reindex(skus).fillna(1.0).to_numpy(float)
    demand = demand_matrix(sales, skus, START, DAYS)
    history = demand_matrix(sales, skus, START - timedelta(days=182), 182 + DAYS)
    weekly = list(range(182, 182 + DAYS, 7))
    frame = sales[["sku", "date", "quantity"]]
    print(f"{len(skus)} SKUs, {DAYS} days from {START}, {demand.sum():.0f} units of ordinary demand", flush=True)
    first = history[:, 92:182].mean(axis=1)
    curves = {
        "固定阈值 static": sweep(demand, price, [np.repeat((k * 14 * first)[:, None], len(weekly), axis=1) for k in (0.5, 1, 2, 3, 5, 8, 12, 18)], 7),
        "7 天动态 7-day dynamic": sweep(demand, price, moving_targets(history, weekly, 7, 14, (0.7, 1, 1.5, 2, 2.5, 3, 4, 6)), 7),
        "28 天备货 28-day cover": sweep(demand, price, moving_targets(history, weekly, 28, 14, (0.7, 1, 1.5, 2, 2.5, 3, 4, 6)), 7),
    }  # fmt: skip
    curves["默认 (R,S) default"] = sweep(demand, price, quantile_targets(frame, skus, 14, 7), 7)
    daily = quantile_targets(frame, skus, 8, 1)
    curves["默认,每日检查 default, daily"] = sweep(demand, price, daily, 1)
    verdicts(curves)
    out = Path(__file__).parents[1] / "docs" / "images"
    if not quick:
        out.mkdir(parents=True, exist_ok=True)
        (out / "policies.svg").write_text(
            trade_off(curves, "同一历史上的策略 / policies on the same history"), encoding="utf-8"
        )


def verdicts(curves):
    names = list(curves)
    for name, outcomes in curves.items():
        at = [at_fill(outcomes, fill) for fill in (0.90, 0.95, 0.97)]
        shown = "  ".join(
            "–" if x is None else f"{x.stock_days:6.1f} d, empty {100 * x.empty:4.1f} %, {x.orders} orders" for x in at
        )
        print(f"{name:32s} @.90 / @.95 / @.97: {shown}")
    best, dynamic, daily = (at_fill(curves[names[i]], 0.95) for i in (3, 1, 4))
    nominal = curves[names[3]][LEVELS.index(0.95)]
    report(
        "days of stock, default ÷ 7-day dynamic at 95 % fill",
        f"{best.stock_days / dynamic.stock_days:.3f}",
        "<= 0.86",
        best.stock_days / dynamic.stock_days <= 0.86,
    )
    report("out-of-stock SKU-days", f"{100 * best.empty:.2f} %", "<= 2 %", best.empty <= 0.02)
    report("fill at nominal 0.95", f"{nominal.fill:.3f}", "0.94 … 0.97", 0.94 <= nominal.fill <= 0.97)
    ratio = daily.stock_days / dynamic.stock_days
    report("daily review ÷ 7-day dynamic weekly", f"{ratio:.3f}", "<= 0.62", ratio <= 0.62)


def optimisers(quick):
    draw = np.random.default_rng(1)
    count, places = (500, 5) if quick else (5000, 5)
    balance = np.round(draw.normal(0, 20, (count, places)))
    worth = draw.uniform(5, 50, (count, 1)) * draw.uniform(0.8, 1.2, (count, places))
    cost = draw.uniform(1, 4, (places, places))
    free = transfers(np.maximum(balance, 0), np.maximum(-balance, 0), worth, cost)
    tight = transfers(
        np.maximum(balance, 0), np.maximum(-balance, 0), worth, cost, np.floor(free.units.sum(axis=0) * 0.7), limit=60
    )
    report(
        f"transfers {count} × {places}, lanes at 70 %",
        f"{tight.seconds:.1f} s, gap {100 * tight.gap:.3f} %",
        "<= 15 s",
        tight.seconds <= 15,
    )
    count = 300 if quick else 3000
    levels = np.array([0.1, 0.3, 0.5, 0.7, 0.85, 0.95])
    quantiles = draw.lognormal(3, 1, count)[:, None] * np.array([0.3, 0.6, 0.9, 1.3, 1.8, 2.5])
    pack = draw.choice([1, 6, 12, 24], count).astype(float)
    tiers, profit = tiers_of(
        quantiles, levels, np.zeros(count), draw.uniform(2, 20, count), draw.uniform(1, 5, count), pack
    )
    unit, supplier = draw.uniform(3, 30, count), draw.integers(0, 20, count)
    full = (tiers * (profit > 0)).sum(axis=1)
    offer = Offer(
        tiers,
        profit,
        unit,
        pack,
        draw.choice([0, 0, 12, 48], count).astype(float),
        supplier,
        np.bincount(supplier, full, 20) * 0.8,
        0.6 * float((full * unit).sum()),
    )
    bought = buy(offer)
    report(
        f"buying plan {count} SKUs",
        f"{bought.seconds:.1f} s, gap {100 * bought.gap:.3f} %",
        "<= 10 s",
        bought.seconds <= 10,
    )


def million(quick):
    count = 50_000 if quick else 1_000_000
    draw = np.random.default_rng(2)
    mean = draw.lognormal(1, 1.2, count)
    sku = np.char.add("S", np.arange(count).astype(str))
    forecast = pd.DataFrame(
        {
            "sku": sku,
            "ds": date(2026, 1, 1),
            "horizon": 14,
            "mean": mean,
            "q0.5": mean * 0.8,
            "q0.9": mean * 2,
            "q0.95": mean * 2.6,
        }
    )
    stock = pd.DataFrame({"sku": sku, "on_hand": draw.integers(0, 30, count), "pack_size": 6})
    began = time.perf_counter()
    result = plan(forecast, stock, {"type": "rs", "lead_time": 7, "review": 7, "service_level": 0.95}, now="2026-01-01")
    seconds, peak = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    report(
        f"plan of {len(result):,} rows from forecasts",
        f"{seconds:.1f} s, peak {peak:.2f} GB",
        "<= 60 s, <= 4 GB",
        seconds <= 60 and peak <= 4,
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", choices=["simulation", "optimisers", "million"])
    options = parser.parse_args()
    for part in (optimisers, million, simulation):
        if options.only in (None, part.__name__):
            part(options.quick)
