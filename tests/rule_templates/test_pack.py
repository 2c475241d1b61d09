"""A broken or hostile pack is refused with the place and the reason; the shipped ones are sound."""

from __future__ import annotations

import copy
import json

import pytest

import rule_templates
from engine.problems import DefinitionError, UnknownName
from rule_templates import read_pack

GOOD = {
    "about": {"key": "mine", "name": "我的包", "version": "1.0.0", "licence": "MIT"},
    "inputs": {"type": "object", "properties": {"line": {"type": "integer", "default": 20}}},
    "definitions": [
        {"kind": "calendar", "key": "days", "name": "日历", "events": []},
        {"kind": "rule", "key": "low", "name": "低库存", "over": "stock", "levels": [{"level": "warning", "when": {"$text": ["on_hand < ", {"$input": "line"}]}}]},
    ],
}  # fmt: skip


def changed(path, value):
    """Return GOOD with the value at *path* replaced (or taken out, for ...)."""
    document = copy.deepcopy(GOOD)
    target = document
    for step in path[:-1]:
        target = target[step]
    if value is ...:
        del target[path[-1]]
    else:
        target[path[-1]] = value
    return document


def test_a_sound_pack_is_read_and_filled():
    pack = read_pack(GOOD)

    assert ("mine", "1.0.0") == (pack.key, pack.version)
    assert pack.definitions()[1]["levels"][0]["when"] == "on_hand < 20"
    assert pack.definitions({"line": 50})[1]["levels"][0]["when"] == "on_hand < 50"


def test_the_text_the_bytes_and_the_file_are_the_same_pack(tmp_path):
    text = json.dumps(GOOD, ensure_ascii=False)
    file = tmp_path / "mine.pack.json"
    file.write_text(text, encoding="utf-8")

    assert [GOOD] * 3 == [read_pack(text).document, read_pack(text.encode()).document, read_pack(file).document]


BROKEN = [
    (("about", "key"), ..., "$.about", "缺少 key"),
    (("about", "version"), "1.0", "$.about.version", "不合格式"),
    (("about", "requires"), {"base": "latest"}, "$.about.requires.base", "不合格式"),
    (("about", "autor"), "x", "$.about", "autor"),
    (("definitions",), ..., "$", "缺少 definitions"),
    (("definitions", 0, "kind"), "calender", "$.definitions[0].kind", "calender"),
    (("definitions", 0, "events"), ..., "$.definitions[0]", "缺少 events"),
    (("definitions", 1, "key"), "DROP TABLE", "$.definitions[1].key", "不合格式"),
    (("definitions", 1), {"kind": "calendar", "key": "days", "events": []}, "$.definitions[1]", "出现两次"),
    (("definitions", 1, "over"), {"$input": "tabel"}, "$.definitions[1].over", "没有名为“tabel”的输入项"),
    (("definitions", 1, "over"), {"$input": "line", "evil": 1}, "$.definitions[1].over", "不认识“evil”"),
    (("definitions", 1, "over"), {"$input": "line", "as": "python"}, "$.definitions[1].over.as", "不认识写法“python”"),
    (("definitions", 1, "name"), {"$text": "x"}, "$.definitions[1].name", "$text"),
    (("definitions", 1, "actions"), [{"type": "exec"}], "$.definitions[1].actions[0].type", "exec"),
    (("inputs", "required"), ["nothing"], "$.inputs.required", "没有名为“nothing”的输入项"),
    (("inputs", "properties", "line"), {"type": "integer", "$ref": "http://evil.example/x"}, "$.inputs.properties.line", "$ref"),
    (("inputs", "properties", "line"), {"type": "string", "pattern": "(a+)+$("}, "$.inputs.properties.line.pattern", "JSON Schema"),
    (("sample_data",), {"sku": [{"password": "hunter2"}]}, "$.sample_data.sku[0].password", "密码"),
    (("tests",), [{"name": "t", "tables": {}, "expect": {"alert": []}}], "$.tests[0].expect", "alert"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "where", "message"), BROKEN, ids=range(len(BROKEN)))
def test_a_mistake_is_told_with_its_place(path, value, where, message):
    with pytest.raises(DefinitionError) as caught:
        read_pack(changed(path, value))

    assert any(p.path == where and message in p.message for p in caught.value.problems), str(caught.value)


HOSTILE = [
    (b"\xff\xfe\x00", "UTF-8"),
    ("", "JSON"),
    ('{"about": NaN}', "JSON"),
    ('{"a": 1, "a": 2}', "“a” ×2"),
    ("[" * 100_000, "嵌套太深"),
    ('{"a":' * 100 + "1" + "}" * 100, "嵌套太深"),
    ("x" * 5_000_001, "超过 5 MB"),
    (json.dumps({"definitions": [0] * 150_000}), "内容太多"),
]


@pytest.mark.parametrize(("source", "message"), HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_file_is_refused(source, message):
    with pytest.raises(DefinitionError, match=message):
        read_pack(source)


@pytest.mark.parametrize("name", rule_templates.names())
def test_a_shipped_pack_is_sound_and_told_in_two_languages(name):
    pack = rule_templates.load(name)

    assert pack.about["name_en"]
    assert pack.about["summary"]
    assert pack.about["summary_en"]
    assert pack.definitions()
    for schema in pack.inputs.get("properties", {}).values():
        assert {"title", "x-title-en", "default"} <= set(schema)


def test_an_unknown_pack_is_answered_with_the_nearest():
    with pytest.raises(UnknownName, match="daily_replenishment"):
        rule_templates.load("daily_replenishmnt")
