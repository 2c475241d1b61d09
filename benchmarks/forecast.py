"""Forecasts on real data: the acceptance figures of accuracy, calibration, promotions, speed; rolling origins, no peeking.

    python benchmarks/forecast.py [--quick] [--only online|bakery|freshretail|spikes|promotions|signals|scale|peer|spark]

Each origin sees only the rows before it. Bias is Σ forecast ÷ Σ actual − 1. All models are scored on the same rows: the
series with a level at the origin.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from engine.forecasting import forecast
from engine.forecasting.conformal import misses, ratio_table
from engine.forecasting.ledger import bias, coverage, pinball, wape
from engine.forecasting.prepare import prepare
from engine.forecasting.shape import last_days
from engine.forecasting.signals import align, judge

DATA = Path(os.environ.get("BEIHUO_SHARED_DATA", Path(__file__).parents[2] / "shared" / "data"))
ONLINE, BAKERY, FRESH = (DATA / f"{name}_skuday.parquet" for name in ("online_retail", "bakery", "freshretail"))
ORDINARY = """
    WITH line AS (SELECT sku, median(units_sold / greatest(orders, 1)) AS m FROM read_parquet('{path}') WHERE units_sold > 0 GROUP BY sku)
    SELECT sku, date, sum(units) AS quantity,
           sum(CASE WHEN largest_line > greatest(24, 6 * m) THEN least(largest_line, units) ELSE 0 END) AS exceptional
    FROM read_parquet('{path}') JOIN line USING (sku) GROUP BY sku, date"""


def report(name, value, goal, ok):
    print(f"{'PASS' if ok else 'FAIL'}  {name}: {value}  (goal {goal})", flush=True)


def actuals(sales, keys, day, horizon, column="quantity"):
    span = sales[(sales.date >= pd.Timestamp(day)) & (sales.date < pd.Timestamp(day + timedelta(days=horizon)))]
    return span.groupby(keys)[column].sum()


def matched(frame, keys, sold):
    index = pd.MultiIndex.from_frame(frame[keys]) if len(keys) > 1 else pd.Index(frame[keys[0]])
    return sold.reindex(index).fillna(0.0).to_numpy(float)


def simple(sales, day):
    """28-day mean and z·sigma (σ of 56 days, as independent days) of 28-day totals, and which series have a level."""
    ready = prepare(sales, 28, day, calendar=False)
    days = last_days(ready.con, ready.sales, ready.panel, ready.stream, 56)
    mean = days[:, -28:].sum(axis=1)
    z = mean + 1.645 * days.std(axis=1) * np.sqrt(28)
    return mean, z, np.nan_to_num(ready.past.level(ready.past.weeks)) > 0


def online(quick):
    sales = duckdb.sql(
        f"SELECT sku, date, sum(units)::DOUBLE AS quantity FROM read_parquet('{ONLINE}') GROUP BY ALL"
    ).df()
    sales["date"] = pd.to_datetime(sales["date"])
    parts = []
    for number in range(2 if quick else 10):
        day = date(2011, 8, 3) - timedelta(days=21 * number)
        frame = forecast(sales, 28, as_of=day, total=True)
        sold = matched(frame, ["sku"], actuals(sales, ["sku"], day, 28))
        mean, z, known = simple(sales, day)
        parts.append(np.stack([sold, frame["mean"], frame["q0.9"], frame["q0.95"], mean, z])[:, known])
        print(
            f"  {day}: ratio {wape(parts[-1][0], parts[-1][1]) / wape(parts[-1][0], parts[-1][4]):.3f}, bias {bias(parts[-1][0], parts[-1][1]):+.3f}",
            flush=True,
        )
    sold, found, q90, q95, mean, z = np.concatenate(parts, axis=1)
    ratio = wape(sold, found) / wape(sold, mean)
    report(
        "online: WAPE SKU × 28 d ÷ 28-day mean",
        f"{ratio:.3f} ({wape(sold, found):.3f} / {wape(sold, mean):.3f})",
        "<= 0.87",
        ratio <= 0.87,
    )
    report("online: bias", f"{bias(sold, found):+.3f}", "±0.06", abs(bias(sold, found)) <= 0.06)
    for level, quantile in ((0.9, q90), (0.95, q95)):
        share = coverage(sold, quantile)
        report(
            f"online: coverage {level}",
            f"{share:.3f} (z·sigma at 0.95: {coverage(sold, z):.3f})",
            "±0.02",
            abs(share - level) <= 0.02,
        )
    ratio = pinball(sold, q95, 0.95) / pinball(sold, z, 0.95)
    report("online: pinball 0.95 ÷ z·sigma", f"{ratio:.3f}", "<= 0.75", ratio <= 0.75)


def bakery_rows():
    rows = duckdb.sql(
        f"SELECT product_id::VARCHAR sku, store_id::VARCHAR location, date, units::DOUBLE quantity, promo, is_holiday, is_schoolholiday FROM read_parquet('{BAKERY}')"
    ).df()
    rows["date"] = pd.to_datetime(rows["date"])
    return rows


def bakery_plan(rows, *, promo=True):
    flags = [("is_holiday", "holiday"), ("is_schoolholiday", "school holiday")] + (
        [("promo", "promo")] if promo else []
    )
    return pd.concat(
        [rows[rows[flag] == 1][["sku", "location", "date"]].assign(promotion=name) for flag, name in flags]
    )


def bakery(quick):
    rows = bakery_rows()
    plan, sales = bakery_plan(rows), rows[["sku", "location", "date", "quantity"]]
    total, single = [], []
    for number in range(2 if quick else 8):
        day = date(2019, 4, 2) - timedelta(days=28 * number)
        frame = forecast(sales, 28, as_of=day, total=True, future=plan)
        sold = matched(frame, ["sku", "location"], actuals(sales, ["sku", "location"], day, 28))
        total.append((sold.sum(), frame["mean"].sum()))
        single.append((sold, frame["mean"].to_numpy()))
        print(
            f"  {day}: total {100 * (1 - abs(total[-1][1] / total[-1][0] - 1)):.1f} %, store × product {100 * (1 - wape(*single[-1])):.1f} %",
            flush=True,
        )
    total = np.array(total)
    accuracy = 1 - wape(total[:, 0], total[:, 1])
    report("bakery: 28-day accuracy of the total", f"{100 * accuracy:.1f} %", ">= 97 %", accuracy >= 0.97)
    accuracy = 1 - wape(*(np.concatenate(part) for part in zip(*single, strict=True)))
    report("bakery: store × product", f"{100 * accuracy:.1f} %", ">= 92 %", accuracy >= 0.92)


def promotions(quick):
    rows = bakery_rows()
    with_plan, without = bakery_plan(rows), bakery_plan(rows, promo=False)
    sales, parts = rows[["sku", "location", "date", "quantity"]], []
    for number in range(2 if quick else 8):
        day = date(2019, 4, 2) - timedelta(days=28 * number)
        span = rows[
            (rows.date >= pd.Timestamp(day)) & (rows.date < pd.Timestamp(day + timedelta(days=28))) & (rows.promo == 1)
        ]
        for name, plan in (("plan", with_plan), ("none", without)):
            frame = forecast(sales, 28, as_of=day, future=plan).rename(columns={"mean": name, "ds": "date"})
            frame["date"] = pd.to_datetime(frame["date"]).astype(span.date.dtype)
            span = span.merge(frame[["sku", "location", "date", name]], on=["sku", "location", "date"])
        parts.append(span)
    found = pd.concat(parts)
    ratio = wape(found.quantity.to_numpy(), found["plan"].to_numpy()) / wape(
        found.quantity.to_numpy(), found["none"].to_numpy()
    )
    report("promotion days (bakery): daily WAPE with plan ÷ without", f"{ratio:.3f}", "<= 0.91", ratio <= 0.91)
    for sku, part in found.groupby("sku"):
        sold = part.quantity.to_numpy()
        print(
            f"      product {sku}: {wape(sold, part['plan'].to_numpy()):.3f} with, {wape(sold, part['none'].to_numpy()):.3f} without; bias {bias(sold, part['plan'].to_numpy()):+.3f} / {bias(sold, part['none'].to_numpy()):+.3f}"
        )


def freshretail(quick):
    rows = duckdb.sql(
        f"SELECT product_id::VARCHAR sku, store_id::VARCHAR location, date, units_norm::DOUBLE quantity, stockout_hours_6_22 = 0 AS in_stock, discount, CASE WHEN activity_flag = 1 THEN 'activity' END promotion FROM read_parquet('{FRESH}')"
    ).df()
    rows["date"] = pd.to_datetime(rows["date"])
    plan = rows[["sku", "location", "date", "promotion", "discount"]]
    scores = {"masked": [], "unmasked": []}
    for number in range(2 if quick else 5):
        day = date(2024, 6, 19) - timedelta(days=7 * number)
        span = rows[
            (rows.date >= pd.Timestamp(day)) & (rows.date < pd.Timestamp(day + timedelta(days=7))) & rows.in_stock
        ]
        for name in scores:
            sales = rows[["sku", "location", "date", "quantity", *(["in_stock"] if name == "masked" else [])]]
            frame = forecast(sales, 7, as_of=day, future=plan).rename(columns={"ds": "date"})
            frame["date"] = pd.to_datetime(frame["date"]).astype(span.date.dtype)
            both = span.merge(frame, on=["sku", "location", "date"])
            week = both.groupby(["sku", "location"])[["quantity", "mean"]].sum()
            scores[name].append(
                (both.quantity.to_numpy(), both["mean"].to_numpy(), week.quantity.to_numpy(), week["mean"].to_numpy())
            )
    for name, parts in scores.items():
        sold, found, week_sold, week_found = (np.concatenate(part) for part in zip(*parts, strict=True))
        text = f"{wape(week_sold, week_found):.3f} (series × week; single days {wape(sold, found):.3f})"
        if name == "masked":
            report("freshretail: WAPE of in-stock days", text, "<= 0.33", wape(week_sold, week_found) <= 0.33)
            report("freshretail: bias", f"{bias(sold, found):+.3f}", "±0.03", abs(bias(sold, found)) <= 0.03)
        else:
            print(f"      unmasked: {text}, bias {bias(sold, found):+.3f}")


def spikes(quick):
    sales = duckdb.sql(ORDINARY.format(path=ONLINE)).df()
    sales["date"] = pd.to_datetime(sales["date"])
    sales["ordinary"] = sales.quantity - sales.exceptional
    parts = []
    for number in range(2 if quick else 10):
        day = date(2011, 8, 3) - timedelta(days=21 * number)
        frame = forecast(sales[["sku", "date", "quantity", "exceptional"]], 28, as_of=day, total=True)
        sold = matched(frame, ["sku"], actuals(sales, ["sku"], day, 28, "ordinary"))
        raw = actuals(sales, ["sku"], day - timedelta(days=28), 28)
        parts.append(np.stack([sold, frame["mean"], matched(frame, ["sku"], raw)]))
    sold, found, raw = np.concatenate(parts, axis=1)
    ratio = wape(sold, found) / wape(sold, raw)
    text = f"{ratio:.3f} ({wape(sold, found):.3f} / {wape(sold, raw):.3f}; bias {bias(sold, found):+.3f} / {bias(sold, raw):+.3f})"
    report("spike filter: WAPE of ordinary demand ÷ unfiltered 28-day mean", text, "<= 0.60", ratio <= 0.60)


def made(count, days, folder):
    path = Path(folder) / f"made_{count}.parquet"
    duckdb.sql(f"""COPY (SELECT 'S' || s AS sku, DATE '2024-01-01' + d::INTEGER AS date,
        floor(-ln(1 - random()) * (1 + s % 20) * (1 + 0.4 * sin(d / 58.0)))::INTEGER AS quantity
        FROM range({count}) a(s), range({days}) b(d)) TO '{path}' (FORMAT parquet, COMPRESSION zstd)""")
    return path


def scale(quick):
    seconds = {}
    with tempfile.TemporaryDirectory() as folder:
        for count in (1_000, 5_000) if quick else (10_000, 100_000):
            path = made(count, 700, folder)
            began = time.perf_counter()
            frame = forecast(path, 28, as_of=date(2024, 1, 1) + timedelta(days=700), total=True)
            seconds[count] = time.perf_counter() - began
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
            print(f"      {len(frame):,} series × 700 days: {seconds[count]:.1f} s, peak {peak:.2f} GB", flush=True)
    small, large = seconds
    report(
        f"{large:,} series × 700 days, levels + quantiles + LightGBM",
        f"{seconds[large]:.0f} s, {peak:.2f} GB",
        "<= 180 s, <= 4 GB",
        seconds[large] <= 180 and peak <= 4,
    )
    growth = seconds[large] / seconds[small] / (large / small)
    report(f"growth {small:,} → {large:,} series (1 = linear)", f"{growth:.2f}", "<= 1", growth <= 1)


def peer(quick):
    """AutoETS of statsforecast on a sample of series, against ours on the same rows; it is a peer, not a dependency."""
    try:
        from statsforecast import StatsForecast
        from statsforecast.models import AutoETS
    except ImportError:
        print("      peer: statsforecast is not installed (pip install statsforecast), nothing compared", flush=True)
        return
    sales = duckdb.sql(
        f"SELECT sku, date, sum(units)::DOUBLE AS quantity FROM read_parquet('{ONLINE}') GROUP BY ALL"
    ).df()
    sales["date"] = pd.to_datetime(sales["date"])
    day, count = date(2011, 8, 3), 100 if quick else 500
    began = time.perf_counter()
    ours = forecast(sales, 28, as_of=day, total=True)
    each = (time.perf_counter() - began) / len(ours)
    before = sales[sales.date < pd.Timestamp(day)]
    active = before[before.date >= pd.Timestamp(day - timedelta(days=182))].groupby("sku")["quantity"].sum()
    chosen = sorted(active[active > 0].sample(count, random_state=7).index)
    grid = before[before.sku.isin(chosen)].pivot_table(index="date", columns="sku", values="quantity", aggfunc="sum")
    grid = grid.reindex(pd.date_range(before.date.min(), pd.Timestamp(day) - pd.Timedelta(days=1))).fillna(0.0)
    long = grid.melt(ignore_index=False, var_name="unique_id", value_name="y").reset_index(names="ds")
    began = time.perf_counter()
    found = StatsForecast(models=[AutoETS(season_length=7)], freq="D", n_jobs=1).forecast(df=long, h=28)
    theirs = found.groupby("unique_id")["AutoETS"].sum().reindex(chosen).to_numpy()
    seconds = (time.perf_counter() - began) / count
    sold = actuals(sales, ["sku"], day, 28).reindex(chosen).fillna(0.0).to_numpy()
    mine = ours.set_index("sku")["mean"].reindex(chosen).fillna(0.0).to_numpy()
    text = f"{wape(sold, mine):.3f} against {wape(sold, theirs):.3f}; {1000 * each:.2f} against {1000 * seconds:.1f} ms a series"
    report(
        f"peer AutoETS, {count} series × 28 d",
        text,
        "better and quicker",
        wape(sold, mine) < wape(sold, theirs) and each < seconds,
    )


def signals(_quick):
    """The bakery's rain and temperature: let in only where the held-out days say so."""
    rows = duckdb.sql(
        f"SELECT product_id::VARCHAR sku, store_id::VARCHAR location, date, units::DOUBLE quantity, rain_mm, temp_avg_celsius FROM read_parquet('{BAKERY}')"
    ).df()
    rows["date"] = pd.to_datetime(rows["date"])
    for name in ("rain_mm", "temp_avg_celsius"):
        signal = rows[["location", "date", name]].rename(columns={name: "value"}).drop_duplicates(["location", "date"])
        days = align(rows[["sku", "location", "date", "quantity"]], signal, date(2019, 4, 2), 28, ["sku", "location"])
        effect, _ = judge(name, days)
        right = effect.accepted == (effect.reason == "helps")
        text = f"{effect.reason}: {effect.without:.4f} → {effect.with_:.4f}, one unit {100 * effect.per_unit:+.2f} %"
        report(f"signal {name} (bakery)", text, "in only when the backtest improves", right)


