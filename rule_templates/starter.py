"""A small pack to start from: one rule with an input, and a test that passes."""

from __future__ import annotations

from typing import Any


def starter(key: str, name: str) -> dict[str, Any]:
    """Return a whole pack named *key*: over the base forms, with one input, one rule and one test."""
    stock = [{"sku": "A", "warehouse": "hd", "on_hand": 19}]
    return {
        "kind": "pack",
        "schema_version": 1,
        "about": {
            "key": key,
            "name": name,
            "version": "0.1.0",
            "licence": "proprietary",
            "summary": "低于预警线就预警。",
            "summary_en": "Warns below a line.",
            "requires": {"base": "^1.0"},
        },
        "inputs": {
            "type": "object",
            "properties": {
                "line": {"type": "integer", "title": "预警线", "x-title-en": "Line", "default": 20, "minimum": 0}
            },
        },
        "definitions": [
            {
                "kind": "rule",
                "key": f"{key[:48]}_low",
                "name": "低于预警线",
                "name_en": "Below the line",
                "over": "stock",
                "levels": [{"level": "warning", "when": {"$text": ["on_hand < ", {"$input": "line"}]}}],
                "schedule": {"cron": "0 8 * * *"},
                "actions": [{"type": "notify"}],
            }
        ],
        "tests": [
            {
                "name": "19 件要预警",
                "name_en": "19 pieces raise an alert",
                "as_of": "2026-09-01",
                "tables": {
                    "sku": [{"code": "A", "name": "A"}],
                    "warehouse": [{"code": "hd", "name": "hd"}],
                    "stock": stock,
                },
                "expect": {
                    "alerts": [
                        {
                            "rule": f"{key[:48]}_low",
                            "level": "warning",
                            "keys": {"sku": "A", "warehouse": "hd"},
                            "values": {"on_hand": 19},
                        }
                    ]
                },
            }
        ],
    }
