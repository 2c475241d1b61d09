"""What a dashboard shows now: each widget's number, groups or rows, as far as somebody sees them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from engine import expression
from engine.expression import Context, TypedTree
from engine.problems import BeihuoError, DefinitionError
from form_builder import language_fields
from services import labels, question_rights, records, snapshot
from services.definitions import current
from services.refusal import Refused
from services.workspace import Workspace
from store import records as kept
from store.database import Session

Widget = Mapping[str, Any]
DAYS, GROUPS = 30, 200
# Widgets that the pages fill from lists of their own.
LISTS = {"alerts", "tasks", "todos", "text"}


def data(workspace: Workspace, *, key: str, user: str) -> dict[str, Any]:
    """Return `{widgets: {id: …}, at}` of a published dashboard.

    A number is `{value}`; groups are `{groups: [{key, label, value}]}`, by day in their order, else the largest first; rows are
    `{items, columns}`. A widget that cannot be worked out, or not by *user*, is `{problem, problem_en}`: the others stay.

    Raises:
        Refused: there is no such dashboard.
    """
    document = current(workspace, "dashboard", key)
    shown = {one["id"]: _widget(workspace, one, user) for one in document["widgets"] if one["type"] not in LISTS}
    return {"widgets": shown, "at": workspace.clock()}


def _widget(workspace: Workspace, widget: Widget, user: str) -> dict[str, Any]:
    try:
        if widget["type"] == "table":
            return _table(workspace, widget, user)
        sources = [str(widget[name]) for name in ("filter", "measure") if widget.get(name)]
        sources += [str(path) for path in widget.get("group_by", ())]
        question_rights.ask(workspace, user=user, over=str(widget["form"]), sources=sources)
        return _aggregate(workspace, widget)
    except DefinitionError as error:
        return {"problem": error.problems[0].message, "problem_en": error.problems[0].message_en}
    except Refused as error:
        return {"problem": error.message, "problem_en": error.message_en}
    except BeihuoError as error:
        zh, _, en = str(error).partition(" / ")
        return {"problem": zh, "problem_en": en or zh}


def _table(workspace: Workspace, widget: Widget, user: str) -> dict[str, Any]:
    asked = {name: widget[name] for name in ("filter", "sort") if widget.get(name)}
    found = records.list_(workspace, form=widget["form"], limit=min(widget.get("limit", 10), 50), user=user, **asked)
    return {"items": found["items"], "columns": list(widget.get("columns", ())), "total": found.get("total")}


def _aggregate(workspace: Workspace, widget: Widget) -> dict[str, Any]:
    """Go through the rows of the widget's form once: which count, into which group, with which value."""
    with workspace.read() as session:
        forms = snapshot.published(session, "form")
        form = forms[str(widget["form"])]
        names = language_fields(form, forms)
        where = _tree(widget.get("filter"), names, "boolean")
        measure = _tree(widget.get("measure"), names)
        path = next(iter(widget.get("group_by", ())), None)
        by = _tree(path, names)
        context = Context(now=workspace.clock(), zone=workspace.settings.timezone, lookup=_looked_up(session))
        groups: dict[Any, list[float]] = {}
        for row in _rows(session, workspace, form, widget):
            if where is None or where.run(row, context) is True:
                group = by.run(row, context) if by else None
                value = measure.run(row, context) if measure else 1.0
                if value is not None:
                    groups.setdefault(group, []).append(float(value))
        if by is None:
            return {"value": _folded(groups.get(None, []), widget)}
        return {"groups": _grouped(session, forms, form, str(path), groups, widget)}


def _tree(source: Any, names: Mapping[str, Any], result: str | None = None) -> TypedTree | None:
    if not source:
        return None
    typed, problems = expression.check(expression.parse(str(source)), names, result=result)
    if problems:
        raise DefinitionError(problems)
    return typed


def _looked_up(session: Session) -> Any:
    """Return what finds a record by its form and code, each once."""
    found: dict[tuple[str, str], Mapping[str, Any] | None] = {}

    def lookup(form: str, code: str) -> Mapping[str, Any] | None:
        if (form, code) not in found:
            record = kept.named(session, form, [code]).get(code)
            found[form, code] = record.values if record else None
        return found[form, code]

    return lookup


def _rows(session: Session, workspace: Workspace, form: Mapping[str, Any], widget: Widget) -> Iterator[dict[str, Any]]:
    if form.get("storage") == "facts":
        since = workspace.today() - dt.timedelta(days=int(widget.get("days", DAYS)))
        table = workspace.facts(str(form["key"])).read(since=since)
        for batch in table.to_batches(max_chunksize=20_000):
            yield from batch.to_pylist()
    else:
        yield from kept.arrow(session, str(form["key"])).to_pylist()


def _folded(values: list[float], widget: Widget) -> float | None:
    fold = widget.get("aggregate", "count")
    if fold == "count":
        return float(len(values))
    if fold == "sum":
        return sum(values)
    if not values:
        return None
    return {"average": sum(values) / len(values), "min": min(values), "max": max(values)}[fold]


def _grouped(
    session: Session,
    forms: Mapping[str, Mapping[str, Any]],
    form: Mapping[str, Any],
    path: str,
    groups: Mapping[Any, list[float]],
    widget: Widget,
) -> list[dict[str, Any]]:
    """Return the groups with their labels: options and linked records by what people call them."""
    told = _labels(session, forms, form, path, [str(one) for one in groups if one is not None])
    made: list[dict[str, Any]] = [
        {
            "key": None if one is None else str(one),
            "label": told.get(str(one), "" if one is None else str(one)),
            "value": _folded(values, widget),
        }
        for one, values in groups.items()
    ]
    if any(isinstance(one, dt.date) for one in groups):
        return sorted(made, key=lambda one: one["key"] or "")[-GROUPS:]
    return sorted(made, key=lambda one: -(one["value"] or 0))[: min(int(widget.get("limit", GROUPS)), GROUPS)]


def _labels(
    session: Session,
    forms: Mapping[str, Mapping[str, Any]],
    form: Mapping[str, Any],
    path: str,
    values: list[str],
) -> dict[str, str]:
    field = next((one for one in form["fields"] if one["key"] == path), None)
    if field is None:
        return {}
    options = {str(one["value"]): str(one["label"]) for one in field.get("options", ()) if isinstance(one, Mapping)}
    target = next((one.get("form") for one in snapshot.as_read(form)["fields"] if one["key"] == path), None)
    return options or (labels.of_codes(session, forms, str(target), values) if target in forms else {})
