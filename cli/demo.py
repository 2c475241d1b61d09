"""`beihuo demo`: load the demo shop, run the main job, tell what happened and why, and serve."""

from __future__ import annotations

import json
from typing import Any

import click

_STEPS = {
    "packs": "安装模板包 / packs",
    "people": "建立用户 / people",
    "shop": "生成两年的店铺 / simulating two years",
    "records": "写入商品、库存、货源 / records",
    "sales": "写入销量 / sales",
    "snapshots": "写入库存快照 / stock snapshots",
    "forecast": "预测(含过去几次,用来对账) / forecasts, past ones too",
    "evaluate": "评估规则 / evaluating rules",
    "chain": "计划、下单、收货 / planning, ordering, receiving",
    "deliver": "送达通知 / delivering notices",
}
_LEVELS = {"critical": "严重", "warning": "预警"}


@click.command("demo")
@click.option("--no-serve", is_flag=True, help="只载入并运行,不开网页服务 / Load and run only, do not serve.")
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址 / Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="端口 / Port.")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出,不开网页服务 / Print JSON and do not serve.")
def command(*, no_serve: bool, host: str, port: int, as_json: bool) -> None:
    """载入演示店铺(模拟数据),跑一遍主流程,说明什么触发了、为什么 / Load the demo shop, run the main job, serve."""
    from services import demo
    from services.workspace import open_workspace

    workspace = open_workspace()
    if as_json:
        click.echo(json.dumps(demo.load(workspace), ensure_ascii=False, indent=2, default=str))
        return
    story = _with_bars(workspace)
    _tell(story, f"http://{host}:{port}")
    if not no_serve:
        from cli.serve import serve

        serve(workspace, host=host, port=port)


def _with_bars(workspace: Any) -> dict[str, Any]:
    """Load the shop with one progress bar a step."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    from services import demo

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    console = Console()
    console.print("[bold]备货演示 / Beihuo demo[/]  店铺是程序模拟的,不是真实数据 / the shop is simulated, not real")
    with Progress(*columns, console=console) as bars:
        tasks: dict[str, Any] = {}

        def progress(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bars.add_task(_STEPS.get(step, step), total=total)
            bars.update(tasks[step], completed=done, total=max(total, 1) if done == total else total)

        return demo.load(workspace, progress=progress)


def _tell(story: dict[str, Any], address: str) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(soft_wrap=True)
    rows, run = story["rows"], story["evaluation"]
    state = "已经载入过,没有重复 / loaded before, nothing twice" if story["already"] else "已载入 / loaded"
    console.print(
        f"\n[bold]店铺 / Shop[/] {story['first']} … {story['last']}({state}):商品 {rows['sku']:,}、仓库 {rows['warehouse']}、"
        f"日销量 {rows['sales']:,} 行、库存快照 {rows['stock_snapshot']:,} 行"
    )
    console.print(
        f"[bold]评估 / Rules[/] {run['rules']} 条规则 × {run['rows']:,} 行,{run['seconds']:.2f} 秒:"
        f"新触发 {run['fired']}、变级 {run['changed']}、恢复 {run['resolved']}"
    )
    counts = "、".join(f"{_LEVELS.get(level, level)} {count}" for level, count in story["alerts"].items())
    console.print(f"[bold]当前预警 / Alerts now[/] {counts}")
    _tell_why(console, run, story["example"])
    console.print(
        f"[bold]通知 / Notices[/] 本次送达 {story['delivered']} 条;内置邮箱未读:"
        + "、".join(f"{key} {count}" for key, count in story["unread"].items() if count)
    )
    console.print(f"[bold]补货任务 / Tasks[/] {story['tasks']} 条(本次新建 {run['tasks']})")
    people = Table(title=f"登录 / Log in  {address}  密码 / password: beihuo-demo", title_justify="left")
    for title in ("用户 / user", "姓名 / name", "角色 / roles"):
        people.add_column(title)
    for person in story["people"]:
        people.add_row(person["key"], person["name"], "、".join(person["roles"]))
    console.print(people)


def _tell_why(console: Any, run: dict[str, Any], example: dict[str, Any] | None) -> None:
    """Spell out the numbers of one alert."""
    for one in run.get("examples", [])[:3]:
        console.print(f"  · [{_LEVELS.get(one['level'], one['level'])}] {one['rule']} · {one['record']}", markup=False)
        console.print(f"    为什么:{one['explanation']}", markup=False)
        console.print(f"    why: {one['explanation_en']}", markup=False)
    if not run.get("examples") and example is not None:
        labels = " · ".join(str(label) for label in example["labels"].values())
        console.print(
            f"  · [{_LEVELS.get(example['level'], example['level'])}] {example['rule']['name']} · {labels}",
            markup=False,
        )
        console.print(f"    为什么:{example['explanation']}", markup=False)
