"""Read what people type and what files hold: numbers, dates, moments, codes, yes and no."""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from form_builder.field import unreadable

EMPTY_WORDS = {"", "-", "--", "—", "——", "n/a", "#n/a", "na", "null", "none", "nan", "无"}
_LARGEST = 2**53
_UNITS = {"万": Decimal(10_000), "亿": Decimal(100_000_000), "千": Decimal(1_000), "k": Decimal(1_000)}
_NUMBER = re.compile(r"([+-]?)(\d{1,3}(?:,\d{3})+|\d*)(\.\d+)?(e[+-]?\d{1,3})?", re.ASCII)
_DATE = re.compile(r"(\d{4})\s*([-/.年])\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?(?:[t\s]+(\S.*))?", re.ASCII)
_COMPACT = re.compile(r"((?:19|20|21)\d{2})(\d{2})(\d{2})", re.ASCII)
_TIME = re.compile(
    r"(上午|下午|晚上|am|pm)?\s*(\d{1,2})(?:[:点时](\d{1,2})?)?(?:[:分](\d{1,2})(?:\.(\d{1,6})\d*)?)?[秒分]?\s*(am|pm)?",
    re.ASCII,
)
_OFFSET = re.compile(r"\s*(z|[+-]\d{2}:?\d{2})$", re.ASCII)
_EXCEL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 a spreadsheet's clock has no zone
_EXCEL_DAYS = (20_000, 80_000)  # 1954 … 2119: other numbers are no dates
YES = {"是", "对", "有", "真", "true", "yes", "y", "t", "1", "√", "✓", "✔", "on", "启用", "开"}
NO = {"否", "错", "没有", "假", "false", "no", "n", "f", "0", "×", "✗", "x", "off", "停用", "关"}


def normal(text: str) -> str:
    """Return *text* with full-width letters, digits and punctuation made half-width, and trimmed."""
    return unicodedata.normalize("NFKC", text).strip()


def is_empty(value: Any) -> bool:
    """Return whether *value* stands for an empty cell."""
    if isinstance(value, float):
        return math.isnan(value)
    if isinstance(value, str):
        return not value.strip()
    return value is None or value == []


def to_number(value: Any) -> int | float:
    """Return the number in *value*: 1,234.50 · ¥12 · (12) · 1.2万 · 3e2 · full-width digits."""
    if isinstance(value, bool):
        raise _no_number(value)
    if isinstance(value, int | float | Decimal):
        return _finite(Decimal(str(value)) if isinstance(value, float) else Decimal(value), value)
    if not isinstance(value, str):
        raise _no_number(value)
    text = normal(value).lower().replace(" ", "").replace("_", "").lstrip("'")
    negative = text.startswith("(") and text.endswith(")")
    text = text.strip("()").strip("¥$€£").removesuffix("元")
    text = text.replace("−", "-")
    factor = _UNITS.get(text[-1:])
    if factor is not None:
        text = text[:-1]
    match = _NUMBER.fullmatch(text)
    if match is None or not (match[2] or match[3]):
        raise _no_number(value)
    try:
        number = Decimal(text.replace(",", "")) * (factor or 1)
    except InvalidOperation:
        raise _no_number(value) from None
    return _finite(-number if negative else number, value)


def _no_number(value: Any) -> Exception:
    return unreadable(
        f"“{_short(value)}”不是数字",
        f"“{_short(value)}” is not a number",
        "写成 1234.5 或 1,234.5",
        "write 1234.5 or 1,234.5",
    )


def _finite(number: Decimal, value: Any) -> int | float:
    if not number.is_finite():
        raise _no_number(value)
    if number == number.to_integral_value():
        if abs(number) > _LARGEST:
            raise unreadable(
                f"数字“{_short(value)}”太大,精度会丢失", f"“{_short(value)}” is too large to be exact",
                "编码请用文本字段", "use a text field for codes",
            )  # fmt: skip
        return int(number)
    return float(number)


