"""The window store answers as the facts themselves do, bit for bit, whatever happened to them and to its files."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rule_shop import CALENDAR, DAY, PLACES, SKUS, shop

from engine.alerting import evaluate
from engine.tables.facts import Facts
from engine.tables.store_folder import StoreBusy, StoreFolder
from engine.tables.window_store import WindowStore

SOURCES = [
    "avg_daily(sales.quantity, 7)",
    "avg_daily(sales.quantity, 7, exclude='spikes', offset=1)",
    "avg_daily(sales.quantity, 14, exclude='stockouts')",
    "sum_over(sales.quantity, 14, exclude=['stockouts', 'promotions'])",
    "sum_over(sales.quantity, 1, by='sku')",
    "max_over(sales.quantity, 7)",
    "min_over(sales.quantity, 3, exclude='promotions')",
    "median_over(sales.quantity, 7)",
    "percentile_over(sales.quantity, 7, 0.9, exclude='stockouts', min_days=3)",
    "std_over(sales.quantity, 14, min_days=3)",
    "std_over(sales.quantity, 7, exclude='spikes')",
    "trend(sales.quantity, 14, exclude='promotions')",
    "ewma(sales.quantity, 3)",
    "days_since_last(sales.quantity)",
    "count_days(sales.quantity > 3, 14)",
    "same_period_last_year(sales.quantity, 7)",
    "year_over_year(sales.quantity, 7)",
    "today_so_far(sales.quantity)",
    "avg_daily(sales.quantity * sales.price, 7, by='sku')",
    "sum_over(sales.price, 7)",
]


def rules(sources: list[str]) -> list[dict[str, Any]]:
    """Return a rule for each value, so written that every record comes back with it, or as one that cannot be judged."""
    return [
        {
            "key": f"w{number}",
            "over": "stock",
            "let": {"x": source},
            "levels": [{"level": "warning", "when": "x > -1e9"}],
        }
        for number, source in enumerate(sources)
    ]


class History:
    """Facts to which things happen, and the store that follows them."""

    def __init__(self, folder: Path, seed: int, quantity: str = "integer") -> None:
        self.rnd = random.Random(seed)
        self.folder = folder
        self.tables = shop(seed, quantity)
        self.facts = Facts(folder / "sales")
        self.sales = self.tables.pop("sales")
        self.facts.append(self.sales, "first")
        self.store = WindowStore(folder / "windows")
        self.day = DAY
        self.batches = ["first"]

    def rows(self, day: dt.date, skus: list[str]) -> pa.Table:
        """Return some rows of one day, of the same columns as the first."""
        chosen = [row for row in self.sales.to_pylist() if self.rnd.random() < 0.1]
        return pa.Table.from_pylist(
            [
                row | {"date": day, "sku": self.rnd.choice(skus), "warehouse": self.rnd.choice([*PLACES, None])}
                for row in chosen
            ],
            self.sales.schema,
        )

    def batch(self) -> str:
        """Return a new batch's name."""
        self.batches.append(f"b{len(self.batches)}")
        return self.batches[-1]

    def past(self) -> dt.date:
        """Return some day near the windows."""
        return self.day - dt.timedelta(days=self.rnd.choice([0, 1, 2, 6, 7, 8, 14, 15, 300, 366]))

    def happen(self, what: str) -> None:
        """Let one thing happen."""
        if what == "next day":
            self.day += dt.timedelta(days=1)
            self.facts.append(self.rows(self.day - dt.timedelta(days=1), SKUS), self.batch())
        elif what == "gap":
            self.day += dt.timedelta(days=self.rnd.choice([3, 20]))
        elif what == "late rows":
            self.facts.append(self.rows(self.past(), SKUS), self.batch())
        elif what == "new SKU":
            self.facts.append(self.rows(self.past(), ["B1", "B2"]), self.batch())
            stock = self.tables["stock"]
            line = stock.slice(0, 1).to_pylist()[0] | {"sku": self.rnd.choice(["B1", "B3"])}
            self.tables["stock"] = pa.concat_tables([stock, pa.Table.from_pylist([line], stock.schema)])
        elif what == "correction":
            day = self.past()
            self.facts.replace_day(day, self.rows(day, SKUS), self.batch())
        elif what == "undo":
            self.facts.undo(self.rnd.choice([name for name in self.batches if name != "first"] or ["first"]))
        elif what == "compaction":
            self.facts.compact()
        elif what == "other order":
            stock = self.tables["stock"]
            self.tables["stock"] = stock.take(self.rnd.sample(range(stock.num_rows), stock.num_rows - 1))
        elif what == "forgotten":
            self.store.forget()
        elif what == "damage":
            files = sorted(path for path in self.store.root.rglob("*-*") if path.is_file() and "keys" not in path.name)
            path = self.rnd.choice(files)
            path.write_bytes(path.read_bytes()[:-1] + b"\x7f")

    def answers(self, sources: list[str], store: WindowStore | None) -> tuple[Any, ...]:
        """Return all that a run says."""
        now = dt.datetime.combine(self.day, dt.time(1), dt.UTC)
        tables = {**self.tables, "sales": self.facts}
        found = evaluate(rules(sources), tables, now=now, calendars=[CALENDAR], windows=store)
        return found.breaches.to_pylist(), sorted(map(repr, found.unknown)), found.rows


