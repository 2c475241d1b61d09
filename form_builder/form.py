"""Check a form: what its shape alone cannot tell. Fields, links, defaults, formulas, rules, layout."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.definitions import check_each
from engine.problems import Problem, did_you_mean
from form_builder import formula_tests
from form_builder.context import RecordContext
from form_builder.field import FIELD_TYPES, Field, Unreadable
from form_builder.limits import check_pattern, compiled
from form_builder.logic import compile_logic

RESERVED = {
    "id",
    "version",
    "created_at",
    "created_by",
    "updated_at",
    "updated_by",
    "now",
    "today",
    "true",
    "false",
    "none",
}
_SOME_DAY = RecordContext(dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
MAX_SUB_FORM_DEPTH = 2


def check_form(definition: Mapping[str, Any], forms: Mapping[str, Mapping[str, Any]]) -> list[Problem]:
    """Return everything that is wrong with the form *definition* beyond its JSON Schema; [] when nothing is.

    Args:
        definition: the form, whose shape `engine.definitions.check("form", …)` has found good.
        forms: published forms by key (the new one need not be among them).
    """
    fields: Sequence[Field] = definition["fields"]
    problems = check_each(fields, "$.fields", FIELD_TYPES)
    if problems:
        return problems
    known = {**forms, definition["key"]: definition}
    problems += _check_fields(fields, "$.fields", known, depth=0)
    problems += _names_told(definition)
    problems += _storage(definition)
    if not problems:
        logic, found = compile_logic(definition, known)
        problems += found or formula_tests.failed(definition, logic)
        problems += _sub_form_logic(definition, known)
    return problems


def _check_fields(
    fields: Sequence[Field], path: str, forms: Mapping[str, Mapping[str, Any]], depth: int
) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for place, one in enumerate(fields):
        where = f"{path}[{place}]"
        key = one["key"]
        if key in seen:
            yield Problem(
                f"{where}.key", f"字段标识“{key}”重复(与第 {seen[key] + 1} 个字段)", "换一个标识",
                f"the key “{key}” is used twice (by field {seen[key] + 1})", "use another key",
            )  # fmt: skip
        seen.setdefault(key, place)
        if key in RESERVED:
            yield Problem(
                f"{where}.key",
                f"“{key}”是系统保留的标识",
                f"改成 {key}_1 之类",
                f"“{key}” is reserved",
                f"use {key}_1, say",
            )
        yield from _links(one, where, forms)
        yield from _default(one, where)
        if one["type"] == "sub_form":
            yield from _sub_form(one, where, forms, depth)


def _links(one: Field, where: str, forms: Mapping[str, Mapping[str, Any]]) -> Iterator[Problem]:
    target = FIELD_TYPES[one["type"]].target(one)
    if target is None:
        return
    if target not in forms:
        near = did_you_mean(target, forms)
        hint, hint_en = (
            (f"是否想用“{near}”?", f"did you mean “{near}”?") if near else ("先建立并发布那张表单", "publish it first")
        )
        path = f"{where}.form" if "form" in one else f"{where}.type"
        yield Problem(path, f"没有表单“{target}”", hint, f"there is no form “{target}”", hint_en)
        return
    keys = {column["key"]: column for column in forms[target]["fields"]}
    if "code" not in keys:
        yield Problem(
            f"{where}.form", f"表单“{target}”没有字段 code,不能被关联", "给它加一个不允许重复的文本字段 code",
            f"the form “{target}” has no field code and cannot be linked to", "give it a unique text field code",
        )  # fmt: skip
    for name in one.get("copy", {}).values():
        if name not in keys:
            near = did_you_mean(name, keys)
            hint, hint_en = (f"是否想用“{near}”?", f"did you mean “{near}”?") if near else ("", "")
            message = f"表单“{target}”没有字段“{name}”"
            yield Problem(f"{where}.copy", message, hint, f"the form “{target}” has no field “{name}”", hint_en)


def _default(one: Field, where: str) -> Iterator[Problem]:
    kind = FIELD_TYPES[one["type"]]
    if "default" in one and "default_expression" in one:
        yield Problem(
            f"{where}.default_expression",
            "默认值和默认公式只能有一个",
            "",
            "a default and a default formula exclude each other",
        )
    if "default" in one and one["default"] is not None:
        try:
            kind.read(one["default"], one, _SOME_DAY)
        except Unreadable as error:
            yield from (problem.under(f"{where}.default") for problem in error.problems)
    if one.get("min") is not None and one.get("max") is not None and one["min"] > one["max"]:
        yield Problem(f"{where}.max", "最大值小于最小值", "", "the largest is below the smallest")
    if one.get("unique") and kind.column(one) == "json":
        yield Problem(f"{where}.unique", f"{kind.title}不能设为不允许重复", "", f"{kind.title_en} cannot be unique")
    if "pattern" in one and one["type"] == "text":
        compiled(one["pattern"])
        if isinstance(one.get("default"), str):
            check_pattern(one["default"], one)


def _sub_form(one: Field, where: str, forms: Mapping[str, Mapping[str, Any]], depth: int) -> Iterator[Problem]:
    if depth + 1 >= MAX_SUB_FORM_DEPTH:
        yield Problem(f"{where}.type", "子表单里不能再有子表单", "", "a sub-form cannot hold another sub-form")
        return
    found = check_each(one["fields"], f"{where}.fields", FIELD_TYPES)
    yield from found or _check_fields(one["fields"], f"{where}.fields", forms, depth + 1)


def _sub_form_logic(definition: Mapping[str, Any], forms: Mapping[str, Mapping[str, Any]]) -> Iterator[Problem]:
    for place, one in enumerate(definition["fields"]):
        if one["type"] == "sub_form":
            found = compile_logic({"key": "", "fields": one["fields"]}, forms)[1]
            yield from (problem.under(f"$.fields[{place}]") for problem in found)


def _names_told(definition: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield a problem for each place outside the fields that names a field which is not there."""
    keys = {one["key"] for one in definition["fields"]}
    for path, name in _named(definition):
        if name not in keys:
            near = did_you_mean(name, keys)
            hint, hint_en = (f"是否想用“{near}”?", f"did you mean “{near}”?") if near else ("", "")
            yield Problem(path, f"没有字段“{name}”", hint, f"there is no field “{name}”", hint_en)


