"""Expressions as the editor asks for them: their type and problems, their value for a record, their conditions as groups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine import expression
from engine.expression import Context
from engine.problems import DefinitionError, Problem
from form_builder import language_fields
from services.refusal import not_found
from services.workspace import Workspace
from store import definitions
from store import records as kept
from store.database import Session


def check(
    workspace: Workspace,
    *,
    source: str,
    form: str | None,
    result: str | None = None,
    let: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return the expression's type, everything that is wrong with it, its tree for the browser and its conditions as groups.

    Args:
        workspace: whose forms.
        source: the text as typed.
        form: the form over which it is; None: no names but those in *let*.
        result: the type that it must have (`boolean`).
        let: names defined before it, in order, by their own sources.

    Raises:
        Refused: there is no such form.
    """
    with workspace.read() as session:
        names = fields_of(session, form)
    names |= _named(let or {}, names)
    try:
        tree = expression.parse(source)
        typed, problems = expression.check(tree, names, result=result)
    except DefinitionError as error:
        return {
            "type": None,
            "problems": [_shown(p) for p in error.problems],
            "tree": None,
            "groups": None,
            "sentence": "",
            "sentence_en": "",
        }
    good = not problems
    return {
        "type": typed.type,
        "problems": [_shown(problem) for problem in problems],
        "tree": expression.to_json(typed) if good else None,
        "groups": expression.to_groups(tree),
        "sentence": expression.print_source(typed, language="zh"),
        "sentence_en": expression.print_source(typed, language="en"),
    }


def evaluate(
    workspace: Workspace,
    *,
    source: str,
    form: str,
    record: Mapping[str, Any] | None = None,
    keys: Mapping[str, Any] | None = None,
    let: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return the value of an expression for a record (given, or found by its keys), with the value of each part.

    Raises:
        DefinitionError: everything that is wrong with it.
        Refused: there is no such form or record.
    """
    with workspace.read() as session:
        names = fields_of(session, form)
        values = dict(record) if record is not None else _record(session, form, keys or {})
        values = _linked(session, names, values)
    context = Context(now=workspace.clock(), zone=workspace.settings.timezone)
    for name, text in (let or {}).items():
        typed, problems = expression.check(expression.parse(text), names)
        _refuse(problems)
        values[name] = expression.evaluate(typed, values, context)
        names[name] = {"type": typed.type}
    typed, problems = expression.check(expression.parse(source), names)
    _refuse(problems)
    told = expression.explain(typed, values, context)
    return {
        "value": expression.evaluate(typed, values, context),
        "explanation": told.as_dict(),
        "sentence": told.sentence("zh"),
        "sentence_en": told.sentence("en"),
    }


def from_groups(groups: Mapping[str, Any]) -> dict[str, Any]:
    """Return the source of a group of conditions.

    Raises:
        DefinitionError: the groups cannot be read.
    """
    return {"source": expression.from_groups(groups)}


def fields(workspace: Workspace, *, form: str) -> list[dict[str, Any]]:
    """Return every path that an expression over *form* may use: path, label, type and group, links two deep.

    Raises:
        Refused: there is no such form.
    """
    with workspace.read() as session:
        names = fields_of(session, form)
        state = definitions.get(session, "form", form)
    own = state.name if state else form
    return list(_paths(names, "", "", own, 2))


def fields_of(session: Session, form: str | None) -> dict[str, Any]:
    """Return the names that an expression over *form* may use, as `engine.expression.check` takes them."""
    forms = {state.key: state.document for state in definitions.every(session, "form") if state.runs}
    if form is None:
        return {}
    if form not in forms:
        raise not_found("表单", "form", form)
    return language_fields(forms[form], forms)


def _named(let: Mapping[str, str], names: Mapping[str, Any]) -> dict[str, Any]:
    """Return the types of the names in *let*; one that cannot be read is a number, so that only it is marked."""
    found: dict[str, Any] = {}
    for name, source in let.items():
        try:
            typed, _ = expression.check(expression.parse(source), {**names, **found})
            found[name] = {"type": typed.type, "label": name}
        except DefinitionError:
            found[name] = {"type": "number", "label": name}
    return found


def _shown(problem: Problem) -> dict[str, Any]:
    data = problem.as_dict()
    if problem.at is not None:
        data |= {"start": problem.at[0], "end": problem.at[0] + problem.at[1]}
    return data


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise DefinitionError(problems)


def _record(session: Session, form: str, keys: Mapping[str, Any]) -> dict[str, Any]:
    state = kept.state(session, form)
    columns = {column.name for column in state.live} if state else set()
    found = kept.find(session, form, **keys) if keys and set(keys) <= columns else None
    if found is None:
        raise not_found("记录", "record", " ".join(f"{name}={value}" for name, value in keys.items()) or "?")
    return dict(found.values)


def _linked(session: Session, names: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return *values* with the linked records in place of their codes, one link deep."""
    linked = dict(values)
    for name, field in names.items():
        code = values.get(name)
        if isinstance(field, Mapping) and field.get("type") == "link" and isinstance(code, str):
            target = kept.named(session, str(field["form"]), [code]).get(code)
            linked[name] = target.values if target else {"code": code}
    return linked


def _paths(names: Mapping[str, Any], path: str, label: str, group: str, depth: int) -> Any:
    for key, field in names.items():
        here = f"{path}{key}"
        name = f"{label}{field.get('label', key)}"
        kind = field.get("type", "text")
        if kind in {"facts", "link"} and field.get("fields") and depth > 0:
            if kind == "link":
                yield {"path": here, "label": name, "type": "text", "kind": kind, "group": group}
            yield from _paths(field["fields"], f"{here}.", f"{name}.", str(field.get("label", key)), depth - 1)
            continue
        option_list = field.get("options")
        extra = {"options": option_list} if option_list else {}
        yield {
            "path": here,
            "label": name,
            "label_en": field.get("label_en"),
            "type": expression.language_type(kind),
            "kind": kind,
            "group": group,
            **extra,
        }
