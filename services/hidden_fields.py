"""What a hidden field takes with it: the formulas that read it, in its own form and over links, and the rest of a form."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from typing import Any

from engine.expression import parse
from engine.problems import DefinitionError
from services.record_context import targets

Documents = Mapping[str, Mapping[str, Any]]
Hidden = Mapping[str, frozenset[str]]


def keys_of(form: Mapping[str, Any]) -> list[str]:
    """Return a form's fields, and the columns of its sub-forms as `lines.price`."""
    found = []
    for one in form["fields"]:
        found.append(one["key"])
        found += [f"{one['key']}.{column['key']}" for column in one.get("fields", ()) if one["type"] == "sub_form"]
    return found


def closure(forms: Documents, form: str, told: frozenset[str], elsewhere: Hidden) -> frozenset[str]:
    """Return the fields of *form* that are hidden when *told* are: with every formula that reads one, however far.

    Args:
        forms: every form, whole.
        form: which one.
        told: what is hidden by itself.
        elsewhere: what is hidden in the other forms.
    """
    formulas = [(key, source) for key, source in _formulas(forms[form]) if key not in told]
    found = set(told)
    while True:
        seen: dict[str, Any] = {**elsewhere, form: found}
        more = {
            key
            for key, source in formulas
            if key not in found and any(key_ in seen.get(form_, ()) for form_, key_ in reads(forms, form, key, source))
        }
        if not more:
            return frozenset(found)
        found |= more


def _formulas(form: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for one in form["fields"]:
        if one["type"] == "formula" and one.get("expression"):
            yield one["key"], one["expression"]
        if one["type"] == "sub_form":
            for column in one["fields"]:
                if column["type"] == "formula" and column.get("expression"):
                    yield f"{one['key']}.{column['key']}", column["expression"]


@functools.lru_cache(maxsize=4096)
def _names(source: str) -> tuple[tuple[str, ...], ...]:
    try:
        return parse(source).names()
    except DefinitionError:
        return ()


def reads(forms: Documents, form: str, key: str, source: str) -> Iterator[tuple[str, str]]:
    """Yield (form, field) of all that a formula reads; a name that may mean several fields means all of them."""
    names = _names(source)
    others = {parts[0] for parts in names if parts[0] in forms}
    parent = key.partition(".")[0] if "." in key else ""
    for parts in names:
        starts = [(form, parts)]
        if parent:
            starts.append((form, (parent, *parts)))
        starts += [(other, parts[1:] if parts[0] == other else parts) for other in others]
        for where, path in starts:
            yield from _along(forms, where, path)


def crossings(forms: Documents, form: str) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """Return, for each stored formula, the links it follows (`sku.supplier`) and the forms that it reads by name."""
    found = {}
    for key, source in _formulas(forms[form]):
        links: set[str] = set()
        named: set[str] = set()
        for parts in _names(source):
            hops = _hops(forms, form, parts)
            links.update(hops)
            if not hops and parts[0] in forms and parts[0] not in {one["key"] for one in forms[form]["fields"]}:
                named.add(parts[0])
        if links or named:
            found[key] = (frozenset(links), frozenset(named))
    return found


def _hops(forms: Documents, form: str, parts: tuple[str, ...]) -> list[str]:
    """Return the links that a path follows, each as the path up to it."""
    found: list[str] = []
    here, path = form, ""
    for part in parts[:-1]:
        fields = {one["key"]: one for one in forms.get(here, {"fields": ()})["fields"]}
        key = part if part in fields else next((k for k, one in fields.items() if one.get("label") == part), None)
        target = targets(forms[here]).get(key or "")
        if key is None or target is None:
            break
        path = f"{path}.{key}" if path else key
        found.append(path)
        here = target
    return found


def _along(forms: Documents, form: str, path: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    here = form
    for place, part in enumerate(path):
        fields = {one["key"]: one for one in forms.get(here, {"fields": ()})["fields"]}
        found = part if part in fields else next((k for k, one in fields.items() if one.get("label") == part), None)
        if found is None:
            return
        yield here, found
        if fields[found]["type"] == "sub_form":
            inner = {one["key"]: one.get("label") for one in fields[found]["fields"]}
            for name in path[place + 1 : place + 2]:
                yield from ((here, f"{found}.{k}") for k, label in inner.items() if name in {k, label})
            return
        here = targets(forms[here]).get(found, "")


_SAID = ("default_expression", "where")


def without(form: Mapping[str, Any], hidden: frozenset[str]) -> dict[str, Any]:
    """Return a form without its *hidden* fields, wherever it names them."""
    if not hidden:
        return dict(form)
    fields = []
    for one in form["fields"]:
        if one["key"] in hidden:
            continue
        if one["type"] == "sub_form":
            columns = [column for column in one["fields"] if f"{one['key']}.{column['key']}" not in hidden]
            fields.append({**one, "fields": columns})
        else:
            fields.append({k: v for k, v in one.items() if k not in _SAID or not _tells(form, v, hidden)})
    kept: dict[str, Any] = {"fields": fields}
    for word in ("natural_keys", "display"):
        if word in form:
            kept[word] = [key for key in form[word] if key not in hidden]
    if "layout" in form:
        kept["layout"] = [block for block in map(functools.partial(_block, hidden), form["layout"]) if block]
    if "views" in form:
        kept["views"] = [_view(view, hidden) for view in form["views"]]
    kept["rules"] = [
        _rule(rule, hidden) for rule in form.get("rules", ()) if not _tells(form, rule.get("when"), hidden)
    ]
    kept["checks"] = [one for one in form.get("checks", ()) if not _tells(form, one.get("check"), hidden)]
    left = {key: value for key, value in form.items() if key not in {"permissions", "rules", "checks"}}
    return {**left, **{key: value for key, value in kept.items() if value or key in form}}


def _tells(form: Mapping[str, Any], source: str | None, hidden: frozenset[str]) -> bool:
    """Say whether an expression of the form would tell of a hidden field."""
    found = reads({form["key"]: form}, form["key"], "", source or "")
    return any(key in hidden for _, key in found)


def _rule(rule: Mapping[str, Any], hidden: frozenset[str]) -> dict[str, Any]:
    made = dict(rule)
    for word in ("show", "hide", "require", "read_only"):
        if word in rule:
            made[word] = [key for key in rule[word] if key not in hidden]
    if "set" in rule:
        made["set"] = {key: value for key, value in rule["set"].items() if key not in hidden}
    return made


def _block(hidden: frozenset[str], block: Mapping[str, Any]) -> dict[str, Any] | None:
    if block.get("field") in hidden:
        return None
    made = dict(block)
    if "fields" in block:
        made["fields"] = [key for key in block["fields"] if key not in hidden]
    if "items" in block:
        made["items"] = [item for item in map(functools.partial(_block, hidden), block["items"]) if item]
    return made


def _view(view: Mapping[str, Any], hidden: frozenset[str]) -> dict[str, Any]:
    return {
        key: [name for name in value if name not in hidden] if isinstance(value, list) and key != "sort" else value
        for key, value in view.items()
    }
