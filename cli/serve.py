"""`beihuo serve`: the web server and its worker in one process."""

from __future__ import annotations

import importlib
import signal
import threading
from types import FrameType
from typing import Any

import click


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址 / Address to listen on.")
@click.option(
    "--port",
    default=8000,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="端口;0 由系统选 / Port; 0 lets the system choose.",
)
@click.option("--threads", default=8, show_default=True, type=click.IntRange(1, 64), help="线程数 / Threads.")
@click.option(
    "--no-worker",
    is_flag=True,
    help="不带工作进程(另行运行 beihuo worker) / Without the worker (run `beihuo worker` beside).",
)
def command(*, host: str, port: int, threads: int, no_worker: bool) -> None:
    """启动网页服务,自带工作进程 / Serve the web application, with a worker inside."""
    from services.workspace import open_workspace

    serve(open_workspace(), host=host, port=port, threads=threads, worker=not no_worker)


def serve(workspace: Any, *, host: str, port: int, threads: int = 8, worker: bool = True) -> None:
    """Serve *workspace* until SIGTERM or Ctrl-C; requests and the worker inside finish what they have begun.

    Raises:
        BeihuoError: another embedded worker runs on this SQLite workspace.
    """
    import waitress

    from services.scheduler import Worker, only_embedded

    # The two faces do not know each other; this command only starts the other one.
    create_app = importlib.import_module("web").create_app

    held = only_embedded(workspace) if worker else None  # refuse before the port is taken
    server = waitress.create_server(
        create_app(workspace), host=host, port=port, threads=threads, clear_untrusted_proxy_headers=True, ident="beihuo"
    )
    if held is not None:
        held.close()
    stop = threading.Event()
    _leave_on_signal(stop)
    working = threading.Thread(target=Worker(workspace, embedded=True).run, args=(stop,), name="worker")
    if worker:
        working.start()
    address = f"http://{host}:{server.effective_port}"
    click.echo(f"备货已启动:{address} ,按 Ctrl-C 停止 / Beihuo is running at {address}; Ctrl-C stops it")
    try:
        server.run()
    finally:
        stop.set()
        if worker:
            working.join()
    click.echo("已停止 / stopped")


def _leave_on_signal(stop: threading.Event) -> None:
    """Let SIGTERM and Ctrl-C end the server's loop: it lets open requests finish."""

    def asked(_number: int, _frame: FrameType | None) -> None:
        stop.set()
        raise SystemExit

    signal.signal(signal.SIGTERM, asked)
    signal.signal(signal.SIGINT, asked)
