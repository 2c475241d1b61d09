"""Browser and server refuse the same values of the same form with the same problems, and make the same record of the rest."""

import datetime as dt

import pytest
from form_ways import FormPage
from hypothesis import given, settings
from hypothesis import strategies as st

from form_builder import RecordContext, browser_logic, check_form, read_record

NOW = dt.datetime(2026, 11, 25, 4, 0, tzinfo=dt.UTC)
AROUND = {"now": NOW.isoformat(), "zone": "Asia/Shanghai"}
OPTIONS = ["爆款", "常销", {"value": "tail", "label": "长尾", "label_en": "Long tail"}]
SMALL = st.integers(-3, 12)
AMOUNT = st.one_of(
    SMALL, st.floats(-1e3, 1e3, allow_nan=False), st.sampled_from(["1,234", "12.345", "x", "1.2万", " 7 "])
)
WORD = st.one_of(st.text("ab爆 款1", max_size=8), st.sampled_from(["", " ", "长尾", "tail", "A001"]))


def optional(**settings):
    """Return settings of which any may be absent."""
    return st.fixed_dictionaries({}, optional=settings)


TYPES = {
    "text": (optional(max_length=st.integers(1, 6), min_length=st.integers(0, 2), pattern=st.sampled_from(["[a-z]+", "A[0-9]{3}", ".*款"])), WORD),
    "number": (optional(min=SMALL, max=st.integers(13, 90), decimals=st.integers(0, 3)), AMOUNT),
    "money": (optional(min=SMALL, max=st.integers(13, 2000)), AMOUNT),
    "percent": (optional(max=st.just(1)), st.one_of(AMOUNT, st.sampled_from(["12%", "150%"]))),
    "quantity": (optional(min=SMALL, packs=st.just([{"unit": "箱", "size": 12}]), whole_packs=st.just("箱")), st.one_of(AMOUNT, st.sampled_from(["2箱", "1箱3件"]))),
    "rating": (optional(stars=st.integers(2, 6)), st.one_of(SMALL, st.just("★★"))),
    "boolean": (st.just({}), st.one_of(st.booleans(), st.sampled_from(["是", "否", "maybe", 1, 0, 2]))),
    "choice": (st.just({"options": OPTIONS}), st.one_of(WORD, st.sampled_from(["爆款", "Long tail"]))),
    "multi_choice": (optional(max_count=st.integers(1, 2)).map(lambda one: {**one, "options": OPTIONS}), st.lists(st.sampled_from(["爆款", "常销", "tail", "没有"]), max_size=3)),
    "date": (optional(earliest=st.just("2025-01-01"), latest=st.just("2026-12-31")), st.sampled_from(["2025-02-30", "2026-01-05", "2024/3/4", "20260506", "2027年1月1日", "soon", ""])),
    "email": (st.just({}), st.sampled_from(["a@B.com", "a@b", "x", " lin@example.cn "])),
    "phone": (optional(mobile_only=st.just(True)), st.sampled_from(["138 0000 1234", "021-12345678", "+44 20 7946 0000", "12", "8613800001234"])),
    "barcode": (optional(symbology=st.sampled_from(["any", "ean13", "ean8"])), st.sampled_from(["6901234567892", "6901234567893", "96385074", "A-1", "条码", "12"])),
}  # fmt: skip
NUMBERS = ("number", "money", "quantity", "rating", "percent")
FLAGS = optional(required=st.booleans())


@st.composite
def fields(draw, prefix="f"):
    """Return two to six fields of any type with settings of their own."""
    kinds = draw(st.lists(st.sampled_from(sorted(TYPES)), min_size=2, max_size=6))
    return [
        {"key": f"{prefix}{place}", "type": kind, "label": f"字段{place}", **draw(FLAGS), **draw(TYPES[kind][0])}
        for place, kind in enumerate(kinds)
    ]


@st.composite
def forms(draw):
    """Return a form: fields, formulas over its numbers, rules, a check, perhaps a sub-form."""
    found = draw(fields())
    numbers = [one["key"] for one in found if one["type"] in NUMBERS]
    rules, checks = [], []
    if numbers:
        first, last = numbers[0], numbers[-1]
        found.append(
            {
                "key": "sum",
                "type": "formula",
                "label": "和",
                "expression": f"{first} + {last} * 3",
                "decimals": draw(st.integers(0, 3)),
            }
        )
        found.append({"key": "twice", "type": "formula", "label": "倍", "expression": "sum * 2"})
        others = [one["key"] for one in found if one["key"] != first]
        for _ in range(draw(st.integers(0, 3))):
            when = f"{first} {draw(st.sampled_from(['>', '<', '==']))} {draw(SMALL)}"
            what = draw(st.sampled_from(["show", "hide", "require", "read_only"]))
            rules.append(
                {"when": when, what: draw(st.lists(st.sampled_from(others), min_size=1, max_size=2, unique=True))}
            )
        if draw(st.booleans()):
            checks.append(
                {
                    "check": f"sum < {draw(st.integers(0, 60))}",
                    "message": "太多了",
                    "message_en": "too much",
                    "fields": [first],
                }
            )
    if draw(st.booleans()):
        found.append(
            {
                "key": "lines",
                "type": "sub_form",
                "label": "明细",
                "fields": draw(fields("c")),
                **draw(optional(min_rows=st.just(1), max_rows=st.just(2))),
            }
        )
    return {"key": "form", "name": "表单", "fields": found, "rules": rules, "checks": checks}  # fmt: skip


def values_of(draw, columns):
    """Return what somebody fills in: any of the *columns*, readable or not."""
    chosen = [one for one in columns if one["type"] in TYPES and draw(st.integers(0, 3))]
    return {one["key"]: draw(TYPES[one["type"]][1]) for one in chosen}


@st.composite
def filled(draw):
    """Return a form and what somebody fills in."""
    form = draw(forms())
    given_ = values_of(draw, form["fields"])
    if form["fields"][-1]["type"] == "sub_form":
        given_["lines"] = [values_of(draw, form["fields"][-1]["fields"]) for _ in range(draw(st.integers(0, 3)))]
    return form, given_


@pytest.fixture(scope="module")
def page():
    """The browser's code."""
    running = FormPage()
    yield running
    running.close()


def _told(problems):
    return sorted({(one["path"], one["message"], one["message_en"]) for one in problems})


@settings(max_examples=150, deadline=None)
@given(filled())
def test_the_same_problems_and_the_same_record(page, case):
    """Whatever the form and the values: path, message and message_en are equal, and so is what is stored."""
    form, given_ = case
    assert check_form(form, {}) == []
    logic, problems = browser_logic(form, {})
    assert problems == []
    told = page.ask({"form": form, "logic": logic, "existing": None, "given": given_, "around": AROUND})
    record, problems = read_record(form, told["sent"], RecordContext(NOW, lookup=None))
    assert _told(problem.as_dict() for problem in problems) == _told(told["problems"])
    if not problems:
        stored = {key: told["stored"].get(key) for key in record if key != "lines"}
        assert {key: value for key, value in record.items() if key != "lines"} == pytest.approx(stored)
