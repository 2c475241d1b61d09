"""Read a filled form: values, defaults, formulas, rules, uniqueness, links; every problem at once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from typing import Any

from engine.problems import DefinitionError, Problem
from form_builder.columns import columns, is_unique
from form_builder.context import Record, RecordContext
from form_builder.field import FIELD_TYPES, Field, Unreadable
from form_builder.logic import Logic, compile_logic
from form_builder.plain import holds, language_record, run, stored_value
from form_builder.reading import is_empty
from form_builder.rows import ValueReader, labelled

Problems = list[Problem]


@dataclass(slots=True)
class _States:
    """What the rules of the form say about its fields, for one record."""

    hidden: set[str] = field(default_factory=set)
    required: set[str] = field(default_factory=set)
    read_only: set[str] = field(default_factory=set)


class FormReader:
    """Reads records of one form; its expressions are checked once, so that a million rows are cheap.

    Args:
        form: the form's definition, already found good by `check_form`.
        forms: published forms by key, for expressions that follow links.

    Raises:
        DefinitionError: an expression of the form cannot be used.
    """

    def __init__(self, form: Mapping[str, Any], forms: Mapping[str, Mapping[str, Any]] | None = None) -> None:
        self.form = form
        self.forms = forms or {}
        self.fields: dict[str, Field] = {one["key"]: one for one in form["fields"]}
        self.stored = [column.name for column in columns(form)]
        self._values = ValueReader(self.fields)
        self._select_data = [(key, one) for key, one in self.fields.items() if one["type"] == "select_data"]
        self._unique = [(key, one) for key, one in self.fields.items() if is_unique(one)]
        self._required = {
            key for key, one in self.fields.items() if one.get("required") and one["type"] != "auto_number"
        }
        self._shown_by_rule = {key for rule in form.get("rules", ()) for key in rule.get("show", ())}

    @cached_property
    def logic(self) -> Logic:
        """The form's expressions, checked."""
        logic, problems = compile_logic(self.form, self.forms)
        if problems:
            raise DefinitionError(problems)
        return logic

    def read(self, values: Mapping[str, Any], context: RecordContext) -> tuple[Record, Problems]:
        """Return the record that *values* make of what was there before, and everything that is wrong with it.

        A record holds every stored field; a field with a problem holds what it held before.
        """
        given, problems = self._values.read(values, context)
        record: Record = dict.fromkeys(self.stored)
        record.update({key: value for key, value in (context.existing or {}).items() if key in record})
        before = dict(record)
        record.update({key: value for key, value in given.items() if key in record})
        self._copies(record, before, values, context)
        self._defaults(record, values, context)
        self._compute(record, values, context)
        states = self._apply_rules(record, before, values, context)
        problems += self._locked(given, before, states, context)
        problems += self._asked(record, states, {problem.path for problem in problems}, context)
        problems += self._repeats(record, before, context)
        if not problems:
            problems = self._checks(record, context)
        if not problems:
            self._issue_numbers(record, values, context)
        return record, problems

    def _copies(self, record: Record, before: Record, values: Mapping[str, Any], context: RecordContext) -> None:
        """Copy fields of the records that select-data fields newly point to."""
        for key, one in self._select_data:
            code = record.get(key)
            if code is None or code == before.get(key) or context.lookup is None:
                continue
            source = context.lookup(one["form"], code) or {}
            for target, name in one["copy"].items():
                if target in record and is_empty(values.get(target)):
                    record[target] = source.get(name)

    def _defaults(self, record: Record, values: Mapping[str, Any], context: RecordContext) -> None:
        """Fill in the constant defaults of fields that were not mentioned, in a new record."""
        if context.existing is not None:
            return
        for key, one in self.fields.items():
            if "default" in one and key not in values and record.get(key) is None and key in record:
                record[key] = FIELD_TYPES[one["type"]].read(one["default"], one, context)

    def _compute(self, record: Record, values: Mapping[str, Any], context: RecordContext) -> None:
        """Calculate formulas and default formulas, each after the fields it needs."""
        for one in self.logic.computed:
            if one.is_default and (context.existing is not None or one.key in values or record[one.key] is not None):
                continue
            record[one.key] = self._value(one.key, one.tree, record, context)

    def _value(self, key: str, tree: Any, record: Record, context: RecordContext) -> Any:
        value = stored_value(run(tree, self._plain(record, context), context))
        if value is None:
            return None
        try:
            return FIELD_TYPES[self.fields[key]["type"]].read(value, self.fields[key], context)
        except Unreadable:
            return None

    def _plain(self, record: Record, context: RecordContext) -> Mapping[str, Any]:
        return language_record(self.fields, record, self.logic.reads, context, self.forms)

    def _apply_rules(
        self, record: Record, before: Record, values: Mapping[str, Any], context: RecordContext
    ) -> _States:
        """Apply the rules in order (a later one wins), give hidden fields their old values back, calculate again."""
        states = _States(hidden=set(self._shown_by_rule))
        if not self.logic.rules:
            return states
        for rule in self.logic.rules:
            if not holds(run(rule.when, self._plain(record, context), context)):
                continue
            states.hidden = (states.hidden - set(rule.show)) | set(rule.hide)
            states.required |= set(rule.require)
            states.read_only |= set(rule.read_only)
            for key, tree in rule.set:
                record[key] = self._value(key, tree, record, context)
                self._compute(record, values, context)
        kept = {key: before[key] for key in states.hidden if key in record and not self._is_computed(key)}
        if any(record[key] != value for key, value in kept.items()):
            record.update(kept)
            self._compute(record, values, context)
        return states

    def _is_computed(self, key: str) -> bool:
        return FIELD_TYPES[self.fields[key]["type"]].computed(self.fields[key])

    def _locked(self, given: Record, before: Record, states: _States, context: RecordContext) -> Problems:
        """Return a problem for each read-only field that was given another value than it has."""
        problems = []
        for key, value in given.items():
            one = self.fields[key]
            fixed = bool(one.get("read_only")) and context.existing is not None
            if (fixed or key in states.read_only) and value != before.get(key) and key not in states.hidden:
                problems.append(_about(one, "不能修改", "is read-only"))
        return problems

    def _asked(self, record: Record, states: _States, told: set[str], context: RecordContext) -> Problems:
        """Return a problem for each required field that is empty, and each choice that its list does not offer now."""
        problems = []
        wanted = self._required | states.required if states.required else self._required
        empty = {key for key in wanted if key in record and is_empty(record[key])}
        for key, one in self.fields.items() if empty else ():
            if key in empty and key not in states.hidden and f"$.{key}" not in told and one["type"] != "auto_number":
                problems.append(_about(one, "必填", "is required"))
        for key, trees in self.logic.options.items():
            chosen = record[key] if isinstance(record[key], list) else [record[key]]
            plain = self._plain(record, context)
            wrong = [value for value in chosen if value in trees and not holds(run(trees[value], plain, context))]
            if wrong:
                words = "、".join(wrong)
                problems.append(_about(self.fields[key], f"现在不能选“{words}”", f"“{words}” is not offered now"))
        return problems

    def _repeats(self, record: Record, before: Record, context: RecordContext) -> Problems:
        """Return a problem for each value that must be unique and that another record has."""
        if context.exists is None or "key" not in self.form:
            return []
        problems = []
        for key, one in self._unique:
            value = record.get(key)
            if value is None or (context.existing is not None and value == before[key]):
                continue
            if context.exists(self.form["key"], {key: value}):
                problems.append(
                    _about(one, f"“{value}”已存在", f"“{value}” exists already", "换一个值", "use another value")
                )
        keys = self.form.get("natural_keys", ())
        natural = {key: record.get(key) for key in keys}
        changed = context.existing is None or any(natural[key] != before[key] for key in keys)
        if keys and changed and None not in natural.values() and context.exists(self.form["key"], natural):
            values = "、".join(str(value) for value in natural.values())
            names = "、".join(str(self.fields[key].get("label", key)) for key in keys)
            message_en = f"a record with {', '.join(keys)} = {values} exists already"
            problems.append(Problem(f"$.{keys[0]}", f"{names}为“{values}”的记录已存在", "", message_en))
        return problems

    def _checks(self, record: Record, context: RecordContext) -> Problems:
        """Return a problem for each check that the whole record does not meet; an unknown answer is no objection."""
        plain = self._plain(record, context)
        problems = []
        for one in self.logic.checks:
            if run(one.tree, plain, context) is False:
                path = f"$.{one.fields[0]}" if one.fields else "$"
                problems.append(Problem(path, one.message, "", one.message_en))
        return problems

    def _issue_numbers(self, record: Record, values: Mapping[str, Any], context: RecordContext) -> None:
        """Issue automatic numbers last, so that a record that is refused uses none."""
        issued = False
        for key, one in self.fields.items():
            if one["type"] == "auto_number" and record.get(key) is None:
                kind: Any = FIELD_TYPES["auto_number"]
                record[key] = kind.issue(self.form["key"], one, context)
                issued = True
        if issued and self.logic.computed:
            self._compute(record, values, context)


