"""The logic that the browser runs: trees in the order they are applied, linked forms, sub-forms, and what is wrong."""

from form_builder import browser_logic

SUPPLIER = {"key": "supplier", "name": "供应商", "fields": [{"key": "code", "type": "text", "label": "编码", "unique": True},
                                                        {"key": "days", "type": "number", "label": "提前期"}]}  # fmt: skip
ORDER = {
    "key": "order",
    "name": "订单",
    "fields": [
        {"key": "total", "type": "formula", "label": "合计", "expression": "price * quantity + fee"},
        {"key": "price", "type": "number", "label": "单价"},
        {"key": "quantity", "type": "number", "label": "数量", "default_expression": "supplier.days * 2"},
        {"key": "fee", "type": "formula", "label": "运费", "expression": "SUM(lines.amount)"},
        {"key": "supplier", "type": "link", "label": "供应商", "form": "supplier"},
        {
            "key": "lines",
            "type": "sub_form",
            "label": "明细",
            "fields": [
                {"key": "n", "type": "number", "label": "件"},
                {"key": "amount", "type": "formula", "label": "金额", "expression": "n * 3"},
            ],
        },
    ],
    "rules": [{"when": "price > 10", "require": ["supplier"], "set": {"quantity": "1"}}],
    "checks": [{"check": "quantity < 100", "message": "太多了"}],
}


def test_each_formula_comes_after_those_it_needs():
    """`total` needs `fee`, whatever the order in which they are drawn; a sub-form has a logic of its own."""
    logic, problems = browser_logic(ORDER, {"supplier": SUPPLIER})
    assert problems == []
    assert [("fee", False), ("quantity", True), ("total", False)] == [
        (one["key"], one["default"]) for one in logic["computed"]
    ]
    assert ["amount"] == [one["key"] for one in logic["sub"]["lines"]["computed"]]
    assert "list[number]" == logic["computed"][0]["tree"]["root"]["args"][0]["t"]
    assert ("supplier",) == logic["rules"][0]["require"]
    assert ["quantity"] == [one["key"] for one in logic["rules"][0]["set"]]
    assert ("太多了", "太多了") == (logic["checks"][0]["message"], logic["checks"][0]["message_en"])


def test_the_linked_forms_whose_fields_are_read_are_told():
    """The browser fetches the supplier's record only because a formula reads its days."""
    logic, _ = browser_logic(ORDER, {"supplier": SUPPLIER})
    assert {"supplier": {"form": "supplier", "links": {}}} == logic["links"]


def test_a_broken_formula_is_told_and_the_rest_still_works():
    """A draft with one bad expression keeps its other formulas alive."""
    broken = {
        **ORDER,
        "fields": [*ORDER["fields"], {"key": "bad", "type": "formula", "label": "坏", "expression": "1 +"}],
    }
    logic, problems = browser_logic(broken, {"supplier": SUPPLIER})
    assert {"$.fields[6].expression"} == {problem.path for problem in problems}
    assert ["fee", "quantity", "total"] == [one["key"] for one in logic["computed"]]
