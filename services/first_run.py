"""From files to the first own alert in one sitting: packs, sales, stock, lead times, a channel, one run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from services import alerts, channels, dispatch, evaluate, ingest, packs, publish
from services.refusal import Refused
from services.workspace import Workspace
from store import definitions, settings

Progress = Callable[[str, int, int], None]
BASE, RULES = "base", "daily_replenishment"
_FRESH_DAYS = 2
_SHOWN = 20


def make_ready(
    workspace: Workspace, *, user: str, rules: bool = True, inputs: Mapping[str, Any] | None = None
) -> list[str]:
    """Give a workspace without forms the base pack, and one without rules 日常补货; return the packs installed."""
    with workspace.read() as session:
        states = definitions.every(session)
    kinds = {state.kind for state in states if state.version}
    installed = []
    if "form" not in kinds:
        packs.install(workspace, pack=BASE, user=user, confirmed=True)
        installed.append(BASE)
    if rules and "rule" not in kinds:
        answers = packs.Answers(inputs=inputs or {})
        packs.install(workspace, pack=RULES, user=user, answers=answers, confirmed=True)
        installed.append(RULES)
    return installed


def run(
    workspace: Workspace,
    *,
    sales_file: Path,
    user: str,
    stock_file: Path | None = None,
    lead_time_days: int = 7,
    notify: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Open one's own shop: install, import, evaluate, tell; return the first alerts.

    Args:
        workspace: where; one that has rules already keeps them.
        sales_file: an order export or a sales table.
        user: who does it; they are told of every alert.
        stock_file: a stock table; without it an opening stock is derived and said to be.
        lead_time_days: of SKUs and suppliers that have none of their own.
        notify: `{"channel": type, "settings": {…}}` of a group bot or a mailbox; without it the built-in mailbox.
        progress: told (step, done, total); steps are packs, sales, stock, evaluate, deliver.

    Returns:
        `{sales, stock, installed, as_of, evaluation, delivered, alerts, notes}`.

    Raises:
        Refused: it is the demo workspace.
        DefinitionError, ConnectorError: a file, its mapping or the channel's settings cannot be used.
    """
    tell = progress or _silent
    _refuse_demo(workspace)
    tell("packs", 0, 1)
    channel = _channel(workspace, notify, user)
    inputs = {
        "lead_days": lead_time_days,
        "channels": [channel],
        "recipients": ["field:sku.owner", "role:buyer", f"user:{user}"],
    }
    installed = make_ready(workspace, user=user, inputs=inputs)
    tell("packs", 1, 1)
    # Stock first: a SKU that has one needs no derived opening stock.
    stock = _import(workspace, stock_file, "stock", user, tell) if stock_file is not None else None
    sales = _import(workspace, sales_file, "sales", user, tell)
    as_of, notes = _evaluation_day(workspace)
    tell("evaluate", 0, 1)
    evaluation = evaluate.run(workspace, as_of=as_of, user=user)
    tell("evaluate", 1, 1)
    delivered = _deliver(workspace)
    tell("deliver", 1, 1)
    return {
        "installed": installed,
        "sales": sales,
        "stock": stock,
        "as_of": as_of.isoformat(),
        "evaluation": evaluation,
        "delivered": delivered,
        "alerts": alerts.list_(workspace, user=user, limit=_SHOWN)["items"],
        "notes": [{"message": zh, "message_en": en} for zh, en in notes],
    }


def _refuse_demo(workspace: Workspace) -> None:
    with workspace.read() as session:
        if settings.get(session, "workspace.is_demo"):
            raise Refused(
                "conflict",
                "这是演示工作区,请为自己的店另开一个",
                "this is the demo workspace: open another one for your shop",
            )


def _silent(_step: str, _done: int, _total: int) -> None:
    return


def _channel(workspace: Workspace, notify: Mapping[str, Any] | None, user: str) -> str:
    """Keep the channel that the person names and return its key; nothing named is the built-in mailbox."""
    if not notify or notify.get("channel") in {None, "", channels.MAILBOX}:
        return channels.MAILBOX
    kind = str(notify["channel"])
    channels.save(workspace, key=kind, type=kind, name=kind, settings=dict(notify.get("settings") or {}), user=user)
    return kind


def _import(workspace: Workspace, path: Path, into: str, user: str, tell: Progress) -> dict[str, Any]:
    """Import a file by the best preset for that form."""
    return ingest.import_file(
        workspace, path=path, into=into, user=user, progress=lambda done, total: tell(into, done, total)
    )


def _evaluation_day(workspace: Workspace) -> tuple[dt.date, list[tuple[str, str]]]:
    """Return the day to evaluate for: today, or the day after the last sale when the sales end earlier."""
    today = workspace.today()
    days = workspace.facts("sales").days()
    if not days or (today - days[-1]).days <= _FRESH_DAYS:
        return today, []
    day = min(days[-1] + dt.timedelta(days=1), today)
    zh = f"销售数据到 {days[-1]} 为止,首次评估按 {day} 这一天算;导入更新的数据后按当天算"
    return day, [(zh, f"the sales end on {days[-1]}: the first run is for {day}; with newer sales it is for today")]


def _deliver(workspace: Workspace) -> int:
    sent = 0
    while (count := dispatch.work(workspace, limit=500)) > 0:
        sent += count
    return sent


def presets(workspace: Workspace) -> list[dict[str, Any]]:
    """Return the saved mappings that a person may choose from: `[{key, name, into, description}]`."""
    found = publish.all_current(workspace, "mapping").values()
    return [
        {"key": one["key"], "name": one["name"], "into": one["into"], "description": one.get("description", "")}
        for one in found
    ]
