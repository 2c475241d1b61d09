"""Vouchers: the books of stock as debit and credit, and the columns in which an accounting program takes them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from engine.inventory.costing import Valued

# Account codes of the Chinese accounting standards for enterprises; users put their own in their place.
ACCOUNTS: Final[Mapping[str, str]] = {
    "1405": "库存商品", "1402": "在途物资", "2202": "应付账款", "6401": "主营业务成本", "1901": "待处理财产损溢",
}  # fmt: skip
_BOUGHT, _SOLD, _BACK, _LESS, _MORE = (
    ("1405", "2202"),
    ("6401", "1405"),
    ("1405", "6401"),
    ("1901", "1405"),
    ("1405", "1901"),
)
# kind -> (debit, credit); an `edit` that adds is a gain, one that takes away a loss.
ENTRIES: Final[Mapping[str, tuple[str, str]]] = {
    "receipt": _BOUGHT, "receive": _BOUGHT, "arrive": _BOUGHT, "sale": _SOLD, "return": _BACK, "damage": _LESS,
    "lost": ("1901", "1402"), "count_loss": _LESS, "count_gain": _MORE, "transfer_out": ("1402", "1405"),
    "transfer_in": ("1405", "1402"), "edit": _MORE, "edit_loss": _LESS, "count": _MORE, "count_less": _LESS,
}  # fmt: skip
SUMMARIES: Final[Mapping[str, str]] = {
    "receipt": "入库", "receive": "采购入库", "arrive": "到货入库", "sale": "销售出库", "return": "退货入库", "damage": "报损",
    "lost": "调拨途损", "count_loss": "盘亏", "count_gain": "盘盈", "transfer_out": "调拨出库", "transfer_in": "调拨入库",
    "edit": "库存调增", "edit_loss": "库存调减", "count": "盘盈", "count_less": "盘亏",
}  # fmt: skip
_COMMON: Final = {"制单人": "actor"}
# What each program's import is told to expect. No vendor publishes these headers for all its versions: they are a start
# to be compared with one's own import template, and they are changed in the settings, not here.
FORMATS: Final[Mapping[str, Mapping[str, str]]] = {
    "csv": {
        "date": "date", "voucher": "number", "document": "document", "kind": "kind", "summary": "summary", "sku": "sku",
        "warehouse": "warehouse", "quantity": "quantity", "unit_cost": "unit_cost", "account": "account",
        "account_name": "account_name", "debit": "debit", "credit": "credit",
    },
    "kingdee": {
        "日期": "date", "凭证字": "word", "凭证号": "number", "分录号": "line", "摘要": "summary", "科目代码": "account",
        "科目名称": "account_name", "借方金额": "debit", "贷方金额": "credit", "数量": "quantity", "单价": "unit_cost",
        "核算项目": "sku", **_COMMON,
    },
    "yonyou": {
        "制单日期": "date", "凭证类别": "word", "凭证编号": "number", "行号": "line", "摘要": "summary", "科目编码": "account",
        "借方本币金额": "debit", "贷方本币金额": "credit", "数量": "quantity", "单价": "unit_cost", "存货编码": "sku",
        "仓库编码": "warehouse", **_COMMON,
    },
}  # fmt: skip
FIELDS: Final = (
    "date", "word", "number", "line", "document", "kind", "summary", "sku", "warehouse", "quantity", "unit_cost",
    "account", "account_name", "debit", "credit", "actor",
)  # fmt: skip


def lines(
    valued: Iterable[Valued],
    *,
    entries: Mapping[str, Sequence[str]] | None = None,
    accounts: Mapping[str, str] | None = None,
) -> Iterator[dict[str, Any]]:
    """Yield the voucher lines: two for each valued entry, one voucher a day and kind, debit = credit in each.

    Args:
        valued: the valued entries, oldest first.
        entries: kind → (debit, credit) account, over `ENTRIES`.
        accounts: account → name, over `ACCOUNTS`.
    """
    booked, named = {**ENTRIES, **(entries or {})}, {**ACCOUNTS, **(accounts or {})}
    numbers: dict[tuple[str, str], int] = {}
    counts: dict[int, int] = {}
    for one in valued:
        kind = _kind(one)
        if one.amount == 0 or kind not in booked:
            continue
        number = numbers.setdefault((one.entry["day"], kind), len(numbers) + 1)
        for side, account in zip(("debit", "credit"), booked[kind], strict=True):
            counts[number] = counts.get(number, 0) + 1
            money = {"debit": Decimal(0), "credit": Decimal(0), side: one.amount}
            yield {
                "date": one.entry["day"], "word": "记", "number": number, "line": counts[number],
                "document": one.entry["document"], "kind": kind, "summary": _summary(one, kind),
                "sku": one.entry["sku"], "warehouse": one.entry["warehouse"], "quantity": abs(one.units),
                "unit_cost": one.unit_cost.quantize(Decimal("0.0001")), "account": account,
                "account_name": named.get(account, ""), **money, "actor": one.entry["actor"],
            }  # fmt: skip


def _kind(one: Valued) -> str:
    kind = str(one.entry["kind"])
    less = {"edit": "edit_loss", "count": "count_less"}
    return less.get(kind, kind) if one.units < 0 else kind


def _summary(one: Valued, kind: str) -> str:
    document = f" {one.entry['document']}" if one.entry["document"] else ""
    return f"{SUMMARIES.get(kind, kind)}{document} {one.entry['sku']}"


def arranged(rows: Iterable[Mapping[str, Any]], columns: Mapping[str, str]) -> Iterator[list[str]]:
    """Yield the header and then each line as text, in the *columns* (title → field) of a format."""
    yield list(columns)
    for row in rows:
        yield [_text(row.get(name)) for name in columns.values()]


def _text(value: Any) -> str:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f") if value else "0"
    return "" if value is None else str(value)
