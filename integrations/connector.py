"""What a connector is: something outside that tables come from, as they are there; what they mean is for others to say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol, TypeVar

from engine.problems import BeihuoError
from engine.registry import Registry

Cells = list[list[Any]]
"""Rows of cells as the source has them: text, numbers, booleans, dates; None where a cell is empty."""


@dataclass(frozen=True, slots=True)
class Pulled:
    """What a connector brought: either raw cells (a sheet without known columns) or columns already typed.

    Args:
        cells: rows of cells, the header somewhere among the first; empty when there are *columns*.
        columns: a pyarrow.Table when the source knows its columns (Parquet), else None.
        tables: the names of the tables (sheets) that the source has.
        table: the one that was read.
        encoding: of a text file.
        notes: what the reader should know, in Chinese and English.
        total: how many rows of cells the table has, where not all were asked for.
    """

    cells: Cells = field(default_factory=list)
    columns: Any = None
    tables: tuple[str, ...] = ()
    table: str = ""
    encoding: str = ""
    notes: tuple[tuple[str, str], ...] = ()
    total: int = 0


class ConnectorError(BeihuoError):
    """A source cannot be read; the message says why, in Chinese and English."""


class Connector(Protocol):
    """A kind of source. Subclasses are static."""

    title: ClassVar[str]
    title_en: ClassVar[str]
    icon: ClassVar[str]
    schema: ClassVar[dict[str, Any]]
    example: ClassVar[dict[str, Any]]
    suffixes: ClassVar[tuple[str, ...]]
    """The file suffixes it reads (`.csv`); empty for what is not a file."""

    @classmethod
    def pull(cls, settings: Mapping[str, Any], limit: int | None = None) -> Pulled:
        """Return the table that *settings* name, or its first *limit* rows.

        Raises:
            ConnectorError: it cannot be read.
        """
        ...


CONNECTORS: Registry[type[Connector]] = Registry(
    "数据来源", "integrations.connectors", "beihuo.connectors", "connector"
)

_T = TypeVar("_T", bound=type[Connector])


def connector(name: str) -> Callable[[_T], _T]:
    """Register the decorated class as the connector *name*."""

    def register(plug_in: _T) -> _T:
        CONNECTORS.add(name, plug_in)
        return plug_in

    return register


def for_file(name: str) -> type[Connector]:
    """Return the connector that reads a file of that name.

    Raises:
        ConnectorError: nobody reads such files.
    """
    known: dict[str, type[Connector]] = {}
    for plug_in in CONNECTORS.values():
        known |= dict.fromkeys(plug_in.suffixes, plug_in)
    for suffix in sorted(known, key=len, reverse=True):
        if name.lower().endswith(suffix):
            return known[suffix]
    listed = "、".join(sorted(known))
    raise ConnectorError(f"不认识这种文件:{name}(可用 {listed}) / cannot read this kind of file: {name} ({listed})")
