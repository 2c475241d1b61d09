"""`beihuo evaluate` and `beihuo backtest` without any database: files in, files out."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from cli.backtest import command as backtest
from cli.evaluate import command as evaluate

RULE = {
    "key": "low_stock",
    "over": "stock",
    "let": {"daily": "avg_daily(sales.quantity, 7)"},
    "levels": [{"level": "warning", "when": "on_hand < daily * 3"}],
}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A folder with rules and tables: A sells 2 a day and has 5, B sells nothing."""
    tables = tmp_path / "tables"
    tables.mkdir()
    days = [dt.date(2026, 11, 1) + dt.timedelta(days=number) for number in range(10)]
    pq.write_table(
        pa.table({"sku": ["A"] * 10, "date": pa.array(days, pa.date32()), "quantity": [2] * 10}),
        tables / "sales.parquet",
    )
    (tables / "stock.csv").write_text("sku,on_hand\nA,5\nB,5\n", encoding="utf-8")
    history = [("A", day, 12 - 2 * number) for number, day in enumerate(days)]
    pq.write_table(
        pa.table(
            {"sku": ["A"] * 10, "date": pa.array(days, pa.date32()), "on_hand": [max(0, row[2]) for row in history]}
        ),
        tables / "stock_snapshot.parquet",
    )
    (tmp_path / "rule.json").write_text(json.dumps(RULE), encoding="utf-8")
    return tmp_path


def test_evaluate_writes_who_breaches(shop: Path):
    """A has less than three days of stock; the file has rule, level, keys and values."""
    out = shop / "out" / "alerts.parquet"
    arguments = ["--rules", str(shop / "rule.json"), "--tables", str(shop / "tables"), "--as-of", "2026-11-11"]
    result = CliRunner().invoke(evaluate, [*arguments, "--out", str(out)], catch_exceptions=False)
    assert "在库 5 < 日均 2 × 3 = 6" in result.output
    (row,) = pq.read_table(out).to_pylist()
    assert {"daily": 2, "on_hand": 5, "daily * 3": 6} == json.loads(row.pop("values"))
    assert {"rule": "low_stock", "level": "warning", "sku": "A"} == row


def test_evaluate_prints_json_and_writes_csv(shop: Path):
    """For programs: counts as JSON, alerts as CSV."""
    out = shop / "alerts.csv"
    arguments = ["--rules", str(shop), "--tables", str(shop / "tables"), "--as-of", "2026-11-11", "--json"]
    (shop / "more").mkdir()
    calendar = {"kind": "calendar", "key": "c", "events": []}
    (shop / "more" / "calendar.json").write_text(json.dumps(calendar), encoding="utf-8")
    result = CliRunner().invoke(evaluate, [*arguments, "--out", str(out)], catch_exceptions=False)
    assert [{"rule": "low_stock", "level": "warning", "count": 1}] == json.loads(result.output)["by_rule"]
    assert out.read_text(encoding="utf-8").startswith('"rule","level","sku","values"')


def test_backtest_writes_a_report(shop: Path):
    """A runs out on the seventh day; the alert came before."""
    out = shop / "report.json"
    arguments = ["--rules", str(shop / "rule.json"), "--tables", str(shop / "tables"), "--out", str(out)]
    result = CliRunner().invoke(
        backtest, [*arguments, "--from", "2026-11-02", "--to", "2026-11-10"], catch_exceptions=False
    )
    report = json.loads(out.read_text(encoding="utf-8"))
    assert {"total": 1, "caught": 1, "missed": 0} == report["stockouts"]
    assert 9 == len(report["days"])
    assert "提前发现 1" in result.output


def test_a_window_store_says_the_same(shop: Path):
    """`--windows` keeps a store beside the tables: with it, again with it, and rebuilt, the answer is the same."""
    base = ["--rules", str(shop / "rule.json"), "--tables", str(shop / "tables"), "--as-of", "2026-11-11"]
    kept = ["--windows", str(shop / "windows")]
    answers = []
    for more in ([], kept, kept, [*kept, "--rebuild"]):
        result = CliRunner().invoke(evaluate, [*base, *more, "--out", str(shop / "out.json")])
        assert (0, "") == (result.exit_code, result.output if result.exit_code else "")
        answers.append(json.loads((shop / "out.json").read_text()))
    assert 1 == len(answers[0])
    assert [answers[0]] * 3 == answers[1:]
    assert 1 == len(list((shop / "windows").iterdir()))