def spark(_quick):
    day = date(2011, 8, 3)
    table = duckdb.sql(
        f"SELECT sku, date, sum(units)::DOUBLE AS quantity FROM read_parquet('{ONLINE}') GROUP BY ALL"
    ).df()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sales.parquet"
        table.to_parquet(path)
        ours, theirs = (
            forecast(path, 28, as_of=day, total=True, challenge=False, spark=master) for master in (None, "local[2]")
        )
    names = ["mean", "q0.5", "q0.9", "q0.95"]
    gap = float(
        np.max(np.abs(ours[names] - theirs[names]).to_numpy() / np.maximum(np.abs(ours[names].to_numpy()), 1e-9))
    )
    report("Spark against local, levels and quantiles", f"{gap:.1e}", "<= 1e-9 relative", gap <= 1e-9)


def table(_quick):
    """The conformal table of one run, as people may read it."""
    sales = duckdb.sql(
        f"SELECT sku, date, sum(units)::DOUBLE AS quantity FROM read_parquet('{ONLINE}') GROUP BY ALL"
    ).df()
    print(
        ratio_table(misses(prepare(sales, 28, date(2011, 8, 3)).past, 0, 4), [0.5, 0.9, 0.95])
        .frame()
        .round(2)
        .to_string(index=False)
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parts = (online, bakery, freshretail, spikes, promotions, signals, scale, peer, spark, table)
    parser.add_argument("--only", choices=[part.__name__ for part in parts])
    options = parser.parse_args()
    for part in parts:
        if options.only in (None, part.__name__):
            part(options.quick)
