"""Expressions as the editor asks for them: their type and problems, their value for a record, their conditions as groups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine import alerting, expression
from engine.problems import DefinitionError, Problem
from form_builder import language_fields
from services import form_draft, one_record, question_rights
from services.access import Access
from services.refusal import not_found
from services.snapshot import Snapshot
from services.stored_formulas import types_of
from services.workspace import Workspace
from store import definitions

VALUE = "the_value"


def check(
    workspace: Workspace,
    *,
    source: str,
    form: str | None,
    result: str | None = None,
    let: Mapping[str, str] | None = None,
    draft: Mapping[str, Any] | None = None,
    user: str = "",
) -> dict[str, Any]:
    """Return the expression's type, all that is wrong with it, how it is stored, its tree for the browser, its conditions as groups.

    Args:
        workspace: whose forms.
        source: the text as typed.
        form: the form over which it is; None: no names but those in *let*.
        result: the type that it must have (`boolean`).
        let: names defined before it, in order, by their own sources.
        draft: a form that is being drawn, in the place of a published one.
        user: who asks; a field that is hidden from them is not there.

    Raises:
        Refused: there is no such form.
    """
    with workspace.read() as session:
        known = forms_known(Access(session, workspace, user))
        names = fields_of(known, form) if draft is None else form_draft.names(draft, known)
    names |= types_of(let or {}, names)
    try:
        tree = expression.parse(source)
        typed, problems = expression.check(tree, names, result=result)
    except DefinitionError as error:
        return {
            "type": None,
            "problems": [_shown(p) for p in error.problems],
            "tree": None,
            "groups": None,
            "stored": source,
            "sentence": "",
            "sentence_en": "",
        }
    good = not problems
    return {
        "type": typed.type,
        "problems": [_shown(problem) for problem in problems],
        "tree": expression.to_json(typed) if good else None,
        "groups": expression.to_groups(typed),
        "stored": expression.stored_source(typed) if good else source,
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
    user: str = "",
) -> dict[str, Any]:
    """Return the value of an expression for a record (given, or found by its keys), with what it was worked out from.

    What cannot be worked out is no error: its value is null, with the reason, or with the problems of the text.

    Raises:
        Refused: there is no such form or record.
    """
    told = check(workspace, source=source, form=form, let=let, user=user)
    if told["problems"]:
        return {"value": None, "values": {}, "reason": "", "reason_en": "", "problems": told["problems"]}
    rule = {
        "key": "value",
        "name": source,
        "over": form,
        "let": {**(let or {}), VALUE: source},
        # Null where the value is, so that the engine says which input is empty.
        "levels": [{"level": "info", "when": f"{VALUE} == {VALUE}"}],
    }
    texts = {name: str(value) for name, value in (keys or {}).items()}
    sources = [source, *(let or {}).values()]
    question_rights.ask(workspace, user=user, over=form, sources=sources, whole=False)
    if texts:
        question_rights.ask_about_keys(workspace, user=user, form=form, keys=texts)
    try:
        taken = one_record.of_draft(workspace, rule, keys=texts, record=record)
        found = _explained(workspace, rule, taken, texts or one_record.keys_of(taken.forms[form], record or {}))
    except DefinitionError as error:
        return {
            "value": None,
            "values": {},
            "reason": "",
            "reason_en": "",
            "problems": [_shown(p) for p in error.problems],
        }
    values = dict(found["values"])
    value = values.pop(VALUE, None)
    return {
        "value": value,
        "values": values,
        "reason": found["reason"],
        "reason_en": found["reason_en"],
        "sentence": told["sentence"],
        "sentence_en": told["sentence_en"],
        "problems": [],
    }


def _explained(
    workspace: Workspace, rule: Mapping[str, Any], taken: Snapshot, keys: Mapping[str, str]
) -> dict[str, Any]:
    answer = alerting.explain(
        rule, keys, taken.tables, now=workspace.clock(), forms=taken.forms, calendars=taken.calendars
    )
    first: dict[str, Any] = answer["conditions"][0]
    return first


def from_groups(groups: Mapping[str, Any]) -> dict[str, Any]:
    """Return the source of a group of conditions.

    Raises:
        DefinitionError: the groups cannot be read.
    """
    return {"source": expression.from_groups(groups)}


def fields(
    workspace: Workspace, *, form: str, draft: Mapping[str, Any] | None = None, user: str = ""
) -> list[dict[str, Any]]:
    """Return every path that an expression over *form* may use: path, label, type and group, links two deep.

    With *draft*, a form that is being drawn takes the place of the published one.

    Raises:
        Refused: there is no such form.
    """
    with workspace.read() as session:
        known = forms_known(Access(session, workspace, user))
        names = fields_of(known, form) if draft is None else form_draft.names(draft, known)
        state = definitions.get(session, "form", form)
    own = str(draft.get("name", form)) if draft else state.name if state else form
    return list(_paths(names, "", "", own, 2))


def forms_known(access: Access) -> dict[str, Any]:
    """Return the forms that run, as the asker knows them."""
    runs = form_draft.published(access.session)
    return {key: document for key, document in access.forms.items() if key in runs}


def fields_of(forms: Mapping[str, Any], form: str | None) -> dict[str, Any]:
    """Return the names that an expression over *form* may use, as `engine.expression.check` takes them."""
    if form is None:
        return {}
    if form not in forms:
        raise not_found("表单", "form", form)
    return language_fields(forms[form], forms)


def logic(
    workspace: Workspace, *, form: str = "", draft: Mapping[str, Any] | None = None, user: str = ""
) -> dict[str, Any]:
    """Return the logic of a published form, or of one that is being drawn, as the browser runs it.

    What is worked out of fields that are hidden from *user* is left out: only the server knows it.

    Raises:
        Refused: there is no such form.
    """
    with workspace.read() as session:
        forms = forms_known(Access(session, workspace, user))
    if draft is None and form not in forms:
        raise not_found("表单", "form", form)
    return form_draft.logic(draft or forms[form], forms)


def _shown(problem: Problem) -> dict[str, Any]:
    data = problem.as_dict()
    if problem.at is not None:
        data |= {"start": problem.at[0], "end": problem.at[0] + problem.at[1]}
    return data


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
