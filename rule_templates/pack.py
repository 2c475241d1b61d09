"""A template pack: read from a file, checked whole, its parts by name."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.definitions import check, schema_problems
from engine.problems import DefinitionError, Problem, did_you_mean
from rule_templates.fill import defaults, fill, given, place_problems
from rule_templates.secrets import secrets_in

MAX_BYTES = 5_000_000
MAX_DEPTH = 200
SYSTEM_ROLES = frozenset({"admin", "designer", "operator", "viewer", "everyone"})


@dataclass(frozen=True)
class Pack:
    """A pack whose shape was found good.

    Args:
        document: the whole pack, as in its file.
    """

    document: Mapping[str, Any]

    @property
    def about(self) -> Mapping[str, Any]:
        """Key, name, version, licence, requirements and words about it."""
        about: Mapping[str, Any] = self.document["about"]
        return about

    @property
    def key(self) -> str:
        """The pack's key."""
        return str(self.about["key"])

    @property
    def version(self) -> str:
        """The pack's version."""
        return str(self.about["version"])

    @property
    def inputs(self) -> Mapping[str, Any]:
        """The JSON Schema of what the installing person fills in; empty when there is nothing to fill in."""
        inputs: Mapping[str, Any] = self.document.get("inputs", {})
        return inputs

    @property
    def requires(self) -> Mapping[str, str]:
        """The packs that must be there, with the versions that will do."""
        requires: Mapping[str, str] = self.about.get("requires", {})
        return requires

    def definitions(self, inputs: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """Return the definitions with *inputs* (and defaults) filled in.

        Raises:
            DefinitionError: the inputs do not fit.
        """
        values = given(self.inputs, inputs or {})
        return [fill(definition, values) for definition in self.document["definitions"]]


def read_pack(source: Mapping[str, Any] | str | bytes | Path) -> Pack:
    """Read a pack: a document, its JSON text, or the path of its file.

    Raises:
        DefinitionError: everything that is wrong with it.
    """
    document = source if isinstance(source, Mapping) else _parsed(source)
    problems = check("pack", document) or list(_problems(document))
    if problems:
        raise DefinitionError(problems)
    return Pack(document)


def _parsed(source: str | bytes | Path) -> Any:
    if isinstance(source, Path):
        if source.stat().st_size > MAX_BYTES:
            raise _refused(
                f"模板包超过 {MAX_BYTES // 1_000_000} MB", f"the pack is larger than {MAX_BYTES // 1_000_000} MB"
            )
        source = source.read_bytes()
    if len(source) > MAX_BYTES:
        raise _refused(
            f"模板包超过 {MAX_BYTES // 1_000_000} MB", f"the pack is larger than {MAX_BYTES // 1_000_000} MB"
        )
    try:
        text = source.decode("utf-8-sig") if isinstance(source, bytes) else source
        return json.loads(text, parse_constant=_no_constant, object_pairs_hook=_no_repeats)
    except UnicodeDecodeError:
        raise _refused("模板包不是 UTF-8 文本", "the pack is not UTF-8 text") from None
    except RecursionError:
        raise _refused("模板包嵌套太深", "the pack is nested too deep") from None
    except json.JSONDecodeError as error:
        place = f"第 {error.lineno} 行第 {error.colno} 列"
        raise _refused(
            f"不是有效的 JSON({place})", f"is not valid JSON (line {error.lineno}, column {error.colno})"
        ) from None
    except ValueError as error:
        raise _refused(f"不是有效的 JSON:{error}", f"is not valid JSON: {error}") from None


def _no_constant(constant: str) -> None:
    raise ValueError(constant)


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"“{key}” ×2")
        found[key] = value
    return found


def _refused(message: str, message_en: str) -> DefinitionError:
    return DefinitionError([Problem("$", message, "", message_en)])


def _problems(document: Mapping[str, Any]) -> Iterator[Problem]:
    inputs = document.get("inputs", {})
    if inputs:
        yield from schema_problems(inputs, "$.inputs")
    for name in inputs.get("required", ()):
        if name not in inputs["properties"]:
            yield Problem("$.inputs.required", f"没有名为“{name}”的输入项", "", f"there is no input “{name}”")
    yield from place_problems(document, inputs)
    yield from secrets_in(document)
    yield from _untested(document)
    seen: dict[tuple[str, str], int] = {}
    for place, definition in enumerate(document["definitions"]):
        path = f"$.definitions[{place}]"
        name = (definition["kind"], definition["key"])
        if name in seen:
            word = f"{definition['kind']} “{definition['key']}”"
            yield Problem(path, f"{word} 出现两次(与第 {seen[name] + 1} 个定义)", "", f"{word} stands twice")
        seen.setdefault(name, place)
        filled = fill(definition, _examples(inputs))
        yield from (problem.under(path) for problem in check(definition["kind"], filled))
        if definition["kind"] == "role":
            yield from _privileges(definition, path)


def _privileges(role: Mapping[str, Any], path: str) -> Iterator[Problem]:
    """Yield a problem for each way in which a role would make somebody more than they are: packs bring roles, not power."""
    hint, hint_en = "安装后由管理员分配", "an administrator gives them out after the installation"
    if role["key"] in SYSTEM_ROLES:
        yield Problem(
            f"{path}.key",
            f"“{role['key']}”是系统角色",
            "换一个键",
            f"“{role['key']}” is a system role",
            "use another key",
        )
    for name in ("members", "can"):
        if role.get(name):
            message, message_en = f"模板包里的角色不能有 {name}", f"a role of a pack has no {name}"
            yield Problem(f"{path}.{name}", message, hint, message_en, hint_en)
    for place, other in enumerate(role.get("includes", ())):
        if other in SYSTEM_ROLES:
            message, message_en = (
                f"模板包里的角色不能包含系统角色“{other}”",
                f"a role of a pack cannot include “{other}”",
            )
            yield Problem(f"{path}.includes[{place}]", message, hint, message_en, hint_en)


def _untested(document: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield a problem for each test that names a rule or workflow which the pack does not have."""
    there: dict[str, set[str]] = {"rule": set(), "workflow": set()}
    for definition in document["definitions"]:
        if definition["kind"] in there:
            there[definition["kind"]].add(definition["key"])
    for number, test in enumerate(document.get("tests", ())):
        path, expect = f"$.tests[{number}]", test["expect"]
        named = [("rule", key, f"{path}.rules[{place}]") for place, key in enumerate(test.get("rules", ()))]
        named += [
            ("rule", one["rule"], f"{path}.expect.alerts[{place}].rule")
            for place, one in enumerate(expect.get("alerts", ()))
        ]
        named += [
            ("workflow", one["workflow"], f"{path}.expect.approvals[{place}].workflow")
            for place, one in enumerate(expect.get("approvals", ()))
        ]
        for kind, key, where in named:
            if key not in there[kind]:
                near = did_you_mean(key, there[kind])
                hint, hint_en = (f"是否想用“{near}”?", f"did you mean “{near}”?") if near else ("", "")
                word = {"rule": "规则", "workflow": "流程"}[kind]
                yield Problem(where, f"包里没有{word}“{key}”", hint, f"the pack has no {kind} “{key}”", hint_en)


def _examples(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return a value for each input, so that the shape of definitions can be checked before anybody filled them in."""
    samples: dict[str, Any] = {"number": 1, "integer": 1, "string": "x", "boolean": True, "array": [], "object": {}}
    found = {}
    for name, schema in inputs.get("properties", {}).items():
        if isinstance(schema, Mapping):
            choices = schema.get("enum") or [samples.get(str(schema.get("type")))]
            found[name] = choices[0]
    return found | defaults(inputs)
