"""Series, forecast, stock and look-up calls: their identity, what supplies them, and look-ups into rows."""

from __future__ import annotations

import duckdb
import pytest
from expression_ways import by_row, checked

from engine.expression import Context, columnar, evaluate, shown
from engine.expression.function import FUNCTIONS
from engine.problems import DefinitionError, EvaluationError

FIELDS = {
    "on_hand": {"type": "number", "label": "在库"}, "sku": {"type": "link", "form": "sku", "fields": {"name": "text", "lead_time_days": "number"}},
    "sales": {"type": "facts", "label": "销售", "fields": {"quantity": {"type": "number", "label": "数量"}, "in_stock": "boolean"}},
    "supplier": {"type": "form", "fields": {"code": "text", "lead_time_days": "number", "active": "boolean"}},
}  # fmt: skip
SUPPLIERS = [{"code": "S1", "lead_time_days": 7, "active": True}, {"code": "S2", "lead_time_days": 5, "active": True},
             {"code": "S3", "lead_time_days": 90, "active": False}, {"code": "S4", "lead_time_days": None, "active": None}]  # fmt: skip
CONTEXT = Context(rows=lambda form: {"supplier": SUPPLIERS}[form])


def test_a_call_has_one_identity_however_it_is_written():
    one = checked("日均(销售.数量, 7, exclude='spikes') > 1", FIELDS).series_calls()
    other = checked("2 * AVG_DAILY(sales.quantity,7,exclude = 'spikes')", FIELDS).series_calls()

    assert one == other
    assert ("avg_daily", "series", "sales", "sales.quantity", 7, {"exclude": "spikes"}, "avg_daily(sales.quantity, 7, exclude='spikes')") == (
        one[0].function, one[0].family, one[0].form, one[0].column, one[0].window, one[0].options, one[0].key,
    )  # fmt: skip
    assert one[0].digest == other[0].digest


def test_distinct_calls_are_listed_once():
    typed = checked(
        "avg_daily(sales.quantity, 7) + avg_daily(sales.quantity, 7) * avg_daily(sales.quantity, 28) - available()",
        FIELDS,
    )

    assert ["avg_daily(sales.quantity, 7)", "avg_daily(sales.quantity, 28)", "available()"] == [
        call.key for call in typed.series_calls()
    ]
    assert () == typed.paths()


def test_a_condition_over_rows_stays_apart_from_the_record():
    typed = checked("count_days(sales.quantity > 3 and sales.in_stock, 30) > on_hand", FIELDS)
    call = typed.series_calls()[0]

    assert (("on_hand",), None, "((sales.quantity > 3) and sales.in_stock)") == (
        typed.paths(),
        call.column,
        call.key[11:-5],
    )
    assert call.condition is not None


def test_the_horizon_of_a_forecast_may_be_a_field():
    typed = checked("forecast(sku.lead_time_days, 0.9)", FIELDS)
    call = typed.series_calls()[0]

    assert (("sku.lead_time_days",), 0.9) == (typed.paths(), call.arguments[1])


def test_options_may_be_several():
    call = checked("avg_daily(sales.quantity, 7, exclude=['stockouts', 'spikes'])", FIELDS).series_calls()[0]

    assert {"exclude": ("spikes", "stockouts")} == call.options


def test_values_are_supplied_by_the_record_or_the_context():
    typed = checked("on_hand / avg_daily(sales.quantity, 7)", FIELDS)

    assert [2.0] == by_row(typed, [{"on_hand": 10, "avg_daily(sales.quantity, 7)": 5}], Context())
    assert [5.0] == by_row(
        typed, [{"on_hand": 10}], Context(series=lambda call, record: 2 if call.function == "avg_daily" else None)
    )
    with pytest.raises(EvaluationError, match="没有提供"):
        evaluate(typed, {"on_hand": 10})


@pytest.mark.parametrize(
    "example",
    [example for name in ("LOOKUP", "SUM_OF", "COUNT_OF", "AVERAGE_OF") for example in FUNCTIONS[name].examples],
)
def test_look_ups_go_through_rows(example):
    assert [True] == by_row(checked(example, FIELDS), [{}], CONTEXT)


def test_a_look_up_compares_with_the_record():
    typed = checked("SUM_OF(supplier.lead_time_days, supplier.code == sku)", FIELDS)

    assert [7.0, 0.0] == by_row(typed, [{"sku": "S1"}, {"sku": None}], CONTEXT)
    assert [None] == by_row(
        checked("LOOKUP('supplier', 'code', sku, 'lead_time_days')", FIELDS), [{"sku": "S9"}], CONTEXT
    )


def test_links_may_be_codes():
    context = Context(lookup=lambda form, code: {"name": f"{form} {code}"} if code == "A1" else None)

    assert ["sku A1", None] == by_row(checked("sku.name", FIELDS), [{"sku": "A1"}, {"sku": "B2"}], context)
    assert ["x"] == by_row(checked("sku.name", FIELDS), [{"sku": {"code": "A1", "name": "x"}}], context)
    assert ["A1"] == by_row(checked("sku", FIELDS), [{"sku": {"code": "A1", "name": "x"}}], context)


def test_in_a_table_calls_and_parts_are_columns():
    typed = checked("on_hand < avg_daily(sales.quantity, 7) * sku.lead_time_days * 1.2", FIELDS)
    parts = dict(shown(typed))
    columns = {
        "on_hand": columnar.Column("stock", bound=2**53),
        "avg_daily(sales.quantity, 7)": columnar.Column("w7", double=True),
        "sku.lead_time_days": "lead",
    }
    sql = columnar.to_sql(typed, columns)
    right = columnar.to_sql(parts["avg_daily(sales.quantity, 7) * sku.lead_time_days * 1.2"], columns)
    rows = (
        duckdb.connect()
        .execute(
            f"SELECT {sql}, {right} FROM (VALUES (9, 5.0::DOUBLE, 7), (99, 5.0::DOUBLE, 7), (9, NULL, 7)) t(stock, w7, lead)"
        )
        .fetchall()
    )

    assert [(True, 42.0), (False, 42.0), (None, None)] == rows


def test_a_part_that_is_a_column_already_is_not_computed_again():
    typed = checked("on_hand / 2 + on_hand / 2 > 3", FIELDS)

    assert 'CAST("half" AS DOUBLE) + CAST("half" AS DOUBLE)' in columnar.to_sql(typed, {"(on_hand / 2)": "half"})


def test_a_call_without_a_column_is_told():
    with pytest.raises(DefinitionError, match="没有提供 available\\(\\) 的列"):
        columnar.compile(checked("available() > 1", FIELDS), {})


def test_bounded_columns_need_no_checks():
    typed = checked("on_hand * 2 < 100", FIELDS)

    assert "ISFINITE" in columnar.to_sql(typed, {})
    assert "(CAST(\"on_hand\" AS DOUBLE) * CAST('2' AS DOUBLE)) < CAST('100' AS DOUBLE)" == columnar.to_sql(
        typed, {"on_hand": columnar.Column("on_hand", bound=2**53)}
    )
