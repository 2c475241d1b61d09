"""What the tests of the use cases share: a workspace with a clock that is set by hand, and three small forms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher

from services import publish
from services.workspace import Settings, Workspace, open_workspace
from store import users

PASSWORD = "three-blue-kettles"


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = dt.datetime(2026, 11, 25, 2, 0, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.now

    def pass_(self, **time: float) -> None:
        """Let time pass."""
        self.now += dt.timedelta(**time)


@pytest.fixture
def clock() -> Clock:
    """The clock of the workspace."""
    return Clock()


@pytest.fixture
def empty(tmp_path: Path, database_url: str, clock: Clock) -> Iterator[Workspace]:
    """An empty workspace on each kind of database."""
    made = open_workspace(Settings(data_dir=tmp_path, database_url=database_url), clock)
    yield made
    made.close()


@pytest.fixture
def ws(tmp_path: Path, clock: Clock) -> Iterator[Workspace]:
    """An empty workspace on SQLite."""
    made = open_workspace(Settings(data_dir=tmp_path), clock)
    yield made
    made.close()


def field(key: str, type_: str = "text", **more: Any) -> dict[str, Any]:
    """Return a field."""
    return {"key": key, "type": type_, "label": {"code": "编码", "name": "名称"}.get(key, key), **more}


SKU = {
    "kind": "form",
    "key": "sku",
    "name": "商品",
    "fields": [
        field("code", required=True, unique=True),
        field("name"),
        field("safety_stock", "number", default=20),
        field("owner", "member"),
    ],
}
WAREHOUSE = {
    "kind": "form",
    "key": "warehouse",
    "name": "仓库",
    "fields": [field("code", required=True, unique=True), field("name")],
}
STOCK = {
    "kind": "form",
    "key": "stock",
    "name": "库存",
    "natural_keys": ["sku", "warehouse"],
    "fields": [
        field("sku", "sku", required=True),
        field("warehouse", "warehouse", required=True),
        field("on_hand", "number"),
        field("short", "formula", expression="sku.safety_stock - on_hand"),
    ],
}


HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def add_people(workspace: Workspace) -> None:
    """Add an administrator, a buyer and the buyer's superior; their hashes are cheap ones."""
    people = (
        ("admin", "管理员", ["admin"]),
        ("wang", "王敏", ["operator", "manager"]),
        ("chen", "陈宁", ["operator", "buyer"]),
    )
    with workspace.write() as session:
        for key, name, roles in people:
            users.add(session, key=key, name=name, roles=roles, password_hash=HASH, now=workspace.clock())


@pytest.fixture
def forms() -> Callable[[Workspace], Workspace]:
    """Publishes the forms and adds the people."""

    def prepare(workspace: Workspace) -> Workspace:
        add_people(workspace)
        publish.publish_many(workspace, [STOCK, SKU, WAREHOUSE], user="admin")
        return workspace

    return prepare


@pytest.fixture
def shop(ws: Workspace, forms: Callable[[Workspace], Workspace]) -> Workspace:
    """A workspace on SQLite with forms and people."""
    return forms(ws)


@pytest.fixture
def shops(empty: Workspace, forms: Callable[[Workspace], Workspace]) -> Workspace:
    """A workspace on each kind of database with forms and people."""
    return forms(empty)
