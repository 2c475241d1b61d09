"""Half a million real daily sales raise alerts in an empty workspace, and the numbers are those of a plain query."""

from __future__ import annotations

import json

import duckdb
import pytest
from click.testing import CliRunner

from services import alerts
from services.workspace import Settings, open_workspace

BY_HAND = """
with facts as (
    select sku, date, sum(units) units, sum(case
        when largest_line > 24 and largest_line > 6 * usual then least(largest_line, units) else 0 end) one_off
    from (select *, median(case when largest_line > 0 then largest_line end) over (partition by sku) usual
          from read_parquet($file)) group by sku, date),
daily as (
    select sku,
        coalesce(sum(units) filter (date >= date '2011-08-25'), 0) in_week,
        coalesce(sum(one_off) filter (date >= date '2011-08-25'), 0) in_week_one_off,
        coalesce(sum(units - one_off) filter (date > date '2011-08-31' - 28), 0) in_month
    from facts group by sku)
select sku, ceil(in_month / 28 * 14) on_hand, (in_week - in_week_one_off) / 7 pace from daily
"""


@pytest.mark.shared_data
def test_alerts_from_real_sales_agree_with_a_plain_query(shared_data, tmp_path, monkeypatch):
    """`beihuo import … && beihuo evaluate --as-of 2011-09-01`; three alerts are worked out by hand in SQL."""
    from cli.evaluate import command as evaluate
    from cli.import_ import command as import_

    monkeypatch.setenv("BEIHUO_DATA_DIR", str(tmp_path))
    file = shared_data / "online_retail_skuday.parquet"
    imported = CliRunner().invoke(
        import_, [str(file), "--into", "sales", "--map", "quantity=units", "--json"], catch_exceptions=False
    )
    ran = CliRunner().invoke(evaluate, ["--as-of", "2011-09-01", "--json"], catch_exceptions=False)

    told, run = json.loads(imported.stdout), json.loads(ran.stdout)
    assert (473_957, 473_957, 0) == (told["rows"], told["inserted"], told["failed"])
    assert any("推算" in note["message"] and "estimate" in note["message_en"] for note in told["notes"])
    assert run["fired"] > 100

    workspace = open_workspace(Settings(data_dir=tmp_path))
    critical = [
        one
        for one in alerts.list_(workspace, level="critical", limit=1000)["items"]
        if one["rule"]["key"] == "low_stock_dynamic"
    ]
    by_hand = {sku: rest for sku, *rest in duckdb.execute(BY_HAND, {"file": str(file)}).fetchall()}
    assert len(critical) >= 3
    for one in critical:
        on_hand, pace = by_hand[one["keys"]["sku"]]
        values = {value["source"]: value["value"] for value in one["values"]}
        assert on_hand == values["available"]
        assert pace == pytest.approx(values["daily"])
        assert on_hand < pace * 7 * 1.2
    raised = {one["keys"]["sku"] for one in critical}
    assert raised == {sku for sku, (on_hand, pace) in by_hand.items() if on_hand < pace * 7 * 1.2}
    workspace.close()
