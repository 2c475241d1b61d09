"""What watches the server: alive, ready, and how it is doing."""

from __future__ import annotations

from services import evaluate


def test_a_process_that_answers_is_alive(app):
    assert {"status": "ok"} == app.test_client().get("/livez").get_json()


def test_it_is_ready_when_the_database_is_at_the_newest_schema(app):
    """A worker is told when missing, but the web process can answer without one."""
    answer = app.test_client().get("/readyz")
    checks = {check["name"]: check["ok"] for check in answer.get_json()["checks"]}

    assert 200 == answer.status_code
    assert {"database": True, "schema": True, "data_folder": True, "worker": False} == checks


def test_it_is_not_ready_without_its_database(app, shop):
    shop.close()
    (shop.settings.data_dir / "beihuo.db").unlink()
    answer = app.test_client().get("/readyz")

    assert 503 == answer.status_code
    assert "unavailable" == answer.get_json()["status"]


def test_metrics_count_requests_and_alerts(app, shop):
    evaluate.run(shop)
    client = app.test_client()
    client.get("/api/v1/about")
    text = client.get("/metrics").get_data(as_text=True)

    assert 'beihuo_alerts{level="critical"} 2.0' in text
    assert 'beihuo_requests_total{method="GET",route="/api/v1/about",status="200"} 1.0' in text
    assert "A001" not in text