def _named(definition: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for word in ("natural_keys", "display"):
        yield from ((f"$.{word}[{place}]", name) for place, name in enumerate(definition.get(word, ())))
    for place, rule in enumerate(definition.get("rules", ())):
        for word in ("show", "hide", "require", "read_only", "set"):
            yield from ((f"$.rules[{place}].{word}", name) for name in rule.get(word, ()))
    for place, one in enumerate(definition.get("checks", ())):
        yield from ((f"$.checks[{place}].fields", name) for name in one.get("fields", ()))
    for place, one in enumerate(definition.get("permissions", ())):
        told = (name.partition(".")[0] for name in one.get("fields", ()) if name != "*")
        yield from ((f"$.permissions[{place}].fields", name) for name in told)
    for place, view in enumerate(definition.get("views", ())):
        for word in ("columns", "group_by"):
            yield from ((f"$.views[{place}].{word}", name) for name in view.get(word, ()))
    yield from _in_layout(definition.get("layout", ()), "$.layout")


def _in_layout(blocks: Sequence[Mapping[str, Any]], path: str) -> Iterator[tuple[str, str]]:
    for place, block in enumerate(blocks):
        where = f"{path}[{place}]"
        if "field" in block:
            yield f"{where}.field", block["field"]
        yield from ((f"{where}.fields", name) for name in block.get("fields", ()))
        yield from _in_layout(block.get("items", ()), f"{where}.items")


def _storage(definition: Mapping[str, Any]) -> Iterator[Problem]:
    if definition.get("storage") != "facts":
        return
    keys = {one["key"]: one for one in definition["fields"]}
    if keys.get("date", {}).get("type") != "date":
        yield Problem(
            "$.fields", "按天存储的表单(facts)需要日期字段 date", "加一个类型为 date、标识为 date 的字段",
            "a facts form needs a field date of type date", "add one",
        )  # fmt: skip
    for place, one in enumerate(definition["fields"]):
        if FIELD_TYPES[one["type"]].column(one) == "json" or one["type"] in {"formula", "auto_number"}:
            title, title_en = FIELD_TYPES[one["type"]].title, FIELD_TYPES[one["type"]].title_en
            yield Problem(
                f"$.fields[{place}].type",
                f"按天存储的表单不能有“{title}”字段",
                "",
                f"a facts form cannot hold a {title_en} field",
            )
