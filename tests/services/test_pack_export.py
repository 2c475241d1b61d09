"""One's own work goes out as a pack and comes in elsewhere doing the same: same alerts on the same data, no secret inside."""

from __future__ import annotations

import copy
import datetime as dt
from pathlib import Path

import pyarrow as pa
import pytest

from engine.problems import DefinitionError
from services import evaluate, packs, publish, records
from services.refusal import Refused
from services.workspace import Settings, open_workspace

ABOUT = {"key": "ours", "name": "我们的", "version": "1.0.0", "licence": "MIT"}


def fill(workspace):
    """Put the same shop into a workspace: three SKUs, one warehouse, a week of sales."""
    records.create(workspace, form="warehouse", values={"code": "hd", "name": "华东仓"}, user="admin")
    rows = []
    for code, on_hand, a_day in (("A", 12, 5), ("B", 40, 5), ("C", 500, 5)):
        records.create(workspace, form="sku", values={"code": code, "name": code, "lead_time_days": 7}, user="admin")
        records.create(
            workspace, form="stock", values={"sku": code, "warehouse": "hd", "on_hand": on_hand}, user="admin"
        )
        for day in range(1, 8):
            date = dt.date(2026, 11, 25) - dt.timedelta(days=day)
            rows.append(
                {"sku": code, "warehouse": "hd", "channel": "tmall", "date": date, "quantity": a_day, "exceptional": 0}
            )
    workspace.facts("sales").append(pa.Table.from_pylist(rows), "week")


def alerts(workspace):
    """Return what fires, with its numbers."""
    done = evaluate.run(workspace, as_of="2026-11-25")
    return sorted((one["rule"], one["level"], one["record"], one["explanation"]) for one in done["examples"])


@pytest.fixture
def changed(ws):
    """A workspace whose owner changed a rule of 日常补货, added a field, and wrote a rule of their own."""
    packs.install(ws, pack="daily_replenishment", user="admin", confirmed=True)
    rule = {**copy.deepcopy(publish.current(ws, "rule", "low_stock_dynamic")), "kind": "rule"}
    rule["levels"][0]["when"] = "available < daily * lead * 1.9"
    form = {**copy.deepcopy(publish.current(ws, "form", "sku")), "kind": "form"}
    form["fields"].append({"key": "colour", "type": "text", "label": "颜色"})
    own = {
        "kind": "rule",
        "key": "own",
        "name": "自己的",
        "over": "stock",
        "levels": [{"level": "info", "when": "on_hand > 400"}],
    }
    publish.publish_many(ws, [rule, form, own], user="lin")
    return ws


def test_an_exported_workspace_does_the_same_elsewhere(changed, clock, tmp_path: Path):
    pack = packs.export(changed, about=ABOUT)
    other = open_workspace(Settings(data_dir=tmp_path / "other"), clock)
    packs.install(other, pack="daily_replenishment", user="admin", confirmed=True)

    done = packs.install(
        other, pack=pack, user="admin", confirmed=True,
        answers=packs.Answers(choices={"rule/low_stock_dynamic": "replace", "form/sku": "replace"}),
    )  # fmt: skip

    assert {"form/sku", "rule/low_stock_dynamic", "rule/own"} == {
        f"{one['kind']}/{one['key']}" for one in done["published"]
    }
    for workspace in (changed, other):
        fill(workspace)
    found = alerts(changed)
    assert 3 <= len(found)
    assert found == alerts(other)
    other.close()


def test_an_export_into_an_empty_workspace_brings_along_what_it_needs(changed, clock, tmp_path: Path):
    pack = packs.export(changed, about=ABOUT, names=["rule/own"])
    other = open_workspace(Settings(data_dir=tmp_path / "other"), clock)

    packs.install(other, pack=pack, user="admin", confirmed=True)

    assert {"form/sku", "rule/own"} == {f"{one['kind']}/{one['key']}" for one in pack["definitions"]}
    assert {"base": "^1.0.0"} == pack["about"]["requires"]
    assert "own" in publish.all_current(other, "rule")
    assert "colour" in {field["key"] for field in publish.current(other, "form", "sku")["fields"]}
    other.close()


def test_sample_records_go_along_without_what_the_system_adds(changed):
    records.create(changed, form="warehouse", values={"code": "hd", "name": "华东仓"}, user="admin")

    pack = packs.export(changed, about=ABOUT, names=["form/warehouse"], sample=["warehouse"])

    assert {"code": "hd", "name": "华东仓"}.items() <= pack["sample_data"]["warehouse"][0].items()
    assert not any(name.startswith("_") for name in pack["sample_data"]["warehouse"][0])


def test_a_secret_is_never_exported(changed):
    flow = {
        **copy.deepcopy(publish.current(changed, "workflow", "replenishment_approval")),
        "kind": "workflow",
        "key": "calls",
    }
    flow["nodes"]["order"] = {"type": "webhook", "url": "https://erp.example/x?access_token=abc"}
    publish.publish_many(changed, [flow], user="lin")

    with pytest.raises(DefinitionError, match="密码或密钥"):
        packs.export(changed, about=ABOUT, names=["workflow/calls"])


def test_what_is_not_there_cannot_be_exported(ws):
    with pytest.raises(Refused):
        packs.export(ws, about=ABOUT, names=["rule/nothing"])
