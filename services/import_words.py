"""What shops call their columns: the words that a file's header is matched with."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

# Field key → what it is called in exports of shop systems, ERPs and people's own tables.
SYNONYMS: dict[str, tuple[str, ...]] = {
    "sku": ("商品编码", "货品编码", "商家编码", "商家SKU", "SKU编码", "SKU", "外部编码", "外部系统编号", "规格编码", "货号", "商品代码", "产品编码", "物料编码", "item", "item_id", "product_id", "stockcode", "sku_id"),
    "code": ("编码", "编号", "代码", "商品编码", "货品编码", "商家编码", "SKU", "货号", "product_id", "sku_id"),
    "name": ("名称", "商品名称", "货品名称", "品名", "商品标题", "宝贝标题", "产品名称", "description", "title", "product_name"),
    "date": ("日期", "销售日期", "付款时间", "支付时间", "订单付款时间", "支付完成时间", "付款确认时间", "下单时间", "订单创建时间", "统计日期", "day", "order_date", "ds"),
    "quantity": ("数量", "销量", "销售数量", "购买数量", "商品数量", "订购数量", "件数", "宝贝总数量", "支付件数", "qty", "units", "sales", "y"),
    "warehouse": ("仓库", "仓库编码", "仓库名称", "发货仓", "分仓", "store", "store_id", "location", "city_id"),
    "channel": ("渠道", "平台", "店铺", "店铺名称", "来源平台", "shop", "platform"),
    "revenue": ("销售额", "实付金额", "支付金额", "应付金额", "订单金额", "成交金额", "amount", "sales_amount"),
    "price": ("单价", "成交价", "商品单价", "商品价格", "价格", "unit_price"),
    "promotion": ("促销", "活动", "活动名称", "promo", "activity_flag"),
    "in_stock": ("有货", "是否有货"),
    "exceptional": ("异常销量", "大单数量"),
    "on_hand": ("在库", "库存", "库存数量", "库存量", "实际库存", "实际库存数", "主仓实际库存", "现有库存", "可用库存", "数量", "stock", "inventory", "qty"),
    "reserved": ("占用", "占用数", "已占用", "锁定", "锁定数", "订单占有数", "待发货", "allocated"),
    "in_transit": ("在途", "调拨在途", "调拨在途数", "在途数"),
    "on_order": ("采购在途", "采购在途数", "已订未到", "on_po"),
    "category": ("品类", "类目", "分类", "商品分类"),
    "unit_cost": ("成本", "成本价", "采购价", "进价", "采购成本", "cost"),
    "safety_stock": ("安全库存", "安全库存下限", "库存下限", "min_stock"),
    "lead_time_days": ("提前期", "采购周期", "采购天数", "到货天数", "交期", "lead_time"),
    "supplier": ("供应商", "供应商编码", "供应商名称", "厂家", "vendor"),
    "moq": ("起订量", "最小起订量", "min_order"),
    "pack_size": ("箱规", "装箱数", "每箱数量"),
    "launched_on": ("上架日期", "上架时间", "上新日期"),
    "owner": ("负责人", "采购员", "运营"),
    "email": ("邮箱", "邮件", "mail"),
    "phone": ("电话", "手机", "联系电话"),
    "largest_line": ("最大单", "最大一单"),
}  # fmt: skip
_NOISE = re.compile(r"[\s_*::]+|[((【\[].*?[))】\]]")


def folded(word: str) -> str:
    """Return a column's name as names are compared: half-width, lower case, without units in brackets and spaces."""
    text = unicodedata.normalize("NFKC", word).lower()
    return _NOISE.sub("", text) or text.strip()


def words_of(field: Mapping[str, Any]) -> list[str]:
    """Return what a column for *field* may be called, the likeliest first."""
    own = [field["key"], field.get("label", ""), field.get("label_en", "")]
    return [folded(word) for word in (*own, *SYNONYMS.get(field["key"], ())) if word]


def guess_columns(fields: Sequence[Mapping[str, Any]], names: Sequence[str]) -> dict[str, str]:
    """Return field key → column name, each column used once; a field whose name nothing matches is left out.

    Exact names win over synonyms; then an earlier synonym over a later one.
    """
    free = {folded(name): name for name in reversed(names)}
    ranked = sorted(
        (rank, place, field["key"], word)
        for place, field in enumerate(fields)
        for rank, word in enumerate(words_of(field))
        if word in free
    )
    found: dict[str, str] = {}
    for _, _, key, word in ranked:
        if key not in found and word in free:
            found[key] = free.pop(word)
    return found
