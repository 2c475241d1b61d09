"""Records counted and summed by groups, as far as somebody sees them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from engine.problems import DefinitionError, Problem, did_you_mean
from services import labels
from services.access import Access
from services.record_lists import wanted_by
from services.scope_words import SYSTEM_FIELDS
from services.workspace import Workspace
from store import records, totals
from store.totals import FUNCTIONS, PERIODS

_MOST = 1000
_NUMBERS = {"integer", "number", "money"}


def groups(
    workspace: Workspace,
    *,
    form: str,
    user: str,
    by: Sequence[str] = (),
    totals: Sequence[str] = (),
    filter: str | None = None,  # noqa: A002 the API's word
    q: str = "",
    limit: int = _MOST,
) -> dict[str, Any]:
    """Return `{items: [{values, labels, count, totals}], count, totals, more}`.

    Args:
        workspace: where.
        form: the form's key.
        user: who asks: only rows in which they see every field that is read are counted.
        by: fields to group by; a day or moment may be taken by `:year`, `:month` or `:day`.
        totals: `field:function` with sum, avg, min, max, count (not empty) or distinct; without a function the sum.
        filter: as in a list.
        q: as in a list.
        limit: groups at most, the largest first.

    Raises:
        DefinitionError: a field is not there, or has no such total.
        Refused: they may not look.
    """
    with workspace.read() as session:
        access = Access(session, workspace, user)
        keys, sums = _asked(access, form, by, totals)
        named = [name for name, _ in (*keys, *sums)]
        wanted = wanted_by(access, form, filter=filter, q=q, named=named)
        (whole,) = _groups(access, form, wanted, (), sums, 1)
        items = _groups(access, form, wanted, keys, sums, limit + 1) if keys else []
        named_rows = [{name: value for name, value in item["values"].items() if ":" not in name} for item in items]
        words = labels.of(session, access.documents, access.forms[form], named_rows, access)
    shown = [{**item, "labels": word} for item, word in zip(items, words, strict=True)]
    return {"items": shown[:limit], "count": whole["count"], "totals": whole["totals"], "more": len(shown) > limit}


def _groups(access: Access, form: str, wanted: records.Wanted, by: Any, sums: Any, limit: int) -> list[dict[str, Any]]:
    found = totals.groups(access.session, form, wanted, by=by, totals=sums, limit=limit)
    return [
        {"values": one.values, "count": one.count, "totals": {k: _plain(v) for k, v in one.totals.items()}}
        for one in found
    ]


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value


Pairs = list[tuple[str, str]]


def _asked(access: Access, form: str, by: Sequence[str], wanted: Sequence[str]) -> tuple[Pairs, Pairs]:
    """Return what is asked for as pairs, checked; all that is wrong at once."""
    state = records.state(access.session, form)
    hidden = access.hidden(form)
    kinds = {column.name: column.kind for column in (state.live if state else ()) if column.name not in hidden}
    known = {**dict.fromkeys(SYSTEM_FIELDS, "text"), "created_at": "datetime", "updated_at": "datetime", **kinds}
    keys = [_pair(text, "") for text in by]
    sums = [_pair(text, "sum") for text in wanted]
    problems = [_key_problem(place, pair, known) for place, pair in enumerate(keys)]
    problems += [_sum_problem(place, pair, known) for place, pair in enumerate(sums)]
    if any(problems):
        raise DefinitionError([problem for problem in problems if problem])
    return keys, sums


def _pair(text: str, otherwise: str) -> tuple[str, str]:
    name, _, word = text.partition(":")
    return name, word or otherwise


def _key_problem(place: int, pair: tuple[str, str], known: dict[str, str]) -> Problem | None:
    (name, period), path = pair, f"$.by[{place}]"
    if name not in known or known[name] == "json":
        return _unknown(path, name, known)
    if period and (period not in PERIODS or known[name] not in {"date", "datetime"}):
        listed = "、".join(PERIODS)
        return Problem(path, f"不能按“{period}”分组", f"日期可用 {listed}", f"cannot group by “{period}”", listed)
    return None


def _sum_problem(place: int, pair: tuple[str, str], known: dict[str, str]) -> Problem | None:
    (name, function), path = pair, f"$.totals[{place}]"
    if name not in known or known[name] == "json":
        return _unknown(path, name, known)
    dates = function in {"min", "max"} and known[name] in {"date", "datetime"}
    if function not in FUNCTIONS or (
        function not in {"count", "distinct"} and known[name] not in _NUMBERS and not dates
    ):
        listed = "、".join(FUNCTIONS)
        return Problem(
            path,
            f"“{name}”不能算“{function}”",
            f"数字可用 {listed}",
            f"there is no “{function}” of “{name}”",
            f"numbers have {listed}",
        )
    return None


def _unknown(path: str, name: str, known: dict[str, str]) -> Problem:
    near = did_you_mean(name, known)
    hint, hint_en = (f"是否想用“{near}”?", f"did you mean “{near}”?") if near else ("", "")
    return Problem(path, f"没有字段“{name}”", hint, f"there is no field “{name}”", hint_en)
