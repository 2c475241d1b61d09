"""Alerts: rules over whole tables at once, the life of an alert, who is told; pure, the time is an argument.

evaluate_rules(rules, tables, now=...) -> breaches      who breaches, with values
evaluate(...) -> Evaluation                             the same with what could not be judged, and open alerts
matches(rule, tables, now=...)                          what a rule being written would match
explain(rule, keys, tables, now=...)                    why it fired for one record, or why not
thresholds(rule, keys, tables, days)                    what each level compares a record with, day by day
explanation(rule, values, level)                        an alert in one line
backtest(rules, tables, start, end)                     how a rule would have done on past days
threshold(rule, tables, start, end)                     which value of one of its numbers would have done best
check_rule(definition, forms, calendars)                whether a rule can be published
step(previous, observation, rule, now)                  the life of an alert, run by run
routes_for, recipients, group, silence, inhibit         who is told
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.alerting.answers import Unknown
    from engine.alerting.calendars import active_events, rule_on
    from engine.alerting.check import check_rule
    from engine.alerting.evaluation import Evaluation, evaluate, evaluate_rules
    from engine.alerting.finder import numbers, threshold
    from engine.alerting.levels import rank
    from engine.alerting.line import thresholds
    from engine.alerting.matching import matches
    from engine.alerting.replay import backtest
    from engine.alerting.route import (
        Directory,
        Matcher,
        Route,
        Silence,
        escalation_due,
        group,
        inhibit,
        is_quiet,
        recipients,
        routes_for,
        silence,
    )
    from engine.alerting.sentence import Explainer, explanation
    from engine.alerting.state import (
        Acknowledgement,
        Episode,
        Event,
        Kind,
        Observation,
        Reason,
        State,
        Transition,
        acknowledge,
        snooze,
        step,
    )
    from engine.alerting.why import explain

# Found on first use: a web page that acknowledges an alert needs no DuckDB.
_PLACES = {
    "answers": "Unknown",
    "calendars": "active_events rule_on",
    "check": "check_rule",
    "evaluation": "Evaluation evaluate evaluate_rules",
    "finder": "numbers threshold",
    "why": "explain",
    "levels": "rank",
    "line": "thresholds",
    "matching": "matches",
    "replay": "backtest",
    "route": "Directory Matcher Route Silence escalation_due group inhibit is_quiet recipients routes_for silence",
    "sentence": "Explainer explanation",
    "state": "Acknowledgement Episode Event Kind Observation Reason State Transition acknowledge snooze step",
}


def __getattr__(name: str) -> Any:
    for module, names in _PLACES.items():
        if name in names.split():
            found = getattr(importlib.import_module(f"{__name__}.{module}"), name)
            globals()[name] = found
            return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "Acknowledgement",
    "Directory",
    "Episode",
    "Evaluation",
    "Event",
    "Explainer",
    "Kind",
    "Matcher",
    "Observation",
    "Reason",
    "Route",
    "Silence",
    "State",
    "Transition",
    "Unknown",
    "acknowledge",
    "active_events",
    "backtest",
    "check_rule",
    "escalation_due",
    "evaluate",
    "evaluate_rules",
    "explain",
    "explanation",
    "group",
    "inhibit",
    "is_quiet",
    "matches",
    "numbers",
    "rank",
    "recipients",
    "routes_for",
    "rule_on",
    "silence",
    "snooze",
    "step",
    "threshold",
    "thresholds",
]
