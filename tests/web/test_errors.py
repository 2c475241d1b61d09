"""Problem documents: every answer that is not good says what to do, in two languages, and nothing about our insides."""

from __future__ import annotations

import pytest

from services import records as use_case


def assert_problem(answer, status):
    document = answer.get_json()

    assert status == answer.status_code
    assert "application/problem+json" == answer.mimetype
    assert {"type", "title", "title_en", "status", "detail", "detail_en", "reason", "problems"} <= set(document)
    assert status == document["status"]
    return document


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("GET", "/rules/no_such", 404),
        ("GET", "/rules/NoSuch", 404),
        ("GET", "/alerts/999999", 404),
        ("GET", "/alerts/99999999999999999999", 404),
        ("GET", "/forms/no_such/records", 404),
        ("DELETE", "/rules", 405),
        ("GET", "/alerts?state=loud", 422),
        ("GET", "/alerts?levle=critical", 422),
        ("GET", "/alerts?limit=many", 422),
        ("GET", "/forms/sku/records?filter=avalable+%3C", 422),
        ("GET", "/forms/sku/records?sort=nmae", 422),
        ("GET", "/forms/sku/records?cursor=x", 422),
        ("GET", "/forms/sku/records?q=%00", 422),
    ],
)
def test_what_cannot_be_answered_is_told(browser, method, path, status):
    assert_problem(browser("admin").call(method, path), status)


def test_a_misspelt_parameter_gets_a_suggestion(browser):
    document = assert_problem(browser("admin").call("GET", "/alerts?levle=critical"), 422)

    assert ["是否想用“level”?"] == [problem["hint"] for problem in document["problems"]]


def test_a_method_that_an_address_does_not_take_names_those_it_does(browser):
    assert {"GET", "HEAD", "OPTIONS"} <= set(browser("admin").call("DELETE", "/rules").headers["Allow"].split(", "))


@pytest.mark.parametrize(
    ("data", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b'{"a": NaN}', "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"a=1", "application/x-www-form-urlencoded", 415),
        (b"{}", "text/plain", 415),
        (b'{"values": {"code": "a\\u0000b"}}', "application/json", 422),
        (b'{"values": {"code": "\\ud800"}}', "application/json", 422),
        (b'{"values": 3}', "application/json", 422),
        (b'{"valeus": {}}', "application/json", 422),
        (b"null", "application/json", 422),
        (b"", "application/json", 400),
    ],
)
def test_a_body_that_cannot_be_read_is_told(browser, data, kind, status):
    answer = browser("chen").call("POST", "/forms/sku/records", data=data, content_type=kind)

    assert_problem(answer, status)


def test_every_problem_of_a_record_is_told_at_once(browser):
    """Three mistakes, three problems, each with its path, in both languages; nothing is written."""
    one = browser("chen")
    body = {"values": {"code": "A001", "unit_cost": "dear", "supplier": "no_such"}}
    document = assert_problem(one.call("POST", "/forms/sku/records", body), 422)

    assert {"$.code", "$.unit_cost", "$.supplier"} <= {problem["path"] for problem in document["problems"]}
    assert all(problem["message"] != problem["message_en"] for problem in document["problems"])
    assert 3 == one.get("/forms/sku/records")["total"]


def test_a_body_that_is_too_large_is_refused(browser):
    answer = browser("chen").call("POST", "/forms/sku/records", data=b"x" * (3 * 1024 * 1024))

    assert "too_large" == assert_problem(answer, 413)["reason"]


def test_a_bug_says_its_number_and_nothing_else(browser, monkeypatch, capfd):
    """The answer has a number that the log has too; neither stack nor message leaves the house, nor a secret the process."""

    def broken(*_args, **_kwargs):
        password = "kept-to-itself"
        raise RuntimeError(f"boom in {len(password)}")

    monkeypatch.setattr(use_case, "list_", broken)
    document = assert_problem(browser("chen").call("GET", "/forms/sku/records"), 500)
    told = capfd.readouterr().err

    assert "boom" not in str(document)
    assert document["detail_en"].split()[1].rstrip(":") in told
    assert "kept-to-itself" not in told


def test_a_stale_draft_gets_the_other_one(browser):
    """Whoever saves second loses nothing: the answer carries the draft of who was first."""
    lin, admin = browser("lin"), browser("admin")
    rule = lin.get("/rules/low_stock")["definition"]
    lin.put("/rules/low_stock/draft", {"definition": {**rule, "name": "林晓的"}})
    answer = admin.call("PUT", "/rules/low_stock/draft", {"definition": {**rule, "name": "管理员的"}})
    document = assert_problem(answer, 409)

    assert "林晓的" == document["details"]["definition"]["name"]
    assert document["details"]["etag"]
