"""Formulas as they are stored: names written by their labels become keys, so that renaming a label never breaks a rule."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from engine import expression
from engine.problems import DefinitionError
from form_builder import language_fields

Document = Mapping[str, Any]


def stored(rule: Document, forms: Mapping[str, Document]) -> dict[str, Any]:
    """Return a rule with the labels in its formulas written as keys; a formula in keys stays as it was typed."""
    if rule.get("over") not in forms:
        return dict(rule)
    return _block(rule, language_fields(forms[str(rule["over"])], forms))


def types_of(let: Mapping[str, str], names: Mapping[str, Any]) -> dict[str, Any]:
    """Return the types of the names in *let*; one that cannot be read is a number, so that only it is marked."""
    found: dict[str, Any] = {}
    for name, source in let.items():
        found[name] = {"type": "number", "label": name}
        with suppress(DefinitionError):
            typed, _ = expression.check(expression.parse(source), {**names, **found})
            found[name] = {"type": typed.type, "label": name}
    return found


def in_keys(source: str, names: Mapping[str, Any]) -> str:
    """Return *source* with keys for the labels in it; as it is where it has none, or cannot be read."""
    with suppress(DefinitionError):
        typed, problems = expression.check(expression.parse(source), names)
        in_words, kept = expression.print_source(typed.tree, language="en"), expression.stored_source(typed)
        if not problems and in_words != kept:
            return kept
    return source


def _block(block: Document, names: Mapping[str, Any]) -> dict[str, Any]:
    """Return a rule, or one of its `during` and `overrides`, in keys."""
    written: dict[str, Any] = dict(block)
    let: dict[str, str] = {}
    for name, source in block.get("let", {}).items():
        let[name] = in_keys(source, {**names, **types_of(let, names)})
    known = {**names, **types_of(let, names)}
    if let:
        written["let"] = let
    for part in ("where", "resolve_when"):
        if part in block:
            written[part] = in_keys(block[part], known)
    if "levels" in block:
        written["levels"] = [{**level, "when": in_keys(level["when"], known)} for level in block["levels"]]
    for part in ("during", "overrides"):
        if part in block:
            written[part] = [_block(inner, known) for inner in block[part]]
    return written
