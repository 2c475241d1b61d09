"""Purchase orders: sent, confirmed by the supplier, received in parts, closed; each step with its entries of stock."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from engine.problems import DefinitionError, Problem
from services import ledger, records
from services.ledger import Posting
from services.refusal import Refused
from services.workspace import Workspace
from store import records as kept
from store.database import Session

FORM, SHIPMENT, TASK = "purchase_order", "shipment", "replenishment_task"
OPEN = ("sent", "confirmed", "receiving")
WORDS = {
    "draft": "草稿", "sent": "已下单", "confirmed": "已确认", "receiving": "收货中", "received": "已入库", "cancelled": "已取消",
}  # fmt: skip
Line = dict[str, Any]


def wanted(line: Mapping[str, Any]) -> float:
    """Return how many units of a line are to come: what the supplier confirmed, else what was ordered."""
    confirmed = line.get("confirmed")
    return float(line.get("quantity") or 0) if confirmed is None else float(confirmed)


def outstanding(line: Mapping[str, Any]) -> float:
    """Return how many units of a line have not come yet."""
    return max(wanted(line) - float(line.get("received") or 0), 0.0)


class Order:
    """A purchase order inside a transaction: its record, and the entries that its step makes."""

    def __init__(self, session: Session, workspace: Workspace, number: int, user: str) -> None:
        self.session, self.workspace, self.number, self.user = session, workspace, number, user
        record = records.get_in(session, workspace, form=FORM, id=number)
        self.values: dict[str, Any] = record["values"]
        self.version = int(record["version"])
        self.lines: list[Line] = [dict(line) for line in self.values.get("lines") or []]
        self.postings: list[Posting] = []

    @property
    def code(self) -> str:
        """The order's number."""
        return str(self.values["code"])

    @property
    def today(self) -> str:
        """The workspace's day, ISO."""
        return self.workspace.today().isoformat()

    def only(self, *states: str) -> None:
        """Refuse unless the order is in one of *states*."""
        status = str(self.values.get("status"))
        if status not in states:
            word = WORDS.get(status, status)
            raise Refused("conflict", f"采购单 {self.code} {word},不能这样做", f"order {self.code} is {status}")

    def post(self, step: str, kind: str, place: int, units: float, note: str = "") -> None:
        """Ask for an entry of line number *place*, once for each *step*."""
        if units <= 0:
            return
        line = self.lines[place]
        price = line.get("price")
        self.postings.append(
            Posting(
                f"po:{self.number}:{step}:{place}:{kind}", kind, str(line["sku"]), self.warehouse, units,
                document=self.code, note=note, unit_cost=float(price) if price is not None else None,
            )
        )  # fmt: skip

    @property
    def warehouse(self) -> str:
        """Where the goods go."""
        if not self.values.get("warehouse"):
            raise Refused("conflict", f"采购单 {self.code} 没有入库仓", f"order {self.code} has no warehouse")
        return str(self.values["warehouse"])

    def save(self, **values: Any) -> dict[str, Any]:
        """Write the order and its entries; return the record."""
        ledger.post_in(self.session, self.workspace, self.postings, user=self.user, depth=1)
        return records.update_in(
            self.session, self.workspace, form=FORM, id=self.number, user=self.user, version=self.version,
            values={**values, "lines": self.lines},
        )  # fmt: skip


def step(workspace: Workspace, number: int, user: str, work: Callable[[Order], dict[str, Any]]) -> dict[str, Any]:
    """Do one step of an order in a transaction."""
    return workspace.transact(lambda session: work(Order(session, workspace, number, user)))


def send(workspace: Workspace, *, id: int, user: str) -> dict[str, Any]:  # noqa: A002 the API's word
    """Order: what is to come stands in stock as on order from now on.

    Raises:
        Refused: it is no draft, or has no goods or no warehouse.
    """
    return step(workspace, id, user, send_in)


def send_in(order: Order) -> dict[str, Any]:
    """Order, inside a transaction."""
    order.only("draft")
    if not any(wanted(line) for line in order.lines):
        raise Refused("conflict", f"采购单 {order.code} 没有商品", f"order {order.code} has no goods")
    for place, line in enumerate(order.lines):
        order.post("send", "order", place, wanted(line))
    return order.save(status="sent", sent_on=order.today)


def confirm(
    workspace: Workspace,
    *,
    id: int,  # noqa: A002 the API's word
    lines: Sequence[Mapping[str, Any]],
    user: str,
    note: str = "",
) -> dict[str, Any]:
    """Keep what the supplier answers: for each line the quantity and the day that he promises."""
    return step(workspace, id, user, lambda order: confirm_in(order, lines, note))


