"""What somebody may write of a record: the right fields, links to what they see, rows that stay in their scope."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.problems import DefinitionError, Problem, did_you_mean
from form_builder import FIELD_TYPES
from services.access import Access
from services.grants import READ, WRITE
from services.record_context import targets
from services.refusal import Refused, not_found


def refuse_unseen(access: Access | None, form: str, number: int, action: str = "view") -> None:
    """Refuse a record that somebody does not see (as one that is not there), or with which they may not do *action*."""
    if access is None or access.full:
        return
    access.require(form, "view")
    if not access.sees(form, number):
        raise not_found("记录", "record", f"{form} {number}")
    if action == "view":
        return
    access.require(form, action)
    if not access.sees(form, number, action):
        raise _out_of_scope(access, form)


def refuse_out_of_scope(access: Access | None, form: str, number: int, action: str) -> None:
    """Refuse a record that, as written, lies outside the rows in which *action* is allowed."""
    if access is not None and not access.full and not access.sees(form, number, action):
        raise _out_of_scope(access, form)


def _out_of_scope(access: Access, form: str) -> Refused:
    name = access.documents[form].get("name", form)
    return Refused(
        "forbidden",
        f"这条记录不在您可操作的“{name}”范围内",
        f"this record is outside of the rows of “{form}” that you may change",
    )


def write_problems(access: Access | None, form: str, values: Mapping[str, Any], action: str) -> list[Problem]:
    """Return a problem for each value that somebody may not write: a hidden field is one that is not there."""
    if access is None or access.full:
        return []
    known = access.forms[form]
    fields = {one["key"]: one for one in known["fields"]}
    problems = []
    for key, value in values.items():
        if key not in fields:
            if key in access.hidden(form):
                problems.append(unknown(key, fields))
            continue
        one = fields[key]
        if FIELD_TYPES[one["type"]].computed(one):
            continue
        if access.level(form, key, action) < WRITE:
            problems.append(_read_only(key, one))
        elif one["type"] == "sub_form":
            problems += _in_lines(access, form, one, value, action)
    return problems + _unseen_links(access, form, values, fields)


def unknown(key: str, fields: Mapping[str, Mapping[str, Any]], path: str = "") -> Problem:
    """Return what the validator says of a field that is not there."""
    labels = {one.get("label", name): name for name, one in fields.items()}
    near = labels.get(key) or did_you_mean(key, fields)
    hint, hint_en = (f"是否想用“{near}”?", f"did you mean “{near}”?") if near else ("", "")
    return Problem(f"$.{path}{key}", f"没有字段“{key}”", hint, f"there is no field “{key}”", hint_en)


def _read_only(key: str, one: Mapping[str, Any], path: str = "") -> Problem:
    label = one.get("label", key)
    label_en = one.get("label_en") or label
    hint, hint_en = "请找有权限的同事修改", "ask somebody who may"
    return Problem(f"$.{path}{key}", f"{label}:您只能查看", hint, f"{label_en}: you may only look at it", hint_en)


def _in_lines(access: Access, form: str, one: Mapping[str, Any], value: Any, action: str) -> list[Problem]:
    columns = {column["key"]: column for column in one["fields"]}
    problems = []
    for place, line in enumerate(value if isinstance(value, list) else ()):
        for key in line if isinstance(line, Mapping) else ():
            path, name = f"{one['key']}[{place}].", f"{one['key']}.{key}"
            if key not in columns and name in access.hidden(form):
                problems.append(unknown(key, columns, path))
            elif key in columns and access.level(form, name, action) == READ:
                problems.append(_read_only(key, columns[key], path))
    return problems


def _unseen_links(
    access: Access, form: str, values: Mapping[str, Any], fields: Mapping[str, Mapping[str, Any]]
) -> list[Problem]:
    """Return a problem, as for a code that does not exist, for each link to a record that is not seen."""
    problems = []
    for key, target in targets(access.documents[form]).items():
        value = values.get(key)
        codes = [str(code) for code in (value if isinstance(value, list) else [value]) if code]
        if key not in fields or not codes or access.where(target, "view") is None:
            continue
        unseen = [code for code in codes if code not in access.codes(target, codes)]
        if unseen:
            name, listed = access.documents[target].get("name", target), "、".join(unseen)
            label = fields[key].get("label", key)
            label_en = fields[key].get("label_en") or label
            problems.append(
                Problem(
                    f"$.{key}",
                    f"{label}:{name}里没有编码“{listed}”",
                    "先建立这条记录,或检查编码是否写对",
                    f"{label_en}: {target} has no record with the code “{listed}”",
                    "create the record first, or check the code",
                )
            )
    return problems


def veiled(access: Access | None, form: str, problems: list[Problem]) -> list[Problem]:
    """Return *problems* with those about hidden fields said without naming the field."""
    if access is None or access.full:
        return problems
    hidden = access.hidden(form)
    found: dict[Problem, None] = {}
    for problem in problems:
        key = problem.path.removeprefix("$.").split("[")[0].split(".")[0]
        told = Problem(
            "$",
            "您看不到的字段不符合要求,不能保存",
            "请找管理这张表单的同事",
            "a field that you do not see is not as it must be",
            "ask whoever looks after this form",
        )
        found[told if key in hidden else problem] = None
    return list(found)


def whole_for(
    access: Access, document: Mapping[str, Any], existing: Mapping[str, Any], values: Mapping[str, Any]
) -> dict[str, Any]:
    """Return *values* with the columns of sub-form lines that the writer does not see, taken from the lines of before.

    Lines keep their place: a line that is new has none.
    """
    hidden = access.hidden(document["key"])
    found = dict(values)
    for name in hidden:
        parent, dot, column = name.partition(".")
        if not dot or not isinstance(found.get(parent), list):
            continue
        before = existing.get(parent) or []
        found[parent] = [
            {**line, column: before[place].get(column)} if isinstance(line, dict) and place < len(before) else line
            for place, line in enumerate(found[parent])
        ]
    return found


def allowed(access: Access | None, form: str, values: Mapping[str, Any], action: str) -> None:
    """Refuse values that somebody may not write.

    Raises:
        Refused: they have no group with *action*.
        DefinitionError: a problem for each value.
    """
    if access is None:
        return
    access.require(form, action)
    problems = write_problems(access, form, values, action)
    if problems:
        raise DefinitionError(problems)