EVENTS = ["next day", "gap", "late rows", "new SKU", "correction", "undo", "compaction", "other order", "forgotten"]


@settings(max_examples=12, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    quantity=st.sampled_from(["integer", "decimal", "double"]),
    events=st.lists(st.sampled_from([*EVENTS, "damage"]), max_size=5),
)
def test_the_store_says_what_the_facts_say(seed: int, quantity: str, events: list[str]):
    """After any history, with any function: equal breaches with equal values, equal records that cannot be judged."""
    with TemporaryDirectory() as folder:
        history = History(Path(folder), seed, quantity)
        for event in ["", *events]:
            if event:
                history.happen(event)
            assert history.answers(SOURCES, history.store) == history.answers(SOURCES, None), event


def test_the_next_day_moves_the_sums(tmp_path: Path):
    """A day later nothing is added up anew; late rows correct the sums; a new window is built from the days."""
    history = History(tmp_path, 3)
    sources = ["avg_daily(sales.quantity, 7)", "std_over(sales.quantity, 14)"]
    history.answers(sources, history.store)
    assert (history.store.used.moved, history.store.used.rebuilt) == (0, 3)
    for event in ("next day", "late rows"):
        history.happen(event)
        before = history.store.used.moved
        assert history.answers(sources, history.store) == history.answers(sources, None)
        assert (history.store.used.moved - before, history.store.used.rebuilt) == (3, 3)
    history.answers([*sources, "sum_over(sales.quantity, 5)"], history.store)
    assert history.store.used.rebuilt == 4


def test_most_functions_come_from_the_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """What the property test compares is not the plain path with itself."""
    history = History(tmp_path, 5)
    seen: list[str] = []
    whole = WindowStore.widened
    monkeypatch.setattr(
        WindowStore,
        "widened",
        lambda store, over, tables, wanted, *rest: (
            seen.extend(one.windows[0].function for one in wanted),
            whole(store, over, tables, wanted, *rest),
        )[1],
    )
    history.answers(SOURCES, history.store)
    assert len(seen) == len(SOURCES) - 1
    assert "count_days" not in seen


def test_a_store_in_use_is_passed_over(tmp_path: Path):
    """Two runs at once: the second reads the facts and says the same."""
    history = History(tmp_path, 8)
    expected = history.answers(SOURCES[:3], history.store)
    (path,) = (each for each in history.store.root.iterdir() if each.is_dir())
    with StoreFolder(path).held():
        with pytest.raises(StoreBusy), StoreFolder(path).held():
            pass
        assert history.answers(SOURCES[:3], history.store) == expected


def test_files_that_no_longer_count_are_deleted(tmp_path: Path):
    """After a correction only what the manifest names is left."""
    history = History(tmp_path, 9)
    history.answers(SOURCES, history.store)
    history.happen("correction")
    history.answers(SOURCES, history.store)
    for folder in history.store.root.iterdir():
        text = (folder / "manifest.json").read_text()
        unnamed = {path.name for path in folder.iterdir() if f'"{path.name}"' not in text}
        assert unnamed == {"lock", "manifest.json"}


def test_progress_is_told(tmp_path: Path):
    """A first build says how many days are done."""
    history = History(tmp_path, 10)
    told: list[tuple[int, int]] = []
    store = WindowStore(tmp_path / "other", progress=lambda done, total: told.append((done, total)))
    history.answers(["sum_over(sales.quantity, 28)"], store)
    assert told[-1] == (28, 28)
    assert len(told) == 3
