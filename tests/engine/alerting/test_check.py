"""Publishing a rule: every formula, calendar, grain and group is looked at, and all that is wrong is told."""

from __future__ import annotations

from engine.alerting import check_rule

FORMS = [
    {
        "key": "sku",
        "name": "商品",
        "fields": [{"key": "code", "type": "text"}, {"key": "lead_time_days", "type": "number"}],
    },
    {
        "key": "stock",
        "name": "库存",
        "natural_keys": ["sku", "warehouse"],
        "fields": [
            {"key": "sku", "type": "link", "form": "sku"},
            {"key": "warehouse", "type": "text"},
            {"key": "on_hand", "type": "number"},
        ],
    },
    {
        "key": "sales",
        "name": "销售",
        "storage": "facts",
        "fields": [
            {"key": "sku", "type": "link", "form": "sku"},
            {"key": "date", "type": "date"},
            {"key": "quantity", "type": "number"},
        ],
    },
]
CALENDAR = {"key": "promotion", "events": [{"name": "双11", "from": "2026-11-01", "to": "2026-11-11"}]}


def rule(**more: object) -> dict:
    return {
        "key": "low",
        "name": "低库存",
        "over": "stock",
        "levels": [{"level": "warning", "when": "on_hand < 20"}],
        **more,
    }


def told(**more: object) -> list[str]:
    return [f"{problem.path}: {problem.message}" for problem in check_rule(rule(**more), FORMS, [CALENDAR])]


def test_a_sound_rule_has_no_problem():
    """Links, facts shared by SKU, a calendar, groups."""
    assert [] == told(
        let={"daily": "avg_daily(sales.quantity, 7)"},
        levels=[{"level": "warning", "when": "on_hand < daily * sku.lead_time_days"}],
        during=[{"calendar": "promotion", "levels": [{"level": "critical", "when": "on_hand < 50"}]}],
        share_by="sku_total",
        group_by=["warehouse", "level"],
    )


def test_an_undefined_grain_is_refused():
    """Sales have no warehouse: the rule must say how they are shared."""
    assert ["$.levels: sales 没有 warehouse,粒度不明"] == told(
        levels=[{"level": "warning", "when": "on_hand < avg_daily(sales.quantity, 7)"}]
    )


def test_mistakes_are_told_together():
    """A condition that is no condition, an unknown calendar, group, grouping key and function."""
    assert [
        "$.levels[0].when: 这里需要是非,实为数值",
        "$.during[0].calendar: 没有名为 “promotoin” 的日历",
        "$.let.x: 不能按 warehouse 汇总 sales:两张表没有共同的这一列",
        "$.group_by[0]: 没有字段 warehose",
    ] == sorted(
        told(
            levels=[{"level": "warning", "when": "on_hand + 1"}],
            during=[{"calendar": "promotoin"}],
            let={"x": "avg_daily(sales.quantity, 7, by='warehouse')"},
            group_by=["warehose"],
        ),
        key=lambda text: ["$.levels", "$.during", "$.let.x", "$.group_by"].index(text.split("[")[0].split(":")[0]),
    )


def test_names_that_refer_to_each_other_are_refused():
    """A of b and b of a: neither can be worked out first."""
    assert ["$.let: a、b 互相引用"] == told(let={"a": "b + 1", "b": "a + 1"})


def test_an_unknown_table_is_told_with_the_nearest():
    """`stok` is no table, `stock` is."""
    (problem,) = check_rule(rule(over="stok"), FORMS)
    assert ("$.over", "是否想用 “stock”?") == (problem.path, problem.hint)


def test_names_may_come_in_any_order():
    """A JSON object promises no order: a name may use one that stands below it."""
    assert [] == told(let={"free": "on_hand - kept", "kept": "on_hand / 2"})


def test_field_types_named_after_a_form_are_links():
    """The base pack's fields of type `sku` and `warehouse` lead to those forms, and are keys of facts."""
    typed = [
        {**form, "fields": [{**f, "type": "sku"} if f["key"] == "sku" else f for f in form["fields"]]} for form in FORMS
    ]
    wanted = rule(levels=[{"level": "warning", "when": "on_hand < avg_daily(sales.quantity, 7) * sku.lead_time_days"}])
    assert [] == check_rule({**wanted, "share_by": "sku_total"}, typed)