def _about(one: Field, message: str, message_en: str, hint: str = "", hint_en: str = "") -> Problem:
    return labelled(Problem(f"$.{one['key']}", message, hint, message_en, hint_en), one)


_CACHE: dict[str, tuple[Mapping[str, Any], FormReader]] = {}
_LOCK = Lock()
_CACHE_SIZE = 200


def reader(form: Mapping[str, Any], forms: Mapping[str, Mapping[str, Any]]) -> FormReader:
    """Return the reader of *form*, made once as long as the form and the other *forms* are the same."""
    text = json.dumps(form, ensure_ascii=False)
    with _LOCK:
        kept = _CACHE.get(text)
        if kept is not None and kept[0] is forms:
            return kept[1]
        if len(_CACHE) >= _CACHE_SIZE:
            _CACHE.pop(next(iter(_CACHE)))
        made = FormReader(json.loads(text), forms)
        _CACHE[text] = (forms, made)
        return made


def read_record(form: Mapping[str, Any], values: Mapping[str, Any], context: RecordContext) -> tuple[Record, Problems]:
    """Read one filled form: defaults, formulas, rules and every problem at once.

    Args:
        form: the form's definition.
        values: what was filled in, by field key; on a change only what changes.
        context: time, user, other records, and the record before the change.

    Returns:
        The record, holding every stored field as a JSON value, and its problems (paths `$.field`); a record with
        problems is not to be stored.
    """
    return reader(form, context.forms).read(values, context)
