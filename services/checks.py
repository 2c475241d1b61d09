"""What is wrong with a definition: its shape by its schema, then what its own room says about it among the others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from engine.alerting.durations import after
from engine.definitions import KINDS, check
from engine.problems import DefinitionError, Problem, did_you_mean
from store import definitions, settings
from store.database import Session

_ANY_DAY = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
Document = Mapping[str, Any]
Known = Mapping[str, Mapping[str, Document]]


def known(session: Session) -> dict[str, dict[str, Document]]:
    """Return every published document by kind and key: what a definition may refer to."""
    found: dict[str, dict[str, Document]] = {kind: {} for kind in KINDS}
    found["channel"] = {
        name.removeprefix("channel:"): value for name, value in settings.every(session, "channel:").items()
    }
    for state in definitions.every(session):
        if state.version and state.kind in found:
            found[state.kind][state.key] = state.document
    return found


def problems_among(documents: Sequence[Document], there: Known) -> list[Problem]:
    """Return the problems of all *documents*, each under `$.definitions[n]`; they may refer to each other and to what is *there*."""
    among = {kind: dict(keys) for kind, keys in there.items()}
    for document in documents:
        if document.get("kind") in among:
            among[str(document["kind"])][str(document.get("key"))] = document
    found: list[Problem] = []
    for forms in (True, False):  # a form that is wrong is no ground to look at the rest from
        for place, document in enumerate(documents):
            if (document.get("kind") == "form") is forms:
                problems = problems_of(str(document.get("kind")), document, among)
                found += [problem.under(f"$.definitions[{place}]") for problem in problems]
        if found:
            break
    return found


def problems_of(kind: str, document: Any, among: Known) -> list[Problem]:
    """Return everything that is wrong with *document* as a definition of *kind* among the published ones."""
    if kind not in KINDS:
        near = did_you_mean(kind, KINDS)
        hint, hint_en = (f"是否想用“{near}”?", f"did you mean “{near}”?") if near else ("", "")
        return [
            Problem("$.kind", f"没有名为“{kind}”的定义种类", hint, f"no kind of definition is called “{kind}”", hint_en)
        ]
    problems = check(kind, document)
    return problems or _schedule(document) + _ROOMS.get(kind, _nothing_more)(document, among)


def _schedule(document: Document) -> list[Problem]:
    """Return a problem for what would run more often than once a minute."""
    every = (document.get("schedule") or {}).get("every")
    if not every or after(_ANY_DAY, str(every)) - _ANY_DAY >= dt.timedelta(minutes=1):
        return []
    return [Problem("$.schedule.every", "最密每分钟一次", "写 PT1M 以上", "once a minute at most", "PT1M or longer")]


def _nothing_more(_document: Document, _among: Known) -> list[Problem]:
    return []


def _form(document: Document, among: Known) -> list[Problem]:
    from form_builder import check_form  # noqa: PLC0415 a login does not need the rooms
    from services import permission_checks  # noqa: PLC0415 as above

    return check_form(document, among["form"]) or permission_checks.of_form(document, among["form"], among["role"])


def _role(document: Document, among: Known) -> list[Problem]:
    from services import permission_checks  # noqa: PLC0415 as above

    return permission_checks.of_role(document, among["form"], among["role"])


def _rule(document: Document, among: Known) -> list[Problem]:
    from engine import alerting  # noqa: PLC0415 as above
    from services.snapshot import as_read  # noqa: PLC0415 as above
    from services.stored_formulas import stored  # noqa: PLC0415 as above

    forms = {key: as_read(form) for key, form in among["form"].items()}
    written = stored(document, among["form"])
    problems: list[Problem] = alerting.check_rule(written, forms, among["calendar"])
    problems += _refers(document, "route", "route", among)
    for place, action in enumerate(document.get("actions", ())):
        path = f"$.actions[{place}]"
        problems += _refers(action, "workflow", "workflow", among, path)
        if action.get("policy") not in {None, "default"}:
            problems += _refers(action, "policy", "policy", among, path)
    return problems


def _workflow(document: Document, among: Known) -> list[Problem]:
    import workflows  # noqa: PLC0415 as above
    from form_builder import language_fields  # noqa: PLC0415 as above

    problems = _refers(document, "form", "form", among)
    if problems:
        return problems
    form = among["form"].get(str(document.get("form")))
    fields = language_fields(form, among["form"]) if form else None
    found: list[Problem] = workflows.check_workflow(document, fields=fields, library=among["workflow"])
    return found + _nodes(document, form, among)


def _nodes(document: Document, form: Document | None, among: Known) -> list[Problem]:
    """Return what only the workspace knows of a workflow's nodes: forms, the form's own fields, addresses."""
    problems: list[Problem] = []
    fields = {field["key"] for field in form["fields"]} if form else None
    for name, node in document.get("nodes", {}).items():
        path = f"$.nodes.{name}"
        if node.get("type") in {"create_record", "update_record", "delete_record", "query_records"}:
            problems += _refers(node, "form", "form", among, path)
        for access in ("write", "read", "hide") if fields is not None else ():
            for place, key in enumerate(node.get(access, ())):
                problems += _unknown_field(str(key), fields or set(), f"{path}.{access}[{place}]")
        address = node.get("url")
        if isinstance(address, str) and not address.startswith(("http://", "https://")):
            problems.append(
                Problem(
                    f"{path}.url", "地址应以 https:// 或 http:// 开头", "", "an address begins with https:// or http://"
                )
            )
    return problems


def _unknown_field(key: str, fields: set[str], path: str) -> list[Problem]:
    if key.partition(".")[0] in fields or key == "*":
        return []
    near = did_you_mean(key, fields)
    hint, hint_en = (f"是否想用“{near}”?", f"did you mean “{near}”?") if near else ("", "")
    return [Problem(path, f"表单没有字段“{key}”", hint, f"the form has no field “{key}”", hint_en)]


def _route(document: Document, among: Known) -> list[Problem]:
    problems = _formula(document.get("match"), "$.match")
    for place, inner in enumerate(document.get("routes", ())):
        problems += [problem.under(f"$.routes[{place}]") for problem in _route(inner, among)]
    return problems


def _policy(document: Document, _among: Known) -> list[Problem]:
    from engine.replenishment import check_policy  # noqa: PLC0415 as above

    problems: list[Problem] = check_policy({key: value for key, value in document.items() if key != "kind"})
    return problems


def _dashboard(document: Document, among: Known) -> list[Problem]:
    from form_builder import language_fields  # noqa: PLC0415 as above

    problems: list[Problem] = []
    for place, widget in enumerate(document["widgets"]):
        path = f"$.widgets[{place}]"
        missing = _refers(widget, "form", "form", among, path)
        problems += missing
        form = among["form"].get(str(widget.get("form")))
        if form is None:
            continue
        fields = language_fields(form, among["form"])
        problems += _formula(widget.get("filter"), f"{path}.filter", fields, "boolean")
        problems += _formula(widget.get("measure"), f"{path}.measure", fields)
    return problems


def _formula(
    source: Any, path: str, fields: Mapping[str, Any] | None = None, result: str | None = None
) -> list[Problem]:
    """Return what is wrong with a formula; without *fields* only whether it can be read."""
    from engine import expression  # noqa: PLC0415 as above

    if source is None:
        return []
    try:
        tree = expression.parse(str(source))
    except DefinitionError as error:
        return [problem.under(path) for problem in error.problems]
    if fields is None:
        return []
    found: list[Problem] = expression.check(tree, fields, result=result)[1]
    return [problem.under(path) for problem in found]


def _trigger(document: Document, among: Known) -> list[Problem]:
    problems = _refers(document, "form", "form", among) + _refers(document, "start", "workflow", among)
    problems += _refers(document, "workflow", "workflow", among) + _refers(document, "rule", "rule", among)
    for place, rule in enumerate(document.get("evaluate", ())):
        problems += _missing("rule", str(rule), f"$.evaluate[{place}]", among)
    if document["on"] == "schedule" and not document.get("schedule"):
        problems.append(
            Problem("$.schedule", "没有写什么时候", "例如每天 8 点", "says no time", "such as every day at 8")
        )
    return problems or (_dated(document, among) if document["on"] == "date_field" else [])


def _dated(trigger: Document, among: Known) -> list[Problem]:
    """Return what is wrong with a trigger that waits for a day of a record: its form, or the field of the day."""
    form = among["form"].get(str(trigger.get("form")))
    if form is None:
        return [Problem("$.form", "要说明看哪张表单", "", "names no form")]
    days = {field["key"] for field in form["fields"] if field["type"] in {"date", "datetime"}}
    key = str(trigger.get("date_field", ""))
    if key in days:
        return []
    shown = "、".join(sorted(days)) or "–"
    message, message_en = f"表单“{form['name']}”没有日期字段“{key}”", f"the form has no date field “{key}”"
    return [Problem("$.date_field", message, f"可用:{shown}", message_en, f"known: {shown}")]


def _message(document: Document, among: Known) -> list[Problem]:
    from services import message_preview  # noqa: PLC0415 as above

    kinds = {key: str(value.get("type")) for key, value in among.get("channel", {}).items()}
    return message_preview.problems_of(document, kinds)


def _mapping(document: Document, among: Known) -> list[Problem]:
    return _refers(document, "into", "form", among)


_ROOMS: dict[str, Callable[[Document, Known], list[Problem]]] = {
    "form": _form,
    "rule": _rule,
    "workflow": _workflow,
    "route": _route,
    "policy": _policy,
    "dashboard": _dashboard,
    "trigger": _trigger,
    "mapping": _mapping,
    "role": _role,
    "message": _message,
}
_LABELS = {
    "form": ("表单", "form"),
    "rule": ("规则", "rule"),
    "workflow": ("工作流", "workflow"),
    "route": ("通知路由", "route"),
    "policy": ("补货策略", "policy"),
}


def _refers(document: Document, name: str, kind: str, among: Known, path: str = "$") -> list[Problem]:
    """Return a problem when the property *name* of *document* names a definition that is not there."""
    value = document.get(name)
    return _missing(kind, str(value), f"{path}.{name}", among) if value else []


def _missing(kind: str, key: str, path: str, among: Known) -> list[Problem]:
    if key in among[kind]:
        return []
    label, label_en = _LABELS[kind]
    near = did_you_mean(key, among[kind])
    hint, hint_en = (f"是否想用“{near}”?", f"did you mean “{near}”?") if near else ("", "")
    return [Problem(path, f"没有名为“{key}”的{label}", hint, f"no {label_en} is called “{key}”", hint_en)]
