"""The demo: a simulated shop loaded into an empty workspace, its people, its rules, and the main job run once.

Loading again duplicates nothing: what is there is known by its batch, days that have passed since are added, and the
run finds nothing new to do.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from services import alerts, bulk, demo_chain, demo_forecast, dispatch, evaluate, packs, publish, users
from services.demo_shop import DAYS, Shop, generate
from services.refusal import Refused
from services.workspace import Workspace
from store import definitions, messages, records, settings
from store import users as people
from store.database import Session

Progress = Callable[[str, int, int], None]
PASSWORD = "beihuo-demo"  # noqa: S105 known to everybody, and only for a shop that does not exist
PEOPLE: tuple[dict[str, Any], ...] = (
    {"key": "admin", "name": "管理员", "roles": ["admin"]},
    {"key": "wang", "name": "王敏", "roles": ["operator", "manager"], "superior": "admin"},
    {"key": "lin", "name": "林晓", "roles": ["designer"], "superior": "wang"},
    {"key": "chen", "name": "陈宁", "roles": ["operator", "buyer"], "superior": "wang"},
    {"key": "guest", "name": "访客", "roles": ["viewer"]},
)
PACKS = ("base", "daily_replenishment")
SEED = 618
SKUS = 840
_SHOP = "demo.shop"
_PLAN = "demo.plan"
_BY = "admin"


def load(
    workspace: Workspace, *, progress: Progress | None = None, skus: int = SKUS, days: int = DAYS
) -> dict[str, Any]:
    """Load the demo shop and run the main job; tell the story.

    Args:
        workspace: an empty workspace, or a demo workspace.
        progress: told (step, done, total); steps are packs, people, shop, records, sales, snapshots, forecast,
            evaluate, chain, deliver.
        skus: number of items, for a tiny shop.
        days: how many days of history a new shop gets.

    Returns:
        `{already, first, last, rows: {form: n}, evaluation, delivered, alerts, tasks, unread, example, people}`.

    Raises:
        Refused: the workspace is somebody's own.
    """
    tell = progress or _silent
    with workspace.read() as session:
        _refuse_own(session)
    _install(workspace, tell)
    _add_people(workspace, tell)
    shop = _bring_up_to_date(workspace, tell, skus, days)
    demo_forecast.load(workspace, tell)
    tell("evaluate", 0, 1)
    evaluation = evaluate.run(workspace, user=_BY)
    tell("evaluate", 1, 1)
    tell("chain", 0, 1)
    demo_chain.play(workspace)
    tell("chain", 1, 1)
    delivered = _deliver(workspace, tell)
    return {**shop, "evaluation": evaluation, "delivered": delivered, **_now(workspace), "people": list(PEOPLE)}


def _silent(_step: str, _done: int, _total: int) -> None:
    return


def _refuse_own(session: Session) -> None:
    if settings.get(session, "workspace.is_demo"):
        return
    if people.every(session) or settings.every(session, "pack:"):
        raise Refused(
            "conflict",
            "这个工作区已有自己的数据,演示店铺只能装进空的工作区(换一个 BEIHUO_DATA_DIR 即可)",
            "this workspace has data of its own: the demo shop goes into an empty one (choose another BEIHUO_DATA_DIR)",
        )


def _install(workspace: Workspace, tell: Progress) -> None:
    with workspace.write() as session:
        now = workspace.clock()
        if not settings.get(session, "workspace.is_demo"):
            settings.put(session, "workspace.is_demo", value=True, user=_BY, now=now)
            settings.put(session, "workspace.name", "演示店铺", user=_BY, now=now)
        there = settings.every(session, "pack:")
    for place, pack in enumerate(PACKS):
        tell("packs", place, len(PACKS))
        if f"pack:{pack}" not in there:
            packs.install(workspace, pack=pack, user=_BY, confirmed=True)
    _decide_by_link(workspace)
    tell("packs", len(PACKS), len(PACKS))


def _decide_by_link(workspace: Workspace) -> None:
    """Let the demo's approvals be decided by the link alone: its people have one published password anyway."""
    with workspace.read() as session:
        states = definitions.every(session, "workflow")
    bare = [state.document for state in states if "links" not in state.document.get("policy", {})]
    changed = [{"kind": "workflow", **one, "policy": {**one.get("policy", {}), "links": "link"}} for one in bare]
    if changed:
        publish.publish_many(workspace, changed, user=_BY)