def confirm_in(order: Order, lines: Sequence[Mapping[str, Any]], note: str = "") -> dict[str, Any]:
    """Keep the supplier's answer, inside a transaction; what he changes is changed on order too."""
    order.only("sent", "confirmed")
    _refuse_on_the_way(order)
    _refuse_odd(order, lines)
    name = f"confirm{order.version}"
    for answer in lines:
        place = int(answer["line"])
        line, before = order.lines[place], wanted(order.lines[place])
        units = float(answer.get("quantity", before))
        order.post(name, "order" if units > before else "cancel", place, abs(units - before), "供应商改量")
        line["confirmed"] = units
        line["promised_on"] = answer.get("date") or line.get("promised_on")
    promised = [line["promised_on"] for line in order.lines if line.get("promised_on") and outstanding(line)]
    expected = max(promised) if promised else order.values.get("expected_on")
    left = any(outstanding(line) for line in order.lines)
    return order.save(
        status="confirmed" if left else "cancelled",
        confirmed_on=order.today,
        expected_on=expected,
        supplier_note=note or order.values.get("supplier_note"),
    )


def _refuse_odd(order: Order, lines: Sequence[Mapping[str, Any]]) -> None:
    """Refuse lines that are not there and quantities that make no sense, all at once."""
    problems = []
    for at, answer in enumerate(lines):
        place, units = int(answer["line"]), float(answer.get("quantity", 0))
        if not 0 <= place < len(order.lines):
            problems.append(
                Problem(f"$.lines[{at}].line", f"没有第 {place + 1} 行", "", f"there is no line {place + 1}")
            )
        if not 0 <= units < 1e9:
            text, text_en = "数量要在 0 以上", "a quantity is 0 or more"
            problems.append(Problem(f"$.lines[{at}].quantity", text, "", text_en))
    if problems:
        raise DefinitionError(problems)


def _refuse_on_the_way(order: Order) -> None:
    """Refuse to change what has left the supplier already: what is in transit is no longer on order."""
    mine = {"purchase_order": order.code, "status": "expected"}
    found = kept.page(order.session, SHIPMENT, kept.Wanted(equal=mine), limit=1, total=False).rows
    if found:
        code = found[0]["code"]
        raise Refused("conflict", f"到货单 {code} 还在途,先收货", f"shipment {code} is on its way: receive it first")


def receive(
    workspace: Workspace,
    *,
    id: int,  # noqa: A002 the API's word
    lines: Sequence[Mapping[str, Any]],
    key: str,
    user: str,
    shipment: str | None = None,
    note: str = "",
) -> dict[str, Any]:
    """Take goods in: all, some, or more than was ordered; each receipt is a `shipment` record and entries of stock.

    Args:
        workspace: where.
        id: the order's record number.
        lines: `[{line, quantity}]`, lines counted from 0.
        key: idempotency key of the receipt.
        user: who counts them in.
        shipment: the code of the announced shipment that arrived.
        note: anything else.

    Returns:
        `{order, shipment, over: [{sku, units}], short: [{sku, units}], repeated}`.
    """
    return step(workspace, id, user, lambda order: _receive(order, lines, key, shipment, note))


def _receive(
    order: Order, lines: Sequence[Mapping[str, Any]], key: str, shipment: str | None, note: str
) -> dict[str, Any]:
    if ledger.known_in(order.session, f"po:{order.number}:receipt:{key}:"):
        return {"order": records.get_in(order.session, order.workspace, form=FORM, id=order.number), "repeated": True}
    order.only(*OPEN)
    _refuse_odd(order, lines)
    announced = _announced(order, shipment)
    over = []
    for answer in lines:
        place, units = int(answer["line"]), float(answer["quantity"])
        line = order.lines[place]
        sku = str(line["sku"])
        on_the_way = min(units, announced.get(sku, 0.0))
        announced[sku] = announced.get(sku, 0.0) - on_the_way
        due = max(min(units, outstanding(line)) - on_the_way, 0.0)
        extra = units - on_the_way - due
        for kind, part in (("arrive", on_the_way), ("receive", due), ("receipt", extra)):
            order.post(f"receipt:{key}", kind, place, part, note)
        if units > outstanding(line):
            over.append({"sku": sku, "units": units - outstanding(line)})
        line["received"] = float(line.get("received") or 0) + units
    if not order.postings:
        raise Refused("invalid", "没有填收到的数量", "no received quantity was given")
    short = [{"sku": line["sku"], "units": outstanding(line)} for line in order.lines if outstanding(line)]
    arrived = _keep_shipment(order, lines, shipment, announced)
    record = _settle(order, complete=not short)
    return {"order": record, "shipment": arrived, "over": over, "short": short, "repeated": False}


