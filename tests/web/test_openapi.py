"""The OpenAPI document: complete, valid, and with the users' own forms in it."""

from __future__ import annotations

import jsonschema
import pytest

from services import publish

FORM = {
    "kind": "form",
    "key": "inspection",
    "name": "到货质检",
    "fields": [
        {"key": "code", "type": "text", "label": "质检单号", "required": True, "unique": True},
        {"key": "passed", "type": "boolean", "label": "合格"},
        {"key": "checked_on", "type": "date", "label": "质检日期"},
        {"key": "defects", "type": "number", "label": "不良数"},
    ],
}


@pytest.fixture
def document(app):
    return app.test_client().get("/api/openapi.json").get_json()


def test_it_is_openapi_3_1_with_a_permission_and_answers_for_every_operation(document):
    assert "3.1.0" == document["openapi"]
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            assert operation["x-permission"], (method, path)
            assert operation["summary"], (method, path)
            assert {"422", "404"} <= set(operation["responses"]), (method, path)


def test_operation_ids_are_unique(document):
    ids = [operation["operationId"] for operations in document["paths"].values() for operation in operations.values()]

    assert len(ids) == len(set(ids))


def test_every_schema_in_it_is_json_schema_2020_12(document):
    def schemas(node):
        if isinstance(node, dict):
            for key, value in node.items():
                if key == "schema":
                    yield value
                yield from schemas(value)
        elif isinstance(node, list):
            for item in node:
                yield from schemas(item)

    found = [*schemas(document["paths"]), *document["components"]["schemas"].values()]
    for schema in found:
        jsonschema.Draft202012Validator.check_schema(schema)
    assert len(found) > 200


def test_a_form_appears_as_soon_as_it_is_published(app, shop):
    """The user's own form is a path of its own, its fields typed, its labels as titles."""
    publish.publish_many(shop, [FORM], user="lin")
    document = app.test_client().get("/api/openapi.json").get_json()
    schema = document["components"]["schemas"]["form_inspection"]

    assert "到货质检" == schema["title"]
    assert {"title": "质检日期", "type": ["string", "null"], "format": "date"} == schema["properties"]["checked_on"]
    assert {"get", "post"} == set(document["paths"]["/api/v1/forms/inspection/records"])
    body = document["paths"]["/api/v1/forms/inspection/records"]["post"]["requestBody"]
    values = body["content"]["application/json"]["schema"]["properties"]["values"]
    assert {"$ref": "#/components/schemas/form_inspection"} == values


def test_facts_have_no_list_of_records_in_it(document):
    assert "/api/v1/forms/sales/records" not in document["paths"]
    assert "/api/v1/forms/sku/records" in document["paths"]


def test_the_reference_is_drawn_here_and_fetches_nothing(app, document):
    """The page lists every operation and names no address but our own."""
    page = app.test_client().get("/api/docs").get_data(as_text=True)

    for operations in document["paths"].values():
        for operation in operations.values():
            assert f'id="{operation["operationId"]}"' in page
    assert "https://" not in page.replace("https://json-schema.org", "")
    script = app.test_client().get("/api/docs-assets/docs.js")
    assert (200, "text/javascript") == (script.status_code, script.mimetype)
