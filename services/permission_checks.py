"""What is wrong with the groups of a form or of a role: forms, fields and row scopes that are not there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.expression import check, parse
from engine.problems import DefinitionError, Problem, did_you_mean
from form_builder import language_fields
from services.hidden_fields import keys_of
from services.scope_words import SYSTEM_FIELDS, filled

Documents = Mapping[str, Mapping[str, Any]]
_WORDS: Mapping[str, str | list[str]] = {
    "me": "",
    "my_department": "",
    "my_departments": [""],
    "my_people": [""],
}


def of_form(form: Mapping[str, Any], forms: Documents, roles: Mapping[str, Any]) -> list[Problem]:
    """Return what is wrong with a form's own groups; *roles* are the defined ones."""
    known = {*roles, "everyone", "admin", "designer", "operator", "viewer"}
    problems = []
    for place, entry in enumerate(form.get("permissions", ())):
        path = f"$.permissions[{place}]"
        if entry["role"] not in known:
            problems.append(_unknown(f"{path}.role", entry["role"], known, ("角色", "role")))
        problems += _entry(entry, path, form, {**forms, form["key"]: form})
    return problems


def of_role(role: Mapping[str, Any], forms: Documents, roles: Mapping[str, Any]) -> list[Problem]:
    """Return what is wrong with a role: what it includes, and its groups on forms."""
    problems = [
        _unknown(f"$.includes[{place}]", key, roles, ("角色", "role"))
        for place, key in enumerate(role.get("includes", ()))
        if key not in roles
    ]
    for place, entry in enumerate(role.get("permissions", ())):
        path = f"$.permissions[{place}]"
        if entry["form"] == "*":
            if entry.get("rows") or set(entry.get("fields", ())) - {"*"}:
                problems.append(_of_all(path))
        elif entry["form"] not in forms:
            problems.append(_unknown(f"{path}.form", entry["form"], forms, ("表单", "form")))
        else:
            problems += _entry(entry, path, forms[entry["form"]], forms)
    return problems


def _entry(entry: Mapping[str, Any], path: str, form: Mapping[str, Any], forms: Documents) -> Iterator[Problem]:
    known = [*keys_of(form), "*"]
    for key in entry.get("fields", ()):
        if key not in known:
            yield _unknown(f"{path}.fields.{key}", key, known, ("字段", "field"))
    if not entry.get("rows"):
        return
    if form.get("storage") == "facts":
        yield Problem(
            f"{path}.rows",
            "按天存放的表不能按行授权",
            "去掉行范围,或按字段授权",
            "facts are not granted row by row",
            "leave the rows out, or grant by field",
        )
        return
    fields = {**SYSTEM_FIELDS, **language_fields(form, forms)}
    try:
        _, problems = check(filled(parse(entry["rows"]), _WORDS, fields), fields, result="boolean")
    except DefinitionError as error:
        problems = list(error.problems)
    yield from (problem.under(f"{path}.rows") for problem in problems)


def _of_all(path: str) -> Problem:
    return Problem(
        path,
        "对所有表单(*)授权时不能写行范围或单个字段",
        "为这张表单单独写一组",
        "a group for all forms (*) has no rows and no single fields",
        "write a group for that form",
    )


def _unknown(path: str, name: str, known: Any, words: tuple[str, str]) -> Problem:
    near = did_you_mean(name, known)
    hint, hint_en = (f"是否想用“{near}”?", f"did you mean “{near}”?") if near else ("", "")
    return Problem(path, f"没有{words[0]}“{name}”", hint, f"there is no {words[1]} “{name}”", hint_en)