def _settle(order: Order, *, complete: bool) -> dict[str, Any]:
    """Write where the order stands; a complete one ends its task."""
    if not complete:
        return order.save(status="receiving")
    record = order.save(status="received", received_on=order.today)
    if order.values.get("task"):
        number = records.number_of(order.session, form=TASK, code=str(order.values["task"]))
        records.update_in(
            order.session, order.workspace, form=TASK, id=number, values={"status": "done"}, user=order.user, depth=1
        )
    return record


def _announced(order: Order, shipment: str | None) -> dict[str, float]:
    """Return the units by SKU that a shipment said it brings."""
    if shipment is None:
        return {}
    number = records.number_of(order.session, form=SHIPMENT, code=shipment)
    values = records.get_in(order.session, order.workspace, form=SHIPMENT, id=number)["values"]
    if values.get("purchase_order") != order.code or values.get("status") != "expected":
        raise Refused("conflict", f"到货单 {shipment} 不在途", f"shipment {shipment} is not on its way")
    found: dict[str, float] = {}
    for line in values.get("lines") or []:
        found[line["sku"]] = found.get(line["sku"], 0.0) + float(line["quantity"])
    return found


def _keep_shipment(
    order: Order, lines: Sequence[Mapping[str, Any]], shipment: str | None, missing: Mapping[str, float]
) -> str:
    """Write the receipt as a shipment that arrived; what an announced one lacked is on order again."""
    goods = [
        {"sku": order.lines[int(one["line"])]["sku"], "quantity": one["quantity"]} for one in lines if one["quantity"]
    ]
    values = {"lines": goods, "status": "arrived", "arrived_on": order.today}
    if shipment is None:
        values |= {"purchase_order": order.code, "warehouse": order.warehouse}
        made = records.create_in(order.session, order.workspace, form=SHIPMENT, values=values, user=order.user, depth=1)
        return str(made["values"]["code"])
    places = {str(line["sku"]): place for place, line in enumerate(order.lines)}
    for sku, units in missing.items():
        if sku in places:
            order.post(f"missing:{shipment}", "lost", places[sku], units, "到货少于装箱")
            order.post(f"missing:{shipment}", "order", places[sku], units, "到货少于装箱")
    number = records.number_of(order.session, form=SHIPMENT, code=shipment)
    records.update_in(order.session, order.workspace, form=SHIPMENT, id=number, values=values, user=order.user, depth=1)
    return shipment


def ship(order: Order, lines: Sequence[Mapping[str, Any]], details: Mapping[str, Any]) -> str:
    """Keep that the supplier has shipped goods; on order becomes in transit. Returns the shipment's code."""
    order.only(*OPEN)
    _refuse_odd(order, lines)
    goods = []
    for one in lines:
        place, units = int(one["line"]), float(one["quantity"])
        order.post(f"ship{order.version}", "ship", place, units)
        goods += [{"sku": order.lines[place]["sku"], "quantity": units}] if units else []
    if not goods:
        raise Refused("invalid", "没有填发货数量", "no shipped quantity was given")
    values = {
        "purchase_order": order.code, "warehouse": order.warehouse, "status": "expected", "lines": goods,
        **{name: details.get(name) or None for name in ("carrier", "tracking", "expected_on")},
    }  # fmt: skip
    made = records.create_in(order.session, order.workspace, form=SHIPMENT, values=values, user=order.user, depth=1)
    # A shipment that is promised later moves the day on which the plan expects the goods.
    order.save(expected_on=values["expected_on"] or order.values.get("expected_on"))
    return str(made["values"]["code"])


def close(workspace: Workspace, *, id: int, user: str, note: str = "") -> dict[str, Any]:  # noqa: A002 the API's word
    """End an order that will bring no more: what is still on order is taken back. Nothing received: it is cancelled."""

    def work(order: Order) -> dict[str, Any]:
        order.only("draft", *OPEN)
        _refuse_on_the_way(order)
        draft = order.values.get("status") == "draft"
        for place, line in enumerate(order.lines):
            order.post("close", "cancel", place, 0.0 if draft else outstanding(line), note)
        came = any(float(line.get("received") or 0) for line in order.lines)
        if came:
            return _settle(order, complete=True)
        return order.save(status="cancelled")

    return step(workspace, id, user, work)
