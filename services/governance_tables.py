"""Checks of data that look at many rows at once: codes written in several ways, names alike, days and codes missing."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from services.workspace import Workspace
from store import records
from store.database import Session

_LOOSE = re.compile(r"[\s\-_/.·・()()\[\]【】]+")
_DIGITS = re.compile(r"\d+")
# Shorter names are alike by chance: 珍珠耳环 and 珍珠耳钉 are two things.
_ONE_MORE, _ONE_OTHER = 5, 8
_CROWD = 20  # more names than this share a part by chance
_DAYS = 90
Seen = tuple[int, list["Finding"]]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: the form, what tells its record apart, and the sentence."""

    form: str
    keys: dict[str, str]
    label: str
    message: str
    message_en: str


def loose(text: str) -> str:
    """Return a code or name without what people leave out: case, width, spaces, hyphens, brackets."""
    return _LOOSE.sub("", unicodedata.normalize("NFKC", text).casefold())


def duplicates(session: Session, _workspace: Workspace, forms: Iterable[str]) -> Seen:
    """Codes that are the same but for the way they are written."""
    rows, found = 0, []
    for form in forms:
        places: dict[str, list[str]] = {}
        for code in _texts(session, form, "code"):
            rows += 1
            places.setdefault(loose(code), []).append(code)
        for codes in places.values():
            for code in codes if len(codes) > 1 else ():
                others = "、".join(other for other in codes if other != code)
                found.append(Finding(form, {"code": code}, code, f"与 {others} 只是写法不同", f"written like {others}"))
    return rows, found


def similar(session: Session, _workspace: Workspace, forms: Iterable[str]) -> Seen:
    """Names that are the same but for at most one character; different numbers in them make different things."""
    rows, found = 0, []
    for form in forms:
        names = _pairs(session, form)
        rows += len(names)
        by_part: dict[tuple[str, tuple[str, ...]], list[int]] = {}
        folded = [loose(name) for _, name in names]
        for place, name in enumerate(folded):
            if name:
                digits = tuple(_DIGITS.findall(name))
                for part in {name, *(name[:n] + name[n + 1 :] for n in range(len(name)))}:
                    by_part.setdefault((part, digits), []).append(place)
        near: dict[int, set[int]] = {}
        for places in by_part.values():
            for one in places if 1 < len(places) <= _CROWD else ():
                alike = {other for other in places if other != one and _alike(folded[one], folded[other])}
                if alike:
                    near.setdefault(one, set()).update(alike)
        for place, others in sorted(near.items()):
            code, name = names[place]
            shown = "、".join(f"{names[other][0]} {names[other][1]}" for other in sorted(others)[:3])
            found.append(
                Finding(form, {"code": code}, f"{code} {name}", f"名称与 {shown} 相近", f"named nearly like {shown}")
            )
    return rows, found


def _alike(one: str, other: str) -> bool:
    """Say whether two names, known to differ by at most one character, are long enough for that to mean something."""
    shorter = min(len(one), len(other))
    return one == other or shorter >= (_ONE_OTHER if len(one) == len(other) else _ONE_MORE)


def missing_days(_session: Session, workspace: Workspace, forms: Iterable[str]) -> Seen:
    """Days without any row of a channel that has rows before and after, of the last 90 days."""
    rows, found = 0, []
    since = workspace.today() - dt.timedelta(days=_DAYS)
    for form in forms:
        facts = workspace.facts(form)
        if facts.version() < 0:
            continue
        table = facts.read(since=since)
        names = [name for name in ("channel", "date") if name in table.column_names]
        days: dict[str, set[dt.date]] = {}
        for row in table.select(names).group_by(names).aggregate([]).to_pylist():
            days.setdefault(str(row.get("channel") or ""), set()).add(row["date"])
        for channel, there in sorted(days.items()):
            first, last = min(there), max(there)
            calendar = [first + dt.timedelta(days=number) for number in range((last - first).days + 1)]
            rows += len(calendar)
            words = (f"渠道 {channel}", f"channel {channel}") if channel else ("全部渠道", "all channels")
            for day in calendar:
                if day not in there:
                    keys = {"channel": channel, "date": day.isoformat()}
                    message, message_en = f"{words[0]}这一天没有任何销量", f"nothing was sold by {words[1]}"
                    found.append(Finding(form, keys, day.isoformat(), message, message_en))
    return rows, found


def unmapped(session: Session, workspace: Workspace, forms: Iterable[str]) -> Seen:
    """Codes in the facts that no SKU and no warehouse has."""
    rows, found = 0, []
    for form in forms:
        facts = workspace.facts(form)
        if facts.version() < 0:
            continue
        table = facts.read(since=workspace.today() - dt.timedelta(days=_DAYS))
        for key in ("sku", "warehouse"):
            if key not in table.column_names or records.state(session, key) is None:
                continue
            counts = Counter(table[key].combine_chunks().to_pylist())
            known = set(_texts(session, key, "code"))
            rows += len(counts)
            for code, count in sorted(counts.items(), key=lambda one: (-one[1], str(one[0]))):
                if code and code not in known:
                    word = {"sku": "商品", "warehouse": "仓库"}[key]
                    message = f"{count:,} 条销量的{word}编码不在档案里"
                    message_en = f"{count:,} facts carry this unknown {key}"
                    found.append(Finding(form, {key: str(code)}, str(code), message, message_en))
    return rows, found


CHECKS: Mapping[str, Callable[[Session, Workspace, Iterable[str]], Seen]] = {
    "duplicates": duplicates,
    "similar": similar,
    "missing_days": missing_days,
    "unmapped": unmapped,
}


def _texts(session: Session, form: str, column: str) -> list[str]:
    state = records.state(session, form)
    if state is None or column not in {one.name for one in state.live}:
        return []
    return [str(value) for value in records.arrow(session, form, [column])[column].to_pylist() if value is not None]


def _pairs(session: Session, form: str) -> list[tuple[str, str]]:
    state = records.state(session, form)
    if state is None or not {"code", "name"} <= {one.name for one in state.live}:
        return []
    table: Any = records.arrow(session, form, ["code", "name"])
    return [(str(row["code"]), str(row["name"])) for row in table.to_pylist() if row["code"] and row["name"]]
