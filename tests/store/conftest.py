"""What the tests of the store share: a database of each kind, and a clock that stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from store.database import Database

NOW = dt.datetime(2026, 11, 25, 2, 0, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Column:
    """A column as `form_builder.columns` gives it."""

    name: str
    kind: str
    nullable: bool = True
    unique: bool = False
    links: str | None = None


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A database that holds our schema."""
    made = Database(database_url)
    made.upgrade()
    yield made
    made.close()


@pytest.fixture
def now() -> dt.datetime:
    """A moment."""
    return NOW


@pytest.fixture
def column() -> type[Column]:
    """Makes columns."""
    return Column