def _add_people(workspace: Workspace, tell: Progress) -> None:
    with workspace.read() as session:
        there = {person.key for person in people.every(session)}
    for place, person in enumerate(PEOPLE):
        tell("people", place, len(PEOPLE))
        if person["key"] not in there:
            address = f"{person['key']}@demo.example"
            users.create(workspace, values={**person, "password": PASSWORD, "email": address}, user="system")
    tell("people", len(PEOPLE), len(PEOPLE))


def _bring_up_to_date(workspace: Workspace, tell: Progress, skus: int, days: int) -> dict[str, Any]:
    """Generate the shop (again, when days have passed) and load what is not there yet."""
    yesterday = workspace.today() - dt.timedelta(days=1)
    with workspace.read() as session:
        kept = settings.get(session, _SHOP)
    if kept is not None and dt.date.fromisoformat(kept["last"]) >= yesterday:
        tell("shop", 1, 1)
        return {"already": True, "first": kept["first"], "last": kept["last"], "rows": kept["rows"]}
    first, count = _plan(workspace, yesterday - dt.timedelta(days=days - 1), skus)
    tell("shop", 0, 1)
    shop = generate(first, (yesterday - first).days + 1, skus=count, seed=SEED)
    tell("shop", 1, 1)
    # On a later day only stock has moved; prices and names that somebody changed in between stay.
    _load_records(workspace, shop, tell, list(shop.records) if kept is None else ["stock"])
    _load_facts(workspace, shop, tell)
    rows = {form: len(lines) for form, lines in shop.records.items()}
    rows |= {"sales": shop.sales.num_rows, "stock_snapshot": shop.snapshots.num_rows}
    value = {"first": first.isoformat(), "last": yesterday.isoformat(), "skus": count, "seed": SEED, "rows": rows}
    with workspace.write() as session:
        settings.put(session, _SHOP, value, user=_BY, now=workspace.clock())
    return {"already": False, "first": value["first"], "last": value["last"], "rows": rows}


def _load_records(workspace: Workspace, shop: Shop, tell: Progress, forms: list[str]) -> None:
    total = sum(len(shop.records[form]) for form in forms)
    done = 0
    tell("records", 0, total)
    for form in forms:
        rows = shop.records[form]
        counts = bulk.bulk_upsert(workspace, form=form, rows=rows, user=_BY, batch=f"demo-{form}")
        if counts["errors"]:
            first = counts["errors"][0]
            raise Refused(
                "conflict", f"演示数据写不进{form}:{first['message']}", f"demo data refused: {first['message_en']}"
            )
        done += len(rows)
        tell("records", done, total)


def _plan(workspace: Workspace, first: dt.date, skus: int) -> tuple[dt.date, int]:
    """Return the shop's first day and size, decided once: a load that broke off goes on with the same shop."""
    with workspace.write() as session:
        kept = settings.get(session, _PLAN)
        if kept is None:
            kept = {"first": first.isoformat(), "skus": skus}
            settings.put(session, _PLAN, kept, user=_BY, now=workspace.clock())
    return dt.date.fromisoformat(kept["first"]), int(kept["skus"])


def _load_facts(workspace: Workspace, shop: Shop, tell: Progress) -> None:
    """Append the days that are not there yet, all of them in one commit a table."""
    import pyarrow.compute as pc  # noqa: PLC0415 the columnar libraries are for loading only

    for step, form, table in (("sales", "sales", shop.sales), ("snapshots", "stock_snapshot", shop.snapshots)):
        facts = workspace.facts(form)
        there = [day for day in facts.days() if day <= shop.last]
        part = table.filter(pc.greater(table["date"], there[-1])) if there else table
        tell(step, 0, part.num_rows)
        if part.num_rows:
            facts.append(part, f"demo-{form}-{shop.last.isoformat()}")
        tell(step, part.num_rows, part.num_rows)


def _deliver(workspace: Workspace, tell: Progress) -> int:
    """Deliver what waits in the outbox; return how many notices went out."""
    sent = 0
    tell("deliver", 0, 1)
    while (count := dispatch.work(workspace, limit=500)) > 0:
        sent += count
        tell("deliver", sent, sent)
    tell("deliver", max(sent, 1), max(sent, 1))
    return sent


def _now(workspace: Workspace) -> dict[str, Any]:
    """Return what a person who logs in will find."""
    found = alerts.list_(workspace, state="firing", limit=1)
    with workspace.read() as session:
        return {
            "alerts": found["counts"],
            "example": found["items"][0] if found["items"] else None,
            "tasks": records.count(session, "replenishment_task"),
            "unread": {person["key"]: messages.count_unread(session, person["key"]) for person in PEOPLE},
        }
