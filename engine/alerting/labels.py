"""What the usual fields are called in Chinese where no form says it (headless)."""

LABELS = {
    "on_hand": "在库",
    "in_transit": "在途",
    "reserved": "已锁",
    "on_order": "在订",
    "available": "可用",
    "lead_time_days": "提前期",
    "safety_stock": "安全库存",
    "price": "售价",
    "unit_cost": "成本",
    "category": "类目",
    "stage": "阶段",
    "channel": "渠道",
}
