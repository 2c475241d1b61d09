"""Stock functions as formulas of the language over the fields that a table has: available, cover, safety stock, risk."""

from __future__ import annotations

from statistics import NormalDist

from engine.alerting.subject import Subject
from engine.expression import check, parse
from engine.expression.scope import Entry, Scope
from engine.expression.typed import InputCall, TypedTree
from engine.problems import DefinitionError, Problem

# The days over which stock functions look at demand.
DEMAND_DAYS = 28
# The complete hours over which `hours_of_cover` looks at demand.
DEMAND_HOURS = 24
_LEAD_TIMES = ("lead_time_days", "source.lead_time_days", "sku.lead_time_days", "supplier.lead_time_days")
_DEEP_LEAD_TIMES = ("sku.supplier.lead_time_days",)


def stock_steps(subject: Subject, call: InputCall) -> list[tuple[str, TypedTree]]:
    """Return the formulas that *call* stands for, each with its name, which later ones may use; the last is its value.

    available()          on hand + in transit − reserved; what a table does not have counts 0
    days_of_cover()      available ÷ average daily sales of 28 days
    hours_of_cover()     available ÷ average hourly sales of the last 24 complete hours
    safety_stock(p)      z(p) × standard deviation of daily sales × √ lead time
    reorder_point(p)     average daily sales × lead time + safety_stock(p)
    stockout_risk(h)     the probability that the sales of h days exceed what is available (normal)
    days_since_launch()  today − the launch day
    stage()              the product's `stage`

    Raises:
        DefinitionError: the table has no stock, no sales or no lead time to compute it from.
    """
    scope = Scope({})
    scope.by_key.update(subject.scope.by_key)
    steps = []
    for name, source in _sources(subject, call):
        typed, problems = check(parse(source), scope)
        if problems:
            raise DefinitionError(problems)
        scope.by_key[name] = Entry(name, "", typed.type)
        steps.append((name, typed))
    return steps


def _sources(subject: Subject, call: InputCall) -> list[tuple[str, str]]:
    function = call.function.lower()
    if function == "available":
        return [("value", _available(subject, call))]
    if function == "days_since_launch" and subject.launched_on is not None:
        return [("value", f"TODAY() - {subject.launched_on}")]
    if function == "stage" and (found := [path for path in ("stage", "sku.stage") if subject.has(path)]):
        return [("value", found[0])]
    average, deviation = (f"{name}({_demand(subject, call)}, {DEMAND_DAYS})" for name in ("avg_daily", "std_over"))
    if function == "days_of_cover":
        return [("value", f"({_available(subject, call)}) / {average}")]
    if function == "hours_of_cover":
        return [("value", f"({_available(subject, call)}) / avg_hourly({_demand(subject, call)}, {DEMAND_HOURS})")]
    if function == "stockout_risk":
        days = float(call.arguments[0])
        return _beyond(f"(({_available(subject, call)}) - {days!r} * {average}) / ({deviation} * SQRT({days!r}))")
    lead = _lead_time(subject, call)
    safety = f"{NormalDist().inv_cdf(float(call.arguments[0]))!r} * {deviation} * SQRT({lead})"
    if function == "safety_stock":
        return [("value", safety)]
    if function == "reorder_point":
        return [("value", f"{average} * {lead} + {safety}")]
    raise _cannot(call, "规则里还不能用它", "it cannot be used in a rule yet")


def _beyond(score: str) -> list[tuple[str, str]]:
    """Return the probability that a standard normal variable exceeds *score* (Abramowitz and Stegun 26.2.17)."""
    weights = (0.319381530, -0.356563782, 1.781477937, -1.821255978, 1.330274429)
    polynomial = " + ".join(f"({weight!r}) * _t ** {power}" for power, weight in enumerate(weights, 1))
    return [
        ("_x", score),
        ("_t", "1 / (1 + 0.2316419 * ABS(_x))"),
        ("_tail", f"0.3989422804014327 * EXP(0 - _x * _x / 2) * ({polynomial})"),
        ("value", "_tail if _x >= 0 else 1 - _tail"),
    ]


def _cannot(call: InputCall, why: str, why_en: str) -> DefinitionError:
    return DefinitionError([Problem("$", f"{call.function}():{why}", "", f"{call.function}(): {why_en}")])


def _available(subject: Subject, call: InputCall) -> str:
    own = subject.world.definitions(subject.name)
    if "on_hand" not in own:
        raise _cannot(call, f"表 {subject.name} 没有 on_hand", f"table {subject.name} has no on_hand")
    transit = " + IF_NULL(in_transit, 0)" if "in_transit" in own else ""
    reserved = " - IF_NULL(reserved, 0)" if "reserved" in own else ""
    return f"on_hand{transit}{reserved}"


def _demand(subject: Subject, call: InputCall) -> str:
    for facts in sorted(subject.facts, key=lambda name: name != "sales"):
        if "quantity" in subject.world.definitions(facts):
            return f"{facts}.quantity"
    raise _cannot(call, "没有销量表", "there are no sales")


def _lead_time(subject: Subject, call: InputCall) -> str:
    found = [path for path in (*_LEAD_TIMES, *_DEEP_LEAD_TIMES) if subject.has(path)]
    if not found:
        raise _cannot(call, "找不到提前期 lead_time_days", "there is no lead_time_days")
    text = found[-1]
    for path in reversed(found[:-1]):
        text = f"IF_NULL({path}, {text})"
    return text
