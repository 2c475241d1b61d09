"""Templates of notices are filled with plain data and can do nothing else."""

import jinja2
import pytest

from integrations.message import DEFAULT_TEXTS, MOST_CHARACTERS, problems_in_template, render

SAMPLE = {
    "sku": {"name": "珍珠耳环", "code": "A001"},
    "days": 2.5,
    "on_hand": 12.0,
    "empty": None,
    "rows": [{"n": 1}, {"n": 2}],
}


def test_values_are_written_as_people_do():
    """Whole numbers have no `.0`, null is nothing, a fraction has two digits."""
    text = render("{{ sku.name }} 剩 {{ on_hand }} 件,够 {{ days }} 天{{ empty }}", SAMPLE)

    assert text == "珍珠耳环 剩 12 件,够 2.5 天"


def test_numbers_get_thousands_separators():
    assert render("{{ n|format_number }} / {{ n|format_number(2) }}", {"n": 12345.678}) == "12,346 / 12,345.68"


def test_html_is_escaped_on_request():
    assert render("{{ name }}", {"name": "<b>&"}, escaped=True) == "&lt;b&gt;&amp;"


def test_an_unknown_name_is_told_with_the_nearest_one():
    (problem,) = problems_in_template("{{ sku.nmae }}", SAMPLE, "$.body")

    assert (problem.path, problem.message, problem.hint) == ("$.body", "没有名为“nmae”的内容", "是否想用“name”?")


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__ }}",
        "{{ sku.__class__.__mro__ }}",
        "{{ sku.items() }}",
        "{{ sku['__class__'] }}",
        "{{ 'x' * 9999999 }}",
        "{{ 9 ** 99 }}",
        "{{ '%99999999d' % 1 }}",
        "{% set a = 1 %}",
        "{% include 'x' %}",
        "{% import 'x' as y %}",
        "{% macro m() %}{% endmacro %}",
        "{% extends 'x' %}",
        "{{ range(10) }}",
        "{{ cycler }}",
        "{{ self }}",
        "{{ rows|map(attribute='__class__') }}",
        "{{ sku|attr('__class__') }}",
        "{{ 'aaaaaaaaaa'" + "|replace('a','aaaaaaaaaa')" * 9 + " }}",
        "{% for a in rows %}{% for b in rows %}{% for c in rows %}x{% endfor %}{% endfor %}{% endfor %}",
        "{{ rows|tojson }}",
        "{% filter upper %}x{% endfilter %}",
        "{{ 'a' ~ 'b' }}",
        "{% block b %}{% endblock %}",
        "{{ unclosed",
    ],
)
def test_what_the_sandbox_refuses_is_told_at_save(source):
    """No attribute, call, macro, import, assignment or growth beyond the limits gets through."""
    assert problems_in_template(source, SAMPLE)


def test_render_refuses_the_forbidden_even_unchecked():
    with pytest.raises(jinja2.TemplateSyntaxError):
        render("{{ sku.items() }}", SAMPLE)


def test_a_text_cannot_outgrow_its_limit():
    with pytest.raises(ValueError, match=str(MOST_CHARACTERS)):
        render("{% for r in rows %}{{ r }}{% endfor %}", {"rows": ["x" * 1000] * 21})


def test_objects_are_copied_as_text():
    """Nothing but plain data reaches a template, so there is no object to climb."""
    assert render("{{ thing }}", {"thing": ValueError("seen")}) == "seen"


def test_every_default_text_exists_in_both_languages():
    kinds = {kind for kind, _ in DEFAULT_TEXTS}

    assert {(kind, language) for kind in kinds for language in ("zh", "en")} == set(DEFAULT_TEXTS)


@pytest.mark.parametrize("kind", sorted(DEFAULT_TEXTS))
def test_default_texts_pass_their_own_check(kind):
    sample = {
        "rule": "低库存", "workflow": "补货审批", "record": "A001 · 华东仓", "level_name": "严重", "explanation": "9 < 43.2",
        "outcome": "已同意", "total": 12, "values": [{"label": "可用库存", "value": 9}],
        "counts": [{"level_name": "严重", "count": 2}], "worst": [{"record": "A001", "explanation": "9 < 43.2"}],
    }  # fmt: skip
    text = DEFAULT_TEXTS[kind]

    assert [] == problems_in_template(text.title, sample) + problems_in_template(text.body, sample)
