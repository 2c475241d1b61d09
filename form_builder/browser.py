"""A form's logic for the browser: checked formulas, rules, checks and options as JSON trees, in the order they are applied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.expression import to_json
from engine.problems import Problem
from form_builder.field import FIELD_TYPES
from form_builder.logic import Logic, compile_logic

Json = dict[str, Any]


def browser_logic(definition: Mapping[str, Any], forms: Mapping[str, Mapping[str, Any]]) -> tuple[Json, list[Problem]]:
    """Return what the browser needs to fill in the form as `read_record` does, and what is wrong with its expressions.

    Args:
        definition: the form; it may be a draft.
        forms: published forms by key, for expressions that follow links.

    Returns:
        `{computed: [{key, default, tree}], rules: [{when, show, hide, require, read_only, set: {key: tree}}],
        checks: [{tree, message, message_en, fields}], options: {field: {value: tree}}, links, sub: {field: the same}}`;
        `links` are the linked records whose fields are read: `{field: {form, links}}`.
    """
    logic, problems = compile_logic(definition, forms)
    inner: dict[str, Json] = {}
    for place, one in enumerate(definition["fields"]):
        if one["type"] == "sub_form":
            inner[one["key"]], found = browser_logic({"key": "", "fields": one["fields"]}, forms)
            problems += [problem.under(f"$.fields[{place}]") for problem in found]
    return {**_trees(logic), "links": _links(definition, logic.reads, forms), "sub": inner}, problems


def _trees(logic: Logic) -> Json:
    return {
        "computed": [{"key": one.key, "default": one.is_default, "tree": to_json(one.tree)} for one in logic.computed],
        "rules": [
            {
                "when": to_json(rule.when),
                "show": rule.show,
                "hide": rule.hide,
                "require": rule.require,
                "read_only": rule.read_only,
                "set": [{"key": key, "tree": to_json(tree)} for key, tree in rule.set],
            }
            for rule in logic.rules
        ],
        "checks": [
            {"tree": to_json(one.tree), "message": one.message, "message_en": one.message_en, "fields": one.fields}
            for one in logic.checks
        ],
        "options": {
            key: {value: to_json(tree) for value, tree in trees.items()} for key, trees in logic.options.items()
        },
    }


def _links(definition: Mapping[str, Any], reads: Mapping[str, Any], forms: Mapping[str, Mapping[str, Any]]) -> Json:
    return dict(_linked(definition, reads, forms))


def _linked(
    definition: Mapping[str, Any], reads: Mapping[str, Any], forms: Mapping[str, Mapping[str, Any]]
) -> Iterator[tuple[str, Json]]:
    for one in definition["fields"]:
        inner = reads.get(one["key"])
        target = FIELD_TYPES[one["type"]].target(one)
        if one["type"] == "select_data" and target is not None:
            yield one["key"], {"form": target, "links": {}}
        elif inner and target in forms and not one.get("multiple"):
            yield one["key"], {"form": target, "links": _links(forms[str(target)], inner, forms)}
