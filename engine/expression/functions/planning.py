"""Forecast and stock: what forecasting and inventory know about the record's product, supplied as columns.

The row form says how each one follows from what those parts know; `values` holds it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.expression.function import function
from engine.expression.operators import div

Values = Mapping[str, Any]


@function("forecast(h: number, quantile: share = None) -> number", alias="预测", zh="未来 h 天的需求:期望值,或第二个参数给出的分位数。",
          examples=("forecast(7) == 35", "forecast(7, 0.9) == 50"), family="forecast")  # fmt: skip
def forecast(values: Values) -> Any:
    """Give the expected demand of the next *h* days, or its quantile."""
    return values.get("forecast")


@function("forecast_error(n: whole) -> number", alias="预测误差", zh="最近 n 天预测的 WAPE(绝对误差之和 ÷ 实际之和)。",
          examples=("forecast_error(28) == 0.25",), family="forecast")  # fmt: skip
def forecast_error(values: Values) -> Any:
    """Give the WAPE of the last *n* days: absolute errors over actual demand."""
    return values.get("forecast_error")


@function("bias(n: whole) -> number", alias="预测偏差", zh="最近 n 天(预测 − 实际)÷ 实际;正数是预测偏高。",
          examples=("bias(28) == 0.05",), family="forecast")  # fmt: skip
def bias(values: Values) -> Any:
    """Give (forecast − actual) ÷ actual over the last *n* days; above 0 the forecast was too high."""
    return values.get("bias")


@function(
    "available() -> number",
    alias="可用",
    zh="可用库存:在库 + 在途 − 占用。",
    examples=("available() == 9",),
    family="stock",
)
def available(values: Values) -> Any:
    """Give the available stock: on hand + in transit − reserved."""
    on_hand = values.get("on_hand")
    if on_hand is None:
        return None
    return on_hand + (values.get("in_transit") or 0) - (values.get("reserved") or 0)


@function("days_of_cover() -> number", alias="可售天数", zh="可用库存 ÷ 日均需求;没有需求时为空。",
          examples=("days_of_cover() == 2.25",), family="stock")  # fmt: skip
def days_of_cover(values: Values) -> Any:
    """Give the available stock over the daily demand; null without demand."""
    return div(values["available"], values["daily"])


@function("hours_of_cover() -> number", alias="可售小时", zh="可用库存 ÷ 最近的时均销量;没有销量时为空。",
          examples=("hours_of_cover() == 4.5",), family="stock")  # fmt: skip
def hours_of_cover(values: Values) -> Any:
    """Give the available stock over the recent hourly sales; null without sales."""
    return div(values["available"], values["hourly"])


@function("safety_stock(level: share) -> number", alias="安全库存", zh="在该服务水平下的安全库存。",
          examples=("safety_stock(0.95) == 12",), family="stock")  # fmt: skip
def safety_stock(values: Values) -> Any:
    """Give the safety stock at the service level."""
    return values.get("safety_stock")


@function("reorder_point(level: share) -> number", alias="补货点", zh="在该服务水平下的补货点:提前期内需求的分位数。",
          examples=("reorder_point(0.95) == 48",), family="stock")  # fmt: skip
def reorder_point(values: Values) -> Any:
    """Give the reorder point at the service level: the quantile of demand over the lead time."""
    return values.get("reorder_point")


@function("stockout_risk(h: number) -> number", alias="缺货风险", zh="未来 h 天内缺货的概率,0 至 1。",
          examples=("stockout_risk(7) == 0.4",), family="stock")  # fmt: skip
def stockout_risk(values: Values) -> Any:
    """Give the probability, 0 to 1, of running out within *h* days."""
    return values.get("stockout_risk")


@function("days_since_launch() -> number", alias="上市天数", zh="上市至今的天数;没有上市日期时为空。",
          examples=("days_since_launch() == 90",), family="stock")  # fmt: skip
def days_since_launch(values: Values) -> Any:
    """Give the days since the launch; null without a launch date."""
    return values.get("days_since_launch")


@function("stage() -> text", alias="阶段", zh="商品阶段:新品、爆品、常销、长尾、衰退;可以手工指定。",
          examples=("stage() == '爆品'",), family="stock")  # fmt: skip
def stage(values: Values) -> Any:
    """Give the product's stage: 新品 (new), 爆品 (best seller), 常销 (steady), 长尾 (long tail) or 衰退 (declining)."""
    return values.get("stage")
