"""What may keep a workspace from working, looked at one by one: what was found, and what to do about it."""

from __future__ import annotations

import datetime as dt
import importlib.metadata
import importlib.util
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from services.workspace import Workspace
from store import outbox, runs, slots, sqlite

SILENT = dt.timedelta(seconds=60)
_LEAST_FREE = 500_000_000
_ROOMS = ("engine", "form_builder", "workflows", "rule_templates", "integrations", "store", "services", "cli", "web")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: `ok`, `warning` or `problem`, in Chinese and English."""

    name: str
    state: str
    message: str
    message_en: str


def examine(workspace: Workspace) -> list[Finding]:
    """Return what was found about each thing; nothing is changed."""
    return [finding for look in _LOOKS for finding in look(workspace)]


def _python(_workspace: Workspace) -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding("python", "ok", f"Python {version}", f"Python {version}")


def _rooms(_workspace: Workspace) -> Iterator[Finding]:
    """Our packages have common names: say when another distribution stands in front of one."""
    home = Path(__file__).resolve().parent.parent
    for room in _ROOMS:
        found = importlib.util.find_spec(room)
        place = Path(found.origin).resolve().parent.parent if found and found.origin else None
        if place != home:
            yield Finding(
                "packages",
                "problem",
                f"名为 {room} 的包来自 {place},不是备货的;请把备货装在单独的环境里",
                f"the package {room} comes from {place}, not from Beihuo: install Beihuo in an environment of its own",
            )
            return
    version = importlib.metadata.version("beihuo")
    yield Finding("packages", "ok", f"备货 {version}", f"Beihuo {version}")


def _database(workspace: Workspace) -> Iterator[Finding]:
    version, head = workspace.database.version(), workspace.database.head()
    if version == head:
        yield Finding("schema", "ok", f"数据库结构 {version}", f"schema {version}")
    else:
        yield Finding(
            "schema",
            "problem",
            f"数据库结构 {version},需要 {head}:运行 beihuo db upgrade",
            f"schema {version}, {head} is needed: run beihuo db upgrade",
        )
    if not workspace.database.is_sqlite:
        yield Finding("database", "ok", "PostgreSQL 可用", "PostgreSQL answers")
        return
    library = sqlite.driver().sqlite_version
    if sqlite.driver().sqlite_version_info >= sqlite.SOUND_SINCE:
        yield Finding("database", "ok", f"SQLite {library}", f"SQLite {library}")
    else:
        yield Finding(
            "database",
            "warning",
            f"SQLite {library} 有一个罕见的 WAL 缺陷;安装 pysqlite3 即用较新的版本",
            f"SQLite {library} has a rare fault of its WAL: install pysqlite3 and the newer one is used",
        )


def _folder(workspace: Workspace) -> Iterator[Finding]:
    free = shutil.disk_usage(workspace.settings.data_dir).free
    state = "ok" if free > _LEAST_FREE else "problem"
    gigabytes = f"{free / 1e9:.1f} GB"
    yield Finding("disk", state, f"数据目录剩余 {gigabytes}", f"{gigabytes} free for the data folder")


def _secret(workspace: Workspace) -> Iterator[Finding]:
    if workspace.settings.secret_key:
        yield Finding("secret", "ok", "已设置 BEIHUO_SECRET_KEY", "BEIHUO_SECRET_KEY is set")
    else:
        yield Finding(
            "secret",
            "warning",
            "没有设置 BEIHUO_SECRET_KEY,密钥存于数据目录的 secret.key,请一并备份",
            "BEIHUO_SECRET_KEY is not set: the secret is secret.key in the data folder, back it up too",
        )


def _workers(workspace: Workspace) -> Iterator[Finding]:
    if workspace.database.version() is None:
        return
    with workspace.read() as session:
        alive = runs.count_workers(session, workspace.clock() - SILENT)
        waiting, states = slots.count_open(session), outbox.count_by_state(session)
        oldest = outbox.next_due(session)
    if alive:
        yield Finding("worker", "ok", f"{alive} 个工作进程在运行", f"{alive} workers are running")
    else:
        yield Finding(
            "worker",
            "warning",
            "一分钟内没有工作进程:定时评估和发送都停着,请运行 beihuo serve 或 beihuo worker",
            "no worker for a minute: nothing is evaluated or sent; run beihuo serve or beihuo worker",
        )
    late = oldest is not None and workspace.clock() - oldest > 5 * SILENT
    queued, dead = states.get("queued", 0), states.get("dead", 0) + states.get("failed", 0)
    yield Finding(
        "queue",
        "problem" if late else "warning" if dead else "ok",
        f"待发送 {queued},失败 {dead},待评估 {waiting}",
        f"{queued} to send, {dead} failed, {waiting} to evaluate",
    )


_LOOKS: tuple[Callable[[Workspace], Iterator[Finding]], ...] = (_python, _rooms, _database, _folder, _secret, _workers)
