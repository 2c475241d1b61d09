"""How a table of facts meets the rule's table: by which keys, and how sales without a warehouse are shared among them."""

from __future__ import annotations

from dataclasses import dataclass

from engine.alerting.subject import KEY_WORDS, Subject, facts_keys
from engine.problems import Problem, did_you_mean

SHIPMENTS = ("shipment", "shipments")
SHIPMENT_DAYS = 28
# What grows with the sales and is therefore shared; a count of days or a ratio is the same for every part.
SHARED = frozenset(
    {"avg_daily", "sum_over", "max_over", "min_over", "median_over", "percentile_over", "std_over", "trend", "ewma"}
    | {"today_so_far", "same_period_last_year", "avg_hourly"}
)


@dataclass(frozen=True)
class Grain:
    """The keys by which facts are added up for a record.

    Args:
        pairs: facts column → path of the record's field.
        missing: dimensions of the record's keys that the facts do not have.
        problems: why the grain is undefined; empty when it is not.
    """

    pairs: tuple[tuple[str, str], ...]
    missing: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def grain(subject: Subject, facts: str, by: tuple[str, ...] | None, share_by: str | None, path: str = "$") -> Grain:
    """Return how *facts* meet *subject*.

    Args:
        subject: the rule's table.
        facts: the facts table.
        by: the key columns that the call names, or None for all that both have.
        share_by: how the rule shares what has fewer keys than its table, or None.
        path: where the formula stands, for problems.
    """
    own = subject.world.definitions(subject.name)
    pairs = []
    for column in facts_keys(subject.world, facts):
        if column in own:
            pairs.append((column, column))
        elif column == subject.name and (code := subject.world.code(subject.name)) is not None:
            pairs.append((column, code))
    if not pairs:
        message = f"{facts} 与 {subject.name} 没有共同的键"
        return Grain((), (), (Problem(path, message, "", f"{facts} and {subject.name} share no key"),))
    if by is not None:
        return _chosen(pairs, by, facts, path)
    met = {path for _, path in pairs}
    missing = tuple(key for key in dimensions(subject) if key not in met)
    if missing and share_by is None:
        shown = "、".join(missing)
        problem = Problem(
            path,
            f"{facts} 没有 {shown},粒度不明",
            "请写 share_by:sku_total(每处都看合计)、fixed(按固定比例)或 recent_shipments(按近期出库)",
            f"{facts} have no {', '.join(missing)}: the grain is undefined",
            "say share_by: sku_total, fixed or recent_shipments",
        )
        return Grain(tuple(pairs), missing, (problem,))
    return Grain(tuple(pairs), missing)


def _chosen(pairs: list[tuple[str, str]], by: tuple[str, ...], facts: str, path: str) -> Grain:
    kept, problems = [], []
    for name in by:
        found = [pair for pair in pairs if name in pair]
        if found:
            kept.extend(found)
            continue
        near = did_you_mean(name, [column for column, _ in pairs])
        hint, hint_en = (f"是否想用 “{near}”?", f"did you mean “{near}”?") if near else ("", "")
        message = f"不能按 {name} 汇总 {facts}:两张表没有共同的这一列"
        problems.append(
            Problem(path, message, hint, f"{facts} cannot be grouped by {name}: not a common column", hint_en)
        )
    return Grain(tuple(dict.fromkeys(kept)), (), tuple(problems))


def dimensions(subject: Subject) -> tuple[str, ...]:
    """Return the keys of the record that are places or goods (not a document's number)."""
    linked = (key for key in subject.keys if key in KEY_WORDS or subject.world.link(subject.name, key) is not None)
    return tuple(linked)
