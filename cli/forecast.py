"""`beihuo forecast`: the demand of every series, headless: files in, a file out, no database."""

from __future__ import annotations

import json

import click

from engine.problems import DefinitionError, Problem


def pairs(values: tuple[str, ...]) -> dict[str, str]:
    """Return `quantity=units,location=store_id` (repeatable) as our column -> their column."""
    found: dict[str, str] = {}
    for part in (part.strip() for value in values for part in value.split(",")):
        ours, sign, theirs = part.partition("=")
        if not sign or not ours or not theirs:
            text, text_en = f"“{part}”应写成 我们的列=文件的列", f"write “{part}” as our_column=their_column"
            raise DefinitionError(
                [Problem("$.map", text, "例如 quantity=units", text_en, "for example quantity=units")]
            )
        found[ours.strip()] = theirs.strip()
    return found


def numbers(text: str) -> tuple[float, ...]:
    """Return `0.5,0.9` as numbers."""
    try:
        return tuple(float(part) for part in text.split(",") if part.strip())
    except ValueError:
        message, english = f"“{text}”不是用逗号分开的数", f"“{text}” is not a list of numbers"
        raise DefinitionError([Problem("$.levels", message, "例如 0.5,0.9", english, "for example 0.5,0.9")]) from None


@click.command("forecast")
@click.option("--sales", required=True, help="销量:Parquet、CSV、文件夹或 Delta / sales")
@click.option("--horizon", type=int, default=28, show_default=True, help="预测多少天(或周) / days or weeks ahead")
@click.option("--levels", default="0.5,0.9,0.95", show_default=True, help="分位数 / quantiles")
@click.option("--promotions", help="促销与其他计划事件 / promotions and other planned events")
@click.option(
    "--total", is_flag=True, help="每个序列一行:整段合计及其分位数 / one row a series: the sum and its quantiles"
)
@click.option("--as-of", "as_of", type=click.DateTime(["%Y-%m-%d"]), help="评估日,默认末日次日 / evaluation day")
@click.option("--period", type=click.Choice(["day", "week"]), default="day", show_default=True, help="周期 / period")
@click.option("--map", "mapping", multiple=True, help="列名对应,如 quantity=units / column names")
@click.option("--keys", help="序列的键列,逗号分开 / key columns, when they are not the usual ones")
@click.option("--stream", type=click.Choice(["ordinary", "exceptional", "all"]), default="ordinary", show_default=True,
              help="常规、例外或全部需求 / which demand")  # fmt: skip
@click.option(
    "--engine", type=click.Choice(["duckdb", "spark"]), default="duckdb", show_default=True, help="计算引擎 / engine"
)
@click.option("--master", default="local[2]", show_default=True, help="Spark 主节点 / Spark master")
@click.option("--out", required=True, help="结果文件 .parquet 或 .csv / result file")
@click.option("--json", "as_json", is_flag=True, help="用 JSON 报告 / report as JSON")
def command(
    sales: str, horizon: int, levels: str, promotions: str | None, *, total: bool, as_of: object, period: str,
    mapping: tuple[str, ...], keys: str | None, stream: str, engine: str, master: str, out: str, as_json: bool,
) -> None:  # fmt: skip
    """预测每个序列的需求:均值与分位数 / Forecast the demand of every series: mean and quantiles."""
    from engine.forecasting.run import forecast
    from engine.forecasting.source import write_table

    frame = forecast(
        sales, horizon, levels=numbers(levels), future=promotions, as_of=str(as_of)[:10] if as_of else None,
        period=period, total=total, stream=stream, mapping=pairs(mapping), keys=keys.split(",") if keys else None,
        spark=master if engine == "spark" else None,
    )  # fmt: skip
    write_table(frame, out)
    report = {"series": int(frame["unique_id"].nunique()), "rows": len(frame), "out": out}
    text = f"{report['series']} 个序列,{report['rows']} 行 → {out} / {report['series']} series, {report['rows']} rows"
    click.echo(json.dumps(report, ensure_ascii=False) if as_json else text)
