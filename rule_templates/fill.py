"""Fill the places of a pack with the inputs that the installing person gave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.definitions import problems_in
from engine.problems import DefinitionError, Problem, did_you_mean

PLACE = "$input"
TEXT = "$text"
FORMS = ("value", "text", "expression")


def defaults(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the default of each input that has one; *inputs* is the pack's JSON Schema of them."""
    return {
        name: schema["default"]
        for name, schema in inputs.get("properties", {}).items()
        if isinstance(schema, Mapping) and "default" in schema
    }


def given(inputs: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the *values* with defaults filled in.

    Raises:
        DefinitionError: a value does not fit the pack's schema, is missing or unknown.
    """
    if not inputs:
        inputs = {"type": "object", "properties": {}}
    filled = defaults(inputs) | dict(values)
    problems = problems_in({**inputs, "additionalProperties": False}, filled, "$.inputs")
    if problems:
        raise DefinitionError(problems)
    return filled


def fill(document: Any, values: Mapping[str, Any]) -> Any:
    """Return *document* with every `{"$input": "name"}` replaced by the value of that input.

    `{"$input": "name", "as": "expression"}` writes the value as a literal of the expression language (20 → `20`,
    爆品 → `'爆品'`, a list → `('a', 'b')`), `"as": "text"` as plain text. `{"$text": ["available < ", {"$input": "n"}]}` puts
    a text together; inputs in it are written as expression literals unless they say otherwise.
    """
    if isinstance(document, Mapping):
        if TEXT in document:
            parts = [{"as": "expression", **part} if isinstance(part, Mapping) else part for part in document[TEXT]]
            return "".join(str(fill(part, values)) for part in parts)
        if PLACE in document:
            return _written(values.get(str(document[PLACE])), document.get("as", "value"))
        return {key: fill(value, values) for key, value in document.items()}
    if isinstance(document, list):
        return [fill(value, values) for value in document]
    return document


def places(document: Any, path: str = "$") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield each place of an input in *document* with its JSON path."""
    if isinstance(document, Mapping):
        if TEXT in document:
            yield path, document
        if PLACE in document:
            yield path, document
            return
        for key, value in document.items():
            yield from places(value, f"{path}.{key}")
    elif isinstance(document, list):
        for number, value in enumerate(document):
            yield from places(value, f"{path}[{number}]")


def place_problems(document: Any, inputs: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what is wrong with the places of *document*: unknown inputs, unknown keys, unknown forms of writing."""
    known = inputs.get("properties", {})
    for path, place in places(document):
        if TEXT in place:
            yield from _text_problems(place, path)
            continue
        name = place[PLACE]
        if not isinstance(name, str) or name not in known:
            near = did_you_mean(str(name), known)
            hint, hint_en = (f"是否想用“{near}”?", f"did you mean “{near}”?") if near else ("", "")
            yield Problem(path, f"没有名为“{name}”的输入项", hint, f"there is no input “{name}”", hint_en)
        for key in sorted(set(place) - {PLACE, "as"}):
            yield Problem(
                path, f"输入占位里不认识“{key}”", "只能有 $input 和 as", f"unknown key “{key}” in an input's place"
            )
        if place.get("as", "value") not in FORMS:
            shown = "、".join(FORMS)
            yield Problem(
                f"{path}.as", f"不认识写法“{place['as']}”", f"可用:{shown}", f"unknown form “{place['as']}”", shown
            )


def _text_problems(place: Mapping[str, Any], path: str) -> Iterator[Problem]:
    parts = place[TEXT]
    fine = isinstance(parts, list) and all(
        isinstance(part, str) or (isinstance(part, Mapping) and PLACE in part) for part in parts
    )
    if not fine or set(place) != {TEXT}:
        yield Problem(
            path,
            "$text 应为一组文字和输入占位",
            "",
            "$text should be a list of texts and places of inputs and stand alone",
        )


def _written(value: Any, form: str) -> Any:
    if form == "text":
        return "" if value is None else _plain(value)
    return literal(value) if form == "expression" else value


def _plain(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def literal(value: Any) -> str:
    """Return *value* as a literal of the expression language; quotes and backslashes in texts are escaped."""
    if value is None or isinstance(value, bool):
        return str(value)
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, list):
        return "(" + "".join(f"{literal(part)}, " for part in value).rstrip() + ")"
    text = str(value).replace("\\", "\\\\").replace("'", "\\'").replace("\n", " ")
    return f"'{text}'"
