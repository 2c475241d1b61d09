"""What publishing a changed form does to the records that are there: which values would not convert, what is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.problems import DefinitionError, Problem
from form_builder import FIELD_TYPES, RecordContext, Unreadable, columns
from services import publish
from services.audit import Entry
from services.audit import add as note
from services.record_context import World, form_of, forms_of
from services.refusal import not_found
from services.workspace import Workspace
from store import records, retype
from store.database import Session
from store.kinds import WIDENS

_EXAMPLES = 20
Form = Mapping[str, Any]


def preview(workspace: Workspace, *, form: str, definition: Form, user: str) -> dict[str, Any]:
    """Return `{changes: [{field, label, kind, from, to, rows, failing, examples}], safe, problems}`; nothing is changed.

    *kind* is added, removed or retyped; *failing* counts the records whose value would not convert, *examples* are
    `{id, value, rows, message, message_en}`.

    Raises:
        Refused: there is no such form.
    """
    problems = [problem.as_dict() for problem in publish.check(workspace, kind="form", definition=definition)]
    with workspace.read() as session:
        forms = forms_of(session)
        old = form_of(forms, form)
        if problems or records.state(session, form) is None:
            return {"changes": [], "safe": not problems, "problems": problems}
        context = World(session, workspace, forms, form, user).context()
        changes = list(_changes(session, old, definition, context))
    return {"changes": changes, "safe": not any(change["failing"] for change in changes), "problems": []}


def _changes(session: Session, old: Form, new: Form, context: RecordContext) -> Iterator[dict[str, Any]]:
    before = {one["key"]: one for one in old["fields"]}
    after = {one["key"]: one for one in new["fields"]}
    live = {column.name for column in _live(session, old["key"])}
    for key in [*before, *(key for key in after if key not in before)]:
        had, has = before.get(key), after.get(key)
        kind = "added" if had is None else "removed" if has is None else "retyped"
        if had and has and _same(had, has):
            continue
        values = retype.distinct(session, old["key"], key) if key in live and not _is_json(had) else []
        failing = list(_failing(values, has, context)) if has and had else []
        yield {
            "field": key,
            "label": (has or had or {}).get("label", key),
            "kind": kind,
            "from": had["type"] if had else None,
            "to": has["type"] if has else None,
            "rows": sum(count for _, count, _ in values),
            "failing": sum(one["rows"] for one in failing),
            "examples": failing[:_EXAMPLES],
        }


def _live(session: Session, form: str) -> tuple[Any, ...]:
    state = records.state(session, form)
    return state.live if state else ()


def _is_json(field: Form | None) -> bool:
    return field is not None and FIELD_TYPES[field["type"]].column(field) == "json"


_WORDS = {"label", "label_en", "help", "help_en", "placeholder", "default", "default_expression", "hidden"}


def _same(had: Form, has: Form) -> bool:
    """Say whether two versions of a field read values alike."""
    return {k: v for k, v in had.items() if k not in _WORDS} == {k: v for k, v in has.items() if k not in _WORDS}


def _failing(values: list[tuple[Any, int, int]], field: Form, context: RecordContext) -> Iterator[dict[str, Any]]:
    kind = FIELD_TYPES[field["type"]]
    if kind.computed(field):
        return
    for value, count, number in values:
        try:
            kind.read(_given(value, field), field, context)
        except Unreadable as error:
            problem = error.problems[0]
            yield {
                "id": number,
                "value": value,
                "rows": count,
                "message": problem.message,
                "message_en": problem.message_en or problem.message,
            }


def _given(value: Any, field: Form) -> Any:
    """Return a stored value as it is given to another type: a number as text where text is wanted."""
    text = FIELD_TYPES[field["type"]].column(field) == "text" and isinstance(value, int | float)
    return str(value) if text and not isinstance(value, bool) else value


def convert(session: Session, workspace: Workspace, form: Form) -> None:
    """Put the columns whose kind changes into their new kind, when every value converts.

    Raises:
        DefinitionError: values that do not convert, with examples; nothing has changed.
    """
    state = records.state(session, form["key"])
    if state is None:
        return
    had = {column.name: column.kind for column in state.live}
    fields = {one["key"]: one for one in form["fields"]}
    context = World(session, workspace, forms_of(session), form["key"], "system").context()
    problems = []
    for column in columns(form):
        old = had.get(column.name)
        if old in {None, column.kind, "json"} or column.kind == "json" or (old, column.kind) in WIDENS:
            continue
        values = retype.distinct(session, form["key"], column.name)
        failing = list(_failing(values, fields[column.name], context))
        if failing:
            problems.append(_problem(form, column.name, failing))
        elif values:
            read = FIELD_TYPES[fields[column.name]["type"]].read
            new = {v: read(_given(v, fields[column.name]), fields[column.name], context) for v, _, _ in values}
            retype.retype(session, form["key"], column.name, column.kind, new, now=workspace.clock())
    if problems:
        raise DefinitionError(problems)


def _problem(form: Form, key: str, failing: list[dict[str, Any]]) -> Problem:
    place = next(place for place, one in enumerate(form["fields"]) if one["key"] == key)
    count = sum(one["rows"] for one in failing)
    shown = "、".join(f"“{one['value']}”" for one in failing[:3])
    return Problem(
        f"$.fields[{place}].type",
        f"{count} 条记录的“{key}”不能转换,例如 {shown}",
        "先改正这些值,或另建一个字段",
        f"“{key}” of {count} records does not convert, such as {shown}",
        "put these values right first, or add another field",
    )


def removed(workspace: Workspace, *, form: str) -> list[dict[str, Any]]:
    """Return the fields that were removed and whose data is kept: `{field, kind, rows}`."""
    with workspace.read() as session:
        form_of(forms_of(session), form)
        if records.state(session, form) is None:
            return []
        return [{"field": key, "kind": kind, "rows": rows} for key, kind, rows in retype.removed(session, form)]


def purge(workspace: Workspace, *, form: str, field: str, user: str) -> dict[str, Any]:
    """Throw the data of a removed field away for good; return `{purged}`.

    Raises:
        Refused: no such field was removed.
    """
    with workspace.write() as session:
        form_of(forms_of(session), form)
        if records.state(session, form) is None or not retype.purge(session, form, field, now=workspace.clock()):
            raise not_found("已移除的字段", "removed field", field)
        note(
            session,
            Entry(
                at=workspace.clock(),
                actor=user,
                action="form.purged",
                kind="form",
                key=form,
                summary=f"清除已移除字段 {field} 的数据",
                summary_en=f"purged the data of the removed field {field}",
                after={"field": field},
            ),
        )
    return {"purged": field}
