"""Finding the work that an operation is about: whose seat, at which run, and why not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from workflows.flow import Flow
from workflows.instance import REVOKE, START, label
from workflows.plain import plain
from workflows.position import Run, Seat
from workflows.refusal import Refused

RESERVED = ("outcome", "result")


def need(event: Mapping[str, Any], key: str) -> str:
    """Return a key of the operation that must be there.

    Raises:
        Refused: it is missing.
    """
    value = event.get(key)
    if value in (None, ""):
        raise Refused("missing", f"操作“{event.get('op')}”缺少 {key}", f"the operation “{event.get('op')}” lacks {key}")
    return str(value)


def runs_at(flow: Flow, event: Mapping[str, Any]) -> list[Run]:
    """Return the runs that the operation's node (and index) names, newest last.

    Raises:
        Refused: there is no such node.
    """
    node = need(event, "node")
    index = event.get("index")
    if node.endswith("]") and "[" in node:
        node, _, text = node[:-1].rpartition("[")
        index = text
    if node not in flow.graph.nodes and node not in {START, REVOKE}:
        raise Refused("unknown_node", f"没有节点“{node}”", f"there is no node “{node}”")
    found = [run for run in flow.instance.runs if run.node == node]
    if index is None:
        return found
    return [run for run in found if run.index is not None and str(run.index) == str(index)]


def seat_of(flow: Flow, event: Mapping[str, Any]) -> tuple[Run, Seat]:
    """Return the open seat of the operation's user at its node.

    Raises:
        Refused: nobody works there, it was decided already, or the seat is not the user's or not open.
    """
    user = need(event, "user")
    runs = runs_at(flow, event)
    for run in runs:
        for seat in run.seats:
            if run.status == "active" and seat.state == "open" and seat.user == user:
                return run, seat
    raise why_not(runs, str(event["node"]), user)


def why_not(runs: list[Run], node: str, user: str | None) -> Refused:
    """Return why nothing at *node* is open for *user*."""
    live = [run for run in runs if run.live and (run.parent is None or run.seats or run.work)]
    if not live:
        return _gone(runs, node)
    if all(run.status == "held" for run in live):
        return Refused("held", f"“{node}”已退回,等待处理", f"“{node}” waits for an earlier node")
    if all(run.status == "incident" for run in live):
        return Refused("incident", f"“{node}”出错了,等管理员处理", f"“{node}” waits for an administrator")
    for run in live:
        for seat in run.seats:
            if seat.user == user and seat.state not in {"open", "wait", "held", "cancelled"}:
                return Refused("already_decided", f"您已在“{node}”处理过", f"you have already decided at “{node}”")
            if seat.user == user and seat.state == "wait":
                return Refused("not_open", f"“{node}”还没轮到您", f"it is not your turn at “{node}”")
    if not any(run.seats for run in live):
        return Refused("no_seat", f"“{node}”不等人处理", f"no person holds “{node}”")
    return Refused("not_your_seat", f"“{node}”没有您的待办", f"you hold no open seat at “{node}”")


def _gone(runs: list[Run], node: str) -> Refused:
    last = runs[-1] if runs else None
    if last is None:
        return Refused("not_open", f"“{node}”现在没有待办", f"nothing is open at “{node}”")
    if last.status in {"cancelled", "returned", "undone"}:
        return Refused("withdrawn", f"“{node}”的待办已撤销", f"the work at “{node}” was withdrawn")
    by = last.by or "system"
    who = "超时" if by == "timeout" else by
    at = f"于 {last.ended}" if last.ended else ""
    return Refused(
        "already_decided",
        f"“{node}”已由{who}{at}处理",
        f"“{node}” was already decided by {by} at {last.ended}",
    )


def write(flow: Flow, run: Run, event: Mapping[str, Any], *, everything: bool) -> None:
    """Merge the operation's form into the variables.

    Args:
        flow: the step.
        run: where it is filled in.
        event: the operation; `form` maps field to value.
        everything: what a node without a `write` list may write: all, or nothing.

    Raises:
        Refused: a field may not be written here, or a required one is empty.
    """
    form = event.get("form") or {}
    node = flow.graph.start if run.node == START else run.node
    settings = flow.settings(node)
    allowed = settings.get("write")
    for field in form:
        if field in RESERVED or not (everything if allowed is None else field in allowed or "*" in allowed):
            raise Refused(
                "not_writable", f"“{label(run)}”不能写字段“{field}”", f"“{label(run)}” may not write “{field}”"
            )
    variables = flow.instance.variables
    changed = {field: [variables.get(field), plain(value)] for field, value in form.items()}
    variables.update({field: pair[1] for field, pair in changed.items()})
    _required(flow, run, event)
    changed = {field: pair for field, pair in changed.items() if pair[0] != pair[1]}
    if changed:
        flow.log("write", run, form=changed)


def _required(flow: Flow, run: Run, event: Mapping[str, Any]) -> None:
    wanted = (flow.settings(run.node).get("required_on") or {}).get(event["op"], ())
    for field in wanted:
        value = event.get("comment") if field == "comment" else flow.instance.variables.get(field)
        if value in (None, "", []):
            raise Refused("required", f"请填写“{field}”", f"“{field}” must be filled in")


def allowed(flow: Flow, run: Run, op: str) -> None:
    """Refuse an operation that the node does not offer."""
    actions = flow.settings(run.node).get("actions")
    if actions is not None and op not in actions:
        raise Refused("action_not_allowed", f"“{run.node}”不能{op}", f"“{run.node}” does not offer {op}")


def own(seat: Seat) -> None:
    """Refuse to a helper what only the person whose vote it is may do."""
    if seat.lender is not None:
        raise Refused("advice_only", "您是受委派人,只能给出意见", "you were asked for advice only")


def top(flow: Flow, run: Run) -> Run:
    """Return the run of the node: of an item, the run that it belongs to."""
    parent = flow.instance.run(run.parent)
    return run if parent is None else parent


def users_in(event: Mapping[str, Any], key: str) -> list[str]:
    """Return the users that a key of the operation lists, each once.

    Raises:
        Refused: it lists nobody.
    """
    value = event.get(key)
    users = list(dict.fromkeys([value] if isinstance(value, str) else value or ()))
    if not users:
        raise Refused("missing", f"操作“{event.get('op')}”没有选人", f"the operation “{event.get('op')}” names nobody")
    return [str(user) for user in users]


def everyone(flow: Flow) -> Iterator[tuple[Run, Seat]]:
    """Yield every undecided seat of the instance with its run."""
    for run in flow.instance.live_runs():
        for seat in run.seats:
            if seat.undecided:
                yield run, seat
