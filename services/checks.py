"""What is wrong with a definition: its shape by its schema, then what its own room says about it among the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from engine.definitions import KINDS, check
from engine.problems import Problem, did_you_mean
from store import definitions
from store.database import Session

Document = Mapping[str, Any]
Known = Mapping[str, Mapping[str, Document]]


def known(session: Session) -> dict[str, dict[str, Document]]:
    """Return every published document by kind and key: what a definition may refer to."""
    found: dict[str, dict[str, Document]] = {kind: {} for kind in KINDS}
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
    return [
        problem.under(f"$.definitions[{place}]")
        for place, document in enumerate(documents)
        for problem in problems_of(str(document.get("kind")), document, among)
    ]


def problems_of(kind: str, document: Any, among: Known) -> list[Problem]:
    """Return everything that is wrong with *document* as a definition of *kind* among the published ones."""
    if kind not in KINDS:
        near = did_you_mean(kind, KINDS)
        hint, hint_en = (f"是否想用“{near}”?", f"did you mean “{near}”?") if near else ("", "")
        return [
            Problem("$.kind", f"没有名为“{kind}”的定义种类", hint, f"no kind of definition is called “{kind}”", hint_en)
        ]
    problems = check(kind, document)
    return problems or _ROOMS.get(kind, _nothing_more)(document, among)


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
    return found


def _trigger(document: Document, among: Known) -> list[Problem]:
    problems = _refers(document, "form", "form", among) + _refers(document, "start", "workflow", among)
    problems += _refers(document, "workflow", "workflow", among) + _refers(document, "rule", "rule", among)
    for place, rule in enumerate(document.get("evaluate", ())):
        problems += _missing("rule", str(rule), f"$.evaluate[{place}]", among)
    return problems


def _mapping(document: Document, among: Known) -> list[Problem]:
    return _refers(document, "into", "form", among)


_ROOMS: dict[str, Callable[[Document, Known], list[Problem]]] = {
    "form": _form,
    "rule": _rule,
    "workflow": _workflow,
    "trigger": _trigger,
    "mapping": _mapping,
    "role": _role,
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