def rounded(number: float, decimals: int) -> int | float:
    """Return *number* rounded half away from zero to *decimals* places, as a spreadsheet does."""
    if isinstance(number, int):
        return number
    value = Decimal(str(number)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return int(value) if value == value.to_integral_value() else float(value)


def to_text(value: Any) -> str:
    """Return the text in *value*; a spreadsheet's float that is really a code loses its `.0`."""
    if isinstance(value, str):
        return value.strip().removeprefix("\ufeff")
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        if not value.is_integer():
            return repr(value)
        if abs(value) >= 1e15:
            raise unreadable(
                f"编码“{value:.0f}”超过 15 位,在表格里已按数字存储,末几位可能不对",
                f"the code “{value:.0f}” has more than 15 digits and was stored as a number: its last digits may be wrong",
                "在 Excel 里把这一列设为文本后重新填写", "format the column as text in the spreadsheet and fill it in again",
            )  # fmt: skip
        return str(int(value))
    if isinstance(value, int | Decimal):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    raise unreadable(f"“{_short(value)}”不是文本", f"“{_short(value)}” is not text")


def to_date(value: Any, zone: ZoneInfo) -> date:
    """Return the day in *value*: 2025-01-02 · 2025/1/2 · 2025年1月2日 · 20250102 · a spreadsheet's day number."""
    if isinstance(value, datetime):
        return value.astimezone(zone).date() if value.tzinfo else value.date()
    if isinstance(value, date):
        return value
    found = _excel_moment(value) or (_day_and_time(value) if isinstance(value, str) else None)
    if found is None:
        raise _no_date(value)
    moment = _moment(*found, zone) if isinstance(found, tuple) else found
    return moment.astimezone(zone).date() if moment.tzinfo else moment.date()


def to_datetime(value: Any, zone: ZoneInfo) -> datetime:
    """Return the moment (aware, UTC) in *value*; without an offset it is read in *zone*."""
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    if isinstance(value, datetime):
        moment: datetime | None = value
    elif isinstance(value, str) and (found := _day_and_time(value)) is not None:
        moment = _moment(*found, zone)
    else:
        moment = _excel_moment(value)
    if moment is None:
        raise _no_date(value)
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    except OverflowError:
        raise _no_date(value) from None


def to_time(value: Any) -> time:
    """Return the time of day in *value*: 08:30 · 8点30分 · 下午3:05 · 3:05 PM · a spreadsheet's fraction of a day."""
    if isinstance(value, datetime):
        return value.time().replace(tzinfo=None)
    if isinstance(value, time):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1:
        return (_EXCEL_EPOCH + timedelta(seconds=round(value * 86_400))).time()
    found = _clock(value) if isinstance(value, str) else None
    if found is None:
        raise unreadable(f"“{_short(value)}”不是时间", f"“{_short(value)}” is not a time", "写成 08:30", "write 08:30")
    return found


def to_boolean(value: Any) -> bool:
    """Return the yes or no in *value*: 是/否, 有/没有, √/×, true/false, yes/no, 1/0."""
    if isinstance(value, bool):
        return value
    if value in (0, 1):
        return bool(value)
    word = normal(value).lower() if isinstance(value, str) else None
    if word in YES:
        return True
    if word in NO:
        return False
    raise unreadable(
        f"“{_short(value)}”不是“是”或“否”",
        f"“{_short(value)}” is neither yes nor no",
        "写“是”或“否”",
        "write yes or no",
    )


def to_list(value: Any) -> list[Any]:
    """Return the parts of *value*: a list as it is, a text split at , ， 、 ; ； | and line ends."""
    if isinstance(value, list | tuple):
        return [part for part in value if not is_empty(part)]
    if isinstance(value, str):
        return [part.strip() for part in re.split(r"[,,、;;|\n]", value) if part.strip()]
    return [value]


def moment_text(moment: datetime) -> str:
    """Return a moment as the records hold it: UTC, whole seconds, `Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _no_date(value: Any) -> Exception:
    return unreadable(
        f"“{_short(value)}”不是日期", f"“{_short(value)}” is not a date",
        "写成 2025-01-02、2025/1/2 或 2025年1月2日", "write 2025-01-02",
    )  # fmt: skip


def _excel_moment(value: Any) -> datetime | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    compact = _COMPACT.fullmatch(str(int(value))) if value == int(value) else None
    if compact is not None:
        return _calendar(*map(int, compact.groups()))
    if not _EXCEL_DAYS[0] <= value <= _EXCEL_DAYS[1]:
        return None
    return _EXCEL_EPOCH + timedelta(seconds=round(value * 86_400))


def _day_and_time(value: str) -> tuple[datetime, str] | None:
    text = normal(value).lower()
    compact = _COMPACT.fullmatch(text)
    match = _DATE.fullmatch(text)
    if compact is not None:
        day = _calendar(*map(int, compact.groups()))
        return None if day is None else (day, "")
    if match is None:
        return None
    day = _calendar(int(match[1]), int(match[3]), int(match[4]))
    return None if day is None else (day, match[5] or "")


def _calendar(year: int, month: int, day: int) -> datetime | None:
    try:
        return datetime(year, month, day)  # noqa: DTZ001 the zone is the caller's
    except ValueError:
        return None


def _moment(day: datetime, clock: str, zone: ZoneInfo) -> datetime:
    offset = _OFFSET.search(clock)
    if offset is not None:
        clock = clock[: offset.start()]
    at = _clock(clock) if clock else time()
    if at is None:
        raise _no_date(f"{day:%Y-%m-%d} {clock}")
    moment = datetime.combine(day, at)
    if offset is None:
        return moment.replace(tzinfo=zone)
    return datetime.fromisoformat(moment.isoformat() + offset[1].upper().replace("Z", "+00:00"))


def _clock(text: str) -> time | None:
    match = _TIME.fullmatch(normal(text).lower())
    if match is None or (":" not in text and ":" not in text and "点" not in text and "时" not in text):
        return None
    hour, minute, second = int(match[2]), int(match[3] or 0), int(match[4] or 0)
    half = match[1] or match[6] or ""
    if half in {"下午", "晚上", "pm"} and hour < 12:
        hour += 12
    if half in {"上午", "am"} and hour == 12:
        hour = 0
    try:
        return time(hour, minute, second, int((match[5] or "0").ljust(6, "0")))
    except ValueError:
        return None


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= 40 else text[:39] + "…"


def said_empty(value: Any) -> bool:
    """Return whether a cell of numbers or dates says "nothing" in words: -, —, N/A, null, 无."""
    return isinstance(value, str) and normal(value).lower() in EMPTY_WORDS
