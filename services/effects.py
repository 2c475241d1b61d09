"""What a workflow asks of the outside, carried out in the transaction of the step: notices, records, orders, other flows.

What leaves the house (a message, a webhook) becomes an outbox row; everything else happens here and now, so that it is
kept together with the step or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.problems import DefinitionError
from services import flow_notices, flows, records, replenish
from services.directory import People
from services.flows import Flow
from services.record_lists import condition
from services.refusal import Refused
from services.workspace import Workspace
from store import definitions, seats
from store import records as kept
from store.database import Session

Answer = dict[str, Any] | None
SYSTEM = "system"
MOST_QUERIED = 1_000


def carry_out(flow: Flow, effect: Mapping[str, Any]) -> Answer:
    """Carry out one effect; return what its node waits for (`result` or `error`), or None when nothing does."""
    handler = HANDLERS.get(effect["type"])
    if handler is None:
        message = f"不认识的动作 {effect['type']} / unknown effect {effect['type']}"
        return {"error": message}
    try:
        with (
            flow.session.begin_nested()
        ):  # a refused record leaves nothing behind, and the flow shows it as an incident
            return handler(flow, effect)
    except (Refused, DefinitionError) as error:
        if handler in UNANSWERED:
            raise
        return {"error": str(error)}


def _notify(flow: Flow, effect: Mapping[str, Any]) -> Answer:
    open_seats = {
        seat.user: seat.id
        for seat in seats.of_instance(flow.session, flow.id, state="open")
        if seat.node == effect.get("node")
    }
    for user in effect.get("to", []):
        flow_notices.tell_of_flow(flow, effect, user, open_seats.get(user))
    return None


def _create_record(flow: Flow, effect: Mapping[str, Any]) -> Answer:
    form = effect["form"]
    values = dict(effect.get("values", {}))
    record = records.create_in(
        flow.session, flow.workspace, form=form, values=values, user=SYSTEM, depth=flow.depth + 1
    )
    flow.changed.setdefault(form, []).append(str(record["values"].get("code") or record["id"]))
    return {"result": {"id": record["id"], "form": form, **record["values"]}}


def _update_record(flow: Flow, effect: Mapping[str, Any]) -> Answer:
    form, numbers = _which(flow, effect)
    changed = [
        records.update_in(
            flow.session,
            flow.workspace,
            form=form,
            id=number,
            values=effect.get("values", {}),
            user=SYSTEM,
            depth=flow.depth + 1,
        )
        for number in numbers
    ]
    last = changed[-1]["values"] if changed else {}
    return {"result": {**last, "form": form, "ids": numbers, "count": len(numbers)}}


def _delete_record(flow: Flow, effect: Mapping[str, Any]) -> Answer:
    form, numbers = _which(flow, effect)
    for number in numbers:
        records.delete_in(flow.session, flow.workspace, form=form, id=number, user=SYSTEM, depth=flow.depth + 1)
    return {"result": {"form": form, "ids": numbers, "count": len(numbers)}}


def _query_records(flow: Flow, effect: Mapping[str, Any]) -> Answer:
    form = str(effect["form"])
    forms = {state.key: state.document for state in definitions.every(flow.session, "form") if state.runs}
    where = condition(flow.session, flow.workspace, forms, form, effect.get("filter"))
    wanted = kept.Wanted(where=where, equal=effect.get("where") or {})
    limit = MOST_QUERIED if effect.get("aggregate") else int(effect.get("limit", 100))
    found = kept.page(flow.session, form, wanted, sort=effect.get("sort", ""), limit=limit, total=True)
    rows = [{"id": row["_id"]} | {n: v for n, v in row.items() if not n.startswith("_")} for row in found.rows]
    fields = effect.get("fields")
    items = [{name: row.get(name) for name in fields} for row in rows] if fields else rows
    totals = {name: _aggregate(rows, source) for name, source in (effect.get("aggregate") or {}).items()}
    return {"result": {"items": [] if totals else items, "count": found.total or 0, **totals}}


def _aggregate(rows: list[dict[str, Any]], source: str) -> Any:
    """Return `count(…)`, `sum(field)`, `average(field)`, `min(field)` or `max(field)` over *rows*."""
    word, _, name = source.rstrip(")").partition("(")
    values = [row[name.strip()] for row in rows if row.get(name.strip()) is not None]
    if word == "count":
        return len(values) if name.strip() else len(rows)
    if not values:
        return 0 if word == "sum" else None
    if word == "average":
        return sum(values) / len(values)
    return sum(values) if word == "sum" else min(values) if word == "min" else max(values)


def _which(flow: Flow, effect: Mapping[str, Any]) -> tuple[str, list[int]]:
    """Return the records that an effect is about: the one it names, those that match, else the flow's own."""
    form = str(effect.get("form") or flow.form or "")
    named = effect.get("record")
    if named not in (None, ""):
        number = named if isinstance(named, int) else records.number_of(flow.session, form=form, code=str(named))
        return form, [number]
    if effect.get("where"):
        found = kept.page(flow.session, form, kept.Wanted(equal=effect["where"]), limit=1000, total=False)
        return form, [row["_id"] for row in found.rows]
    if form == flow.form and flow.record_id is not None:
        return form, [flow.record_id]
    raise Refused("not_found", f"没有说明是“{form}”的哪一条记录", f"which record of “{form}” is not said")


