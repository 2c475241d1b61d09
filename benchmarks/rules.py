"""Our rule engine in the peers' benchmark (`rule_peers.py --contender plugin:benchmarks/rules.py:plain`).

plain           rules over inventory and facts with string keys, straight from the Parquet files
rebuild         every window added up from the window store's day columns, then the rules
refresh         the next day: sums moved on by its day column, then the rules
refresh_rows    the same with the new day still as rows with string keys
build           the window store built from the facts' rows, nothing else (its answer is not compared)
"""

from __future__ import annotations

import datetime as dt
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from engine.alerting import answers
from engine.alerting.evaluation import views_of
from engine.alerting.prepare import Asked
from engine.alerting.prepared import prepare
from engine.alerting.subject import World
from engine.tables.engines import open_engine
from engine.tables.source import open_tables
from engine.tables.window_store import WindowStore

Answer = dict[int, Any]
FORMS = {"inventory": {"key": "inventory", "natural_keys": ["rid"], "fields": []}}


def definitions(rules: list[Any]) -> list[dict[str, Any]]:
    """Return the job's rules in our language: there, "today" is inside the windows; here D is the day after."""
    made = []
    for rule in rules:
        source = re.sub(r"rolling_avg\(qty, (\d+)\)", r"avg_daily(facts.qty, \1)", rule.expr)
        source = source.replace("qty_today", "sum_over(facts.qty, 1)")
        made.append({"key": f"r{rule.idx}", "over": "inventory", "levels": [{"level": "warning", "when": source}]})
    return made


class _Job:
    """The job on one day."""

    def __init__(self, ctx: Any, store: WindowStore | None = None) -> None:
        self.ctx = ctx
        self.rules = definitions(ctx.rules)
        self.store = store
        self.inventory: Any = ctx.dir / "inventory.parquet"
        self.facts = ctx.day_files(max(ctx.windows or [1]))

        self.day = ctx.today + dt.timedelta(days=1)

    def asked(self) -> Asked:
        """Return the morning of the evaluation day."""
        day = self.day
        return Asked(dt.datetime.combine(day, dt.time(9), dt.UTC), "UTC", {})

    def run(self) -> Answer:
        """Open the tables, compile, evaluate, and name the rows of each rule."""
        world = World(open_tables({"inventory": self.inventory, "facts": self.facts}), FORMS)
        with open_engine("duckdb") as engine:
            stored = self.store is not None
            (one,) = prepare(self.rules, world, self.asked(), engine, frozenset(), values=False, stored=stored)
            compiled = one.compiled
            if stored and not compiled.stored:
                raise AssertionError
            hits, _ = engine.run(compiled.sql, views_of(one, world, engine, self.store), "table_inventory")
        words = answers.outcomes(compiled, hits)
        rid = hits["key0"].cast(pa.int64()).to_numpy()
        return {
            rule.idx: rid[answers.rows_of(one, words)] for rule, one in zip(self.ctx.rules, compiled.rules, strict=True)
        }


def plain(ctx: Any) -> Callable[[], Answer]:
    """Return the run over the facts' rows: everything but opening the files is inside."""
    return _Job(ctx).run


def _store(ctx: Any, name: str) -> WindowStore:
    root = ctx.dir / f"windows-{name}-{len(ctx.rules)}"
    return WindowStore(root)


def _forget_sums(store: WindowStore) -> None:
    for folder in store.root.iterdir():
        path = folder / "manifest.json"
        path.write_text(re.sub(r'"states": \{.*\}, "rows"', '"states": {}, "rows"', path.read_text()))


def rebuild(ctx: Any) -> Callable[[], Answer]:
    """Return the run from the day columns alone; they are built before."""
    job = _Job(ctx, _store(ctx, "rebuild"))
    job.run()

    def run() -> Answer:
        _forget_sums(job.store or _store(ctx, "rebuild"))
        return job.run()

    return run


def _refresh(ctx: Any, *, columns_are_there: bool) -> Callable[[], Answer]:
    store = _store(ctx, "refresh")
    job = _Job(ctx, store)
    job.inventory = pq.read_table(job.inventory, read_dictionary=["sku", "warehouse", "category"])
    job.run()
    ctx.today += dt.timedelta(days=1)
    job.day += dt.timedelta(days=1)
    job.facts = [*job.facts, str(ctx.dir / "next" / f"{ctx.today}.parquet")]
    if columns_are_there:
        _ingest(store, job)
    before = ctx.dir / f"before-{len(ctx.rules)}"
    for folder in store.root.iterdir():
        shutil.copytree(folder, before / folder.name, dirs_exist_ok=True)

    def run() -> Answer:
        for folder in store.root.iterdir():
            for path in (before / folder.name).iterdir():
                if not (folder / path.name).exists() or path.name == "manifest.json":
                    (folder / path.name).unlink(missing_ok=True)
                    (folder / path.name).hardlink_to(path)
        return job.run()

    return run


def _ingest(store: WindowStore, job: _Job) -> None:
    """Take the new day in, as the import does that brings it."""
    world = World(open_tables({"inventory": job.inventory, "facts": job.facts}), FORMS)
    with open_engine("duckdb") as engine:
        (one,) = prepare(job.rules, world, job.asked(), engine, frozenset(), values=False, stored=True)
        store.take_in(world.tables, one.compiled.stored, one.compiled.stored[0].windows[0].day)


def refresh(ctx: Any) -> Callable[[], Answer]:
    """Return the next day's run; its day column was written when its rows came in, as an import does."""
    return _refresh(ctx, columns_are_there=True)


def refresh_rows(ctx: Any) -> Callable[[], Answer]:
    """Return the next day's run that finds the new day as rows with string keys."""
    return _refresh(ctx, columns_are_there=False)


def build(ctx: Any) -> Callable[[], None]:
    """Return the first build of the store from the facts' rows."""

    def told(done: int, total: int) -> None:
        sys.stderr.write(f"\r{done}/{total}")

    def run() -> None:
        root = Path(ctx.dir / "windows-build")
        shutil.rmtree(root, ignore_errors=True)
        job = _Job(ctx, WindowStore(root, told))
        world = World(open_tables({"inventory": job.inventory, "facts": job.facts}), FORMS)
        with open_engine("duckdb") as engine:
            (one,) = prepare(job.rules, world, job.asked(), engine, frozenset(), values=False, stored=True)
            WindowStore(root, told).take_in(world.tables, one.compiled.stored, one.compiled.stored[0].windows[0].day)

    return run
