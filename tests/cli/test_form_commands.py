"""`beihuo pack`, `import`, `export` and `demo` tell what they did in words a person can use, and as JSON."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from cli import _group
from services import packs
from services.workspace import Settings, open_workspace


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run `beihuo …` in a workspace of its own."""
    monkeypatch.setenv("BEIHUO_DATA_DIR", str(tmp_path / "ws"))

    def invoke(*words, code=0):
        result = CliRunner().invoke(_group, list(words), catch_exceptions=code == 0)
        assert result.exit_code == code, result.output
        return result.output

    return invoke


def test_packs_are_listed_tested_installed_and_taken_back(run):
    assert "daily_replenishment" in run("pack", "list")
    assert "没有问题" in run("pack", "validate", "daily_replenishment")
    assert run("pack", "test", "daily_replenishment").count("✓") == 5
    assert "rule/low_stock_static" in run("pack", "install", "daily_replenishment", "--dry-run")
    assert "5/5" in run("pack", "install", "daily_replenishment", "--input", "normal_line=30")
    assert {"base": "1.0.0", "daily_replenishment": "1.0.0"} == {
        one["key"]: one["installed"] for one in json.loads(run("pack", "list", "--json")) if one["installed"]
    }
    assert "归档" in run("pack", "undo", "daily_replenishment")


def test_a_broken_pack_fails_with_its_place(run, tmp_path):
    path = tmp_path / "bad.pack.json"
    path.write_text('{"about": {"key": "x"}, "definitions": []}', encoding="utf-8")

    result = CliRunner().invoke(_group, ["pack", "validate", str(path)])

    assert result.exit_code != 0
    assert "$.about: 缺少 name" in str(result.exception)


def test_a_file_goes_in_and_comes_out(run, tmp_path):
    file = tmp_path / "销量.csv"
    file.write_text("商品编码,日期,销量,单价\nA001,2026-11-01,5,10\nA001,昨天,x,10\n", encoding="utf-8")

    told = run("import", str(file), "--into", "sales")
    out = run("export", "sku", "--out", str(tmp_path / "sku.csv"), "--json")

    assert "先安装了模板包 base" in told
    assert "第 3 行 日期" in told
    assert "第 3 行 销量" in told
    assert "推算" in told
    assert json.loads(out)["rows"] == 1
    assert "A001" in (tmp_path / "sku.csv").read_text(encoding="utf-8-sig")


def test_the_form_is_guessed_and_wrong_words_are_told(run, tmp_path):
    file = tmp_path / "库存.csv"
    file.write_text("商品编码,仓库,库存\nA001,hd,5\n", encoding="utf-8")

    assert "stock:1 行" in run("import", str(file))
    assert "写成 字段=列名" in run("import", str(file), "--map", "quantity", code=2)


def test_the_demo_tells_its_story(run, monkeypatch, tmp_path):
    monkeypatch.setattr("services.demo.load.__kwdefaults__", {"progress": None, "skus": 24, "days": 90})

    first, again = run("demo", "--no-serve"), run("demo", "--no-serve")

    assert "模拟" in first
    assert "为什么:" in first
    assert "beihuo-demo" in first
    assert "没有重复" in again
    workspace = open_workspace(Settings(data_dir=tmp_path / "ws"))
    assert {"base", "daily_replenishment"} == {one["key"] for one in packs.list_(workspace) if one["installed"]}
    assert [] == [one["off"] for one in packs.list_(workspace) if one["off"]]
    workspace.close()