def _replenish(flow: Flow, effect: Mapping[str, Any]) -> Answer:
    asked, variables = effect.get("values") or {}, flow.instance.variables
    keys = {name: str(asked.get(name) or variables.get(name) or "") for name in ("sku", "warehouse")}
    target = replenish.Target(flow.episode_id, keys)
    policy = str(effect.get("policy") or "default")
    made = replenish.propose(flow.session, flow.workspace, targets=[target], policy=policy)
    return {"result": {"tasks": [task["values"].get("code") for task in made]}}


def _start_workflow(flow: Flow, effect: Mapping[str, Any]) -> Answer:
    child = flows.begin(
        flow.session,
        flow.workspace,
        flow.people,
        workflow=effect["workflow"],
        variables=effect.get("variables", {}),
        initiator=effect.get("initiator") or flow.instance.initiator,
        carry=carry_out,
        form=flow.form,
        record_id=flow.record_id,
        episode_id=flow.episode_id,
        depth=flow.depth + 1,
    )
    flow.changed.setdefault("workflow", []).append(child.id)
    return None


def _webhook(flow: Flow, effect: Mapping[str, Any]) -> Answer:
    """Hand the call to the outbox; the worker answers the node when the other side has."""
    flow_notices.enqueue_webhook(flow, effect)
    return None


def _timer(flow: Flow, effect: Mapping[str, Any]) -> Answer:  # noqa: ARG001 the position knows its next due moment itself
    """Do nothing: `Flow.save` sets the clock to the instance's next due moment."""
    return None


HANDLERS: dict[str, Callable[[Flow, Mapping[str, Any]], Answer]] = {
    "notify": _notify,
    "create_record": _create_record,
    "update_record": _update_record,
    "delete_record": _delete_record,
    "query_records": _query_records,
    "replenish": _replenish,
    "start_workflow": _start_workflow,
    "webhook": _webhook,
    "timer": _timer,
}
UNANSWERED = (_notify, _start_workflow, _timer)


def webhook_done(workspace: Workspace, *, instance: str, effect: str, result: Any = None, error: str = "") -> None:
    """Tell an instance what the other side answered to its webhook; the worker calls this."""

    def work(session: Session) -> None:
        flow = flows.lock(session, workspace, People(session, workspace.clock()), instance)
        answer = {"error": error} if error else {"result": result}
        flow.move({"op": "effect_done", "effect": effect, **answer}, carry_out)
        flow.save()

    workspace.transact(work)
