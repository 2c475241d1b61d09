"""What reading one record may ask of the world: the time, the user, other records."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class RecordContext:
    """The surroundings of one record; a call-back that is None checks nothing.

    Args:
        now: the present moment (aware).
        zone: the workspace's time zone; moments without an offset are read in it.
        user: the key of whoever writes.
        lookup: answers the record of a form by its `code`, or None.
        exists: whether another record of a form has these values; the record being edited does not count.
        existing: the record before the change; None for a new one.
        forms: published form definitions by key, for expressions that follow links.
        number: issues the next number of an automatic number field within a period (`""`, `2026`, `2026-11`, …).
        member: the key of a user named by key or name, or None.
        department: the key of a department named by key or name, or None.
    """

    now: datetime
    zone: str = "Asia/Shanghai"
    user: str = ""
    lookup: Callable[[str, str], Mapping[str, Any] | None] | None = None
    exists: Callable[[str, Mapping[str, Any]], bool] | None = None
    existing: Mapping[str, Any] | None = None
    forms: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    number: Callable[[str, str, str], int] | None = None
    member: Callable[[str], str | None] | None = None
    department: Callable[[str], str | None] | None = None

    @property
    def tzinfo(self) -> ZoneInfo:
        """The workspace's time zone."""
        return ZoneInfo(self.zone)
