"""The record that a workflow is about: written by decisions through the one validator, and kept in step with the flow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from services import records
from services.flows import Flow
from services.workspace import Workspace
from store import definitions
from store.database import Session

MOST_SUMMARY = 9

FOLLOWS = {
    "running": "approving",
    "completed": "approved",
    "rejected": "rejected",
    "recalled": "proposed",
    "cancelled": "proposed",
}
LATER = frozenset({"ordered", "done", "cancelled"})


@dataclass(frozen=True, slots=True)
class About:
    """A record as a workflow takes it: its values as variables, its name, and a few labelled values for lists."""

    variables: dict[str, Any] = field(default_factory=dict)
    title: str = ""
    summary: list[dict[str, Any]] = field(default_factory=list)


def about(session: Session, workspace: Workspace, *, form: str | None, record_id: int | None) -> About:
    """Return what a workflow that starts on a record is about; nothing for a workflow without one.

    Raises:
        Refused: there is no such record.
    """
    if form is None or record_id is None:
        return About()
    record = records.get_in(session, workspace, form=form, id=record_id)
    state = definitions.get(session, "form", form)
    document = state.document if state else {"name": form, "fields": []}
    values, labels = record["values"], record.get("labels", {})
    keys = [key for key in document.get("natural_keys") or ("sku", "warehouse") if values.get(key)]
    place = " · ".join(str(labels.get(key) or values[key]) for key in keys) or str(values.get("code") or record_id)
    return About(
        {**values, "record_id": record_id, "form": form},
        f"{document['name']}:{place}",
        summary(document, values, labels),
    )


def summary(document: Mapping[str, Any], values: Mapping[str, Any], labels: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the first filled fields of a record with their labels, links by name; what people need to decide."""
    found = []
    for each in document["fields"]:
        value = values.get(each["key"])
        if value in (None, "", []) or each.get("hidden") or isinstance(value, list | dict) or each["key"] == "status":
            continue
        shown = labels.get(each["key"], value)
        label = each.get("label", each["key"])
        found.append({"key": each["key"], "label": label, "label_en": each.get("label_en", label), "value": shown})
    return found[:MOST_SUMMARY]


def write(flow: Flow, form: Mapping[str, Any], user: str) -> dict[str, Any]:
    """Write what the deciding person entered into the record; return it as the workflow takes it (`"120"` → 120).

    Formulas that follow from it (the amount) are new in the instance's variables too, so that the next condition reads
    them. Whether the node lets these fields be written is the workflow's own check.

    Raises:
        DefinitionError: everything that is wrong with the entries.
    """
    if flow.form is None or flow.record_id is None:
        return dict(form)
    changed = records.update_in(flow.session, flow.workspace, form=flow.form, id=flow.record_id, values=form, user=user)
    values: dict[str, Any] = changed["values"]
    variables = flow.instance.variables
    follows = {key: value for key, value in values.items() if key not in form and variables.get(key) != value}
    flow.instance = flow.instance.copy()
    flow.instance.variables.update(follows)
    return {key: values.get(key) for key in form}


def follow(flow: Flow) -> None:
    """Set the record's status to where the flow stands, where its form has such a status; link the order that was made."""
    if flow.form is None or flow.record_id is None:
        return
    state = definitions.get(flow.session, "form", flow.form)
    fields = {field["key"]: field for field in (state.document.get("fields", []) if state else [])}
    words = {
        option.get("value") if isinstance(option, Mapping) else option
        for option in fields.get("status", {}).get("options", [])
    }
    if "approving" not in words:
        return
    now = records.get_in(flow.session, flow.workspace, form=flow.form, id=flow.record_id)["values"]
    wanted: dict[str, Any] = {}
    orders = flow.changed.get("purchase_order", [])
    if orders and "purchase_order" in fields and not now.get("purchase_order"):
        wanted["purchase_order"] = orders[-1]
    status = "ordered" if orders and "ordered" in words else FOLLOWS.get(flow.instance.status)
    if status in words and status != now.get("status") and now.get("status") not in LATER:
        wanted["status"] = status
    if wanted:
        records.update_in(flow.session, flow.workspace, form=flow.form, id=flow.record_id, values=wanted, user="system")
