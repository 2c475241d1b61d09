"""What a formula may know beside its record: the evaluation's time and zone, calendars, series, look-ups and parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from engine.expression.typed import InputCall

Record = Mapping[str, Any]


@dataclass(frozen=True)
class Context:
    """The surroundings of one evaluation; nothing is read from the machine.

    Args:
        now: the evaluation's time (aware). `TODAY()` is its date in *zone*.
        zone: the workspace's time zone, an IANA name.
        calendars: key → calendar definition (DESIGN §3.6); `china` for the Chinese working days is always there.
        series: supplies series, forecast and stock calls: (call, record) → value.
        lookup: the record of a form by its code: (form, code) → record or None. It also resolves links given as codes.
        rows: all records of a form, for SUM_OF, COUNT_OF, AVERAGE_OF and LOOKUP by another field.
        params: names that are not fields (`me`, `level`), used where the record has no such key.
        holidays: which working days WORKDAY, WORKDAYS and IS_HOLIDAY use: `china`, `weekends` or a key of *calendars*.
    """

    now: datetime | None = None
    zone: str = "Asia/Shanghai"
    calendars: Mapping[str, Any] = field(default_factory=dict)
    series: Callable[[InputCall, Record], Any] | None = None
    lookup: Callable[[str, Any], Record | None] | None = None
    rows: Callable[[str], Iterable[Record]] | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    holidays: str = "china"

    @cached_property
    def tz(self) -> ZoneInfo:
        """The time zone."""
        return ZoneInfo(self.zone)

    @cached_property
    def moment(self) -> datetime | None:
        """*now* as an instant in UTC; a naive one is read as local."""
        if self.now is None:
            return None
        return (self.now.replace(tzinfo=self.tz) if self.now.tzinfo is None else self.now).astimezone(UTC)

    @cached_property
    def today(self) -> date | None:
        """The evaluation's date in the zone."""
        return self.local(self.moment).date() if self.moment else None

    def local(self, moment: datetime) -> datetime:
        """Return *moment* on the zone's clock."""
        return moment.astimezone(self.tz)


NOTHING = Context()
