"""`beihuo plan`: what to order, headless: sales, stock and a policy in, whole orders with reasons out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from engine.problems import DefinitionError, Problem


@click.command("plan")
@click.option("--sales", required=True, help="销量(或预测)文件 / sales, or a forecast")
@click.option("--stock", required=True, help="库存:键、on_hand、可选 reserved / stock")
@click.option("--in-transit", "in_transit", help="在途:键、arrives、quantity / on the way")
@click.option("--policy", required=True, help="策略 JSON 文件 / policy file")
@click.option("--promotions", help="促销计划 / planned promotions")
@click.option("--as-of", "as_of", type=click.DateTime(["%Y-%m-%d"]), help="评估日,默认末日次日 / evaluation day")
@click.option("--map", "mapping", multiple=True, help="列名对应,如 quantity=units / column names")
@click.option("--keys", help="序列的键列,逗号分开 / key columns, when they are not the usual ones")
@click.option("--out", required=True, help="结果文件 .parquet 或 .csv / result file")
@click.option("--json", "as_json", is_flag=True, help="用 JSON 报告 / report as JSON")
def command(
    sales: str, stock: str, in_transit: str | None, policy: str, promotions: str | None, *, as_of: object,
    mapping: tuple[str, ...], keys: str | None, out: str, as_json: bool,
) -> None:  # fmt: skip
    """按策略给出补货建议:数量与理由 / Replenishment proposals by a policy: quantities and reasons."""
    from cli.forecast import pairs
    from engine.forecasting.source import write_table
    from engine.replenishment.run import plan

    frame = plan(
        sales, stock, _document(policy), now=str(as_of)[:10] if as_of else None, in_transit=in_transit,
        future=promotions, mapping=pairs(mapping), keys=keys.split(",") if keys else None,
    )  # fmt: skip
    write_table(frame, out)
    ordered = frame["order_quantity"] > 0
    report = {
        "rows": len(frame), "orders": int(ordered.sum()), "units": int(frame["order_quantity"].sum()), "out": out,
    }  # fmt: skip
    text = (
        f"{report['rows']} 行,{report['orders']} 个补货,共 {report['units']} 件 → {out} / "
        f"{report['orders']} orders, {report['units']} units"
    )
    click.echo(json.dumps(report, ensure_ascii=False) if as_json else text)


def _document(path: str) -> dict[str, Any]:
    try:
        document: dict[str, Any] = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        text, text_en = f"策略文件 {path} 读不了:{error}", f"the policy file {path} cannot be read: {error}"
        raise DefinitionError([Problem("$.policy", text, "", text_en)]) from error
    return document
