"""Is it alive, can it work, and how is it doing: for whoever watches the server, without any business content."""

from __future__ import annotations

import time
from collections.abc import Iterable

from flask import Flask, Response, current_app, g, jsonify, request
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from services import overview
from services.workspace import Workspace

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class WorkspaceCollector(Collector):
    """Gauges read from the database when they are asked for."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """Yield open alerts, waiting deliveries and the age of the last run."""
        numbers = overview.gauges(self._workspace)
        alerts = GaugeMetricFamily("beihuo_alerts", "Open alerts", labels=["level"])
        for level, count in numbers["alerts"].items():
            alerts.add_metric([level], count)
        yield alerts
        deliveries = GaugeMetricFamily("beihuo_deliveries", "Notices that are not sent yet", labels=["state"])
        for state, count in numbers["deliveries"].items():
            deliveries.add_metric([state], count)
        yield deliveries
        if numbers["last_run_age"] is not None:
            yield GaugeMetricFamily("beihuo_last_run_age_seconds", "Age of the last run", value=numbers["last_run_age"])
        yield GaugeMetricFamily("beihuo_workers", "Workers seen in the last minute", value=numbers["workers"])


def install(app: Flask) -> None:
    """Serve /livez, /readyz and /metrics, and count the requests."""
    registry = CollectorRegistry()
    requests = Counter("beihuo_requests", "Requests", ["method", "route", "status"], registry=registry)
    seconds = Histogram("beihuo_request_seconds", "Seconds of a request", ["route"], buckets=BUCKETS, registry=registry)
    registry.register(WorkspaceCollector(app.extensions["beihuo"]))

    @app.after_request
    def count(response: Response) -> Response:
        route = str(request.url_rule) if request.url_rule else "(none)"
        requests.labels(request.method, route, str(response.status_code)).inc()
        seconds.labels(route).observe(time.perf_counter() - g.get("began", time.perf_counter()))
        return response

    @app.get("/livez")
    def livez() -> ResponseReturnValue:
        return jsonify({"status": "ok"})

    @app.get("/readyz")
    def readyz() -> ResponseReturnValue:
        checks = overview.readiness(current_app.extensions["beihuo"])
        ready = all(check["ok"] for check in checks if check["required"])
        return jsonify({"status": "ok" if ready else "unavailable", "checks": checks}), 200 if ready else 503

    @app.get("/metrics")
    def metrics() -> ResponseReturnValue:
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
