"""`beihuo worker`: evaluate on schedule, act, send."""

from __future__ import annotations

import json
import signal
import threading
from types import FrameType

import click


@click.command("worker")
@click.option("--once", is_flag=True, help="只做一遍现在到期的事 / Do once what is due now, then stop.")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出(与 --once 一起用) / Print JSON (with --once).")
def command(*, once: bool, as_json: bool) -> None:
    """后台工作进程:到点评估、催办、发送;可以同时运行多个 / Evaluate, act and send; run as many as you like."""
    from services import scheduler
    from services.workspace import open_workspace

    workspace = open_workspace()
    if once:
        done = scheduler.tick(workspace)
        click.echo(json.dumps(done) if as_json else "  ".join(f"{name} {number}" for name, number in done.items()))
        return
    stop = stop_on_signal()
    click.echo("工作进程已启动,按 Ctrl-C 停止 / the worker runs; Ctrl-C stops it")
    scheduler.Worker(workspace).run(stop)
    click.echo("工作进程已停止 / the worker has stopped")


def stop_on_signal() -> threading.Event:
    """Return an event that SIGTERM and Ctrl-C set: what was begun is finished, nothing new begins."""
    stop = threading.Event()

    def asked(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, asked)
    signal.signal(signal.SIGINT, asked)
    return stop
