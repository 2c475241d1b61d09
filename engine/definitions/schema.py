"""Values against JSON Schema 2020-12: every problem at once, patterns by RE2, nothing ever fetched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import re2
import referencing
from jsonschema import Draft202012Validator, SchemaError, ValidationError, validators

from engine.definitions.document import child, json_problems
from engine.definitions.formats import FORMATS
from engine.definitions.wording import missing, told, unknown_key
from engine.problems import Problem

MAX_REFERENCES = 1_000
_FORBIDDEN = ("$id", "$anchor", "$dynamicRef", "$dynamicAnchor", "$recursiveRef", "$vocabulary")


@lru_cache(maxsize=2_048)
def _compiled(pattern: str) -> Any:
    return re2.compile(pattern)


def _pattern(validator: Any, pattern: str, value: Any, schema: Any) -> Iterator[ValidationError]:  # noqa: ARG001 jsonschema's signature
    if isinstance(value, str) and _compiled(pattern).search(value) is None:
        yield ValidationError("pattern")


def _format(validator: Any, name: str, value: Any, schema: Any) -> Iterator[ValidationError]:  # noqa: ARG001 jsonschema's signature
    reads = FORMATS.get(name)
    if reads is not None and isinstance(value, str) and not reads(value):
        yield ValidationError("format")


def _pattern_properties(validator: Any, patterns: Any, value: Any, schema: Any) -> Iterator[ValidationError]:  # noqa: ARG001 jsonschema's signature
    if isinstance(value, dict):
        for pattern, inner in patterns.items():
            for key, item in value.items():
                if _compiled(pattern).search(key):
                    yield from validator.descend(item, inner, path=key, schema_path=pattern)


def _additional(validator: Any, extra: Any, value: Any, schema: Any) -> Iterator[ValidationError]:
    if not isinstance(value, dict):
        return
    known = schema.get("properties", {})
    patterns = schema.get("patternProperties", {})
    for key, item in value.items():
        if key in known or any(_compiled(pattern).search(key) for pattern in patterns):
            continue
        if extra is False:
            yield ValidationError("additionalProperties", instance=key, validator_value=list(known))
        elif isinstance(extra, dict):
            yield from validator.descend(item, extra, path=key)


def _required(validator: Any, keys: list[str], value: Any, schema: Any) -> Iterator[ValidationError]:  # noqa: ARG001 jsonschema's signature
    if isinstance(value, dict):
        for key in keys:
            if key not in value:
                yield ValidationError("required", instance=key)


_Validator: Any = validators.extend(  # type: ignore[no-untyped-call]  # jsonschema leaves it untyped
    Draft202012Validator,
    {
        "pattern": _pattern,
        "format": _format,
        "patternProperties": _pattern_properties,
        "additionalProperties": _additional,
        "required": _required,
    },
)


def problems_in(schema: Mapping[str, Any], value: Any, path: str = "$") -> list[Problem]:
    """Return everything that is wrong with *value* under *schema*, in the order of the document.

    Args:
        schema: a JSON Schema 2020-12 of ours or of a plug-in; `$ref` only to its own `#/$defs/…`.
        value: JSON data.
        path: where *value* stands in its document.
    """
    outer = json_problems(value, path)
    if outer:
        return outer
    validator = _Validator(schema, registry=referencing.Registry())
    problems: list[Problem] = []
    for error in sorted(validator.iter_errors(value), key=_place):
        problems.extend(_told(error, path))
    return list(dict.fromkeys(problems))


def _place(error: ValidationError) -> tuple[tuple[int, int, str], ...]:
    # By place in the document; the keys of one object in the order of the alphabet, a list by number.
    return tuple((0, part, "") if isinstance(part, int) else (1, 0, part) for part in error.absolute_path)


def _told(error: Any, path: str) -> list[Problem]:
    where = path
    for part in error.absolute_path:
        where = child(where, part)
    if error.validator == "required":
        return [missing(str(error.instance), where)]
    if error.validator == "additionalProperties":
        return [unknown_key(str(error.instance), list(error.validator_value), where)]
    return told(error, where)


def schema_problems(schema: Any, path: str = "$") -> list[Problem]:
    """Return what is wrong with *schema* itself, as a pack or a plug-in brings it.

    Only `#/$defs/…` may be referred to; cycles and more than 1,000 expanded references are refused.
    """
    problems = json_problems(schema, path)
    if problems or not isinstance(schema, dict):
        return problems or [Problem(path, "应为 object", "", "should be object")]
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        where = path
        for part in error.absolute_path:
            where = child(where, part)
        return [Problem(where, "不是合法的 JSON Schema", "", f"not a JSON Schema: {error.message}")]
    return _references(schema, path)


def _references(schema: dict[str, Any], path: str) -> list[Problem]:
    problems: list[Problem] = []
    count = 0
    waiting: list[tuple[Any, str, tuple[str, ...]]] = [(schema, path, ())]
    while waiting:
        value, where, behind = waiting.pop()
        if isinstance(value, list):
            waiting.extend((item, child(where, number), behind) for number, item in enumerate(value))
        if not isinstance(value, dict):
            continue
        problems.extend(
            Problem(where, f"不允许 {word}", "", f"{word} is not allowed") for word in _FORBIDDEN if word in value
        )
        pattern = value.get("pattern")
        if isinstance(pattern, str) and not FORMATS["regex"](pattern):
            problems.append(Problem(child(where, "pattern"), "RE2 不认识这个模式", "", "RE2 cannot read this pattern"))
        waiting.extend((item, child(where, key), behind) for key, item in value.items() if key != "$defs" or behind)
        target = value.get("$ref")
        if not isinstance(target, str):
            continue
        count += 1
        name = target.removeprefix("#/$defs/")
        if not target.startswith("#/$defs/") or name not in schema.get("$defs", {}):
            problems.append(Problem(where, f"$ref 找不到 {target}", "只能用 #/$defs/…", f"{target} is not in #/$defs"))
        elif name in behind:
            problems.append(Problem(where, f"{target} 引用了自己", "", f"{target} refers to itself"))
        elif count > MAX_REFERENCES:
            return [*problems, Problem(path, "引用太多", "", f"more than {MAX_REFERENCES} references")]
        else:
            waiting.append((schema["$defs"][name], where, (*behind, name)))
    return problems
