"""What people type and files hold is read as meant, or refused in words; it is never read as something else."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from form_builder.field import Unreadable
from form_builder.reading import (
    is_empty,
    moment_text,
    rounded,
    to_boolean,
    to_date,
    to_datetime,
    to_list,
    to_number,
    to_text,
    to_time,
)

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("given_", "number"),
    [
        ("1,234.50", 1234.5), ("12", 12), ("¥ 3.20", 3.2), ("(12.5)", -12.5), ("-7", -7), ("1.2万", 12_000), ("3亿", 300_000_000),
        ("1,000", 1000), ("−5", -5), ("2e3", 2000), (".5", 0.5), (Decimal("0.10"), 0.1), (3.0, 3), ("'42", 42), ("3元", 3),
    ],
)  # fmt: skip
def test_numbers_as_people_write_them(given_, number):
    read = to_number(given_)

    assert number == read
    assert isinstance(read, int) == float(number).is_integer()


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "abc",
        "1,23",
        "1.2.3",
        "12abc",
        True,
        None,
        "1 2 3x",
        float("inf"),
        float("nan"),
        2**53 + 1,
        "9" * 30,
        "--",
        "e5",
    ],
)
def test_no_number_is_made_of_anything_else(wrong):
    with pytest.raises(Unreadable) as caught:
        to_number(wrong)
    assert caught.value.problems[0].message
    assert caught.value.problems[0].message_en


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_a_number_survives_its_written_form(number):
    """Plain, with thousands separators and full-width digits: the same number."""
    wide = str.maketrans("0123456789.-", "0123456789.-")
    for text in (f"{number}", f"{number:,}", f"{number:,}".replace(",", ","), f"{number}".translate(wide)):
        assert float(number) == to_number(text)


@given(st.dates(min_value=dt.date(1955, 1, 1), max_value=dt.date(2118, 12, 31)))
def test_a_day_survives_every_way_of_writing_it(day):
    y, m, d = day.year, day.month, day.day
    ways = [
        day.isoformat(), f"{y}/{m}/{d}", f"{y}.{m:02d}.{d:02d}", f"{y}年{m}月{d}日", f"{y}年{m:02d}月{d:02d}号", f"{y}/{m}/{d} 23:59:59",
        f"{day.isoformat()}T08:00:00+08:00", day, dt.datetime(y, m, d, 13), float((day - dt.date(1899, 12, 30)).days),  # noqa: DTZ001 a spreadsheet's moments have no zone
        (day - dt.date(1899, 12, 30)).days + 0.75,
    ]  # fmt: skip
    assert [day] * len(ways) == [to_date(way, ZONE) for way in ways]


@pytest.mark.parametrize(
    "wrong",
    ["1/2/2025", "2025-13-01", "2025-02-30", "1月2日", "昨天", 12, 1.5, True, None, "2025", "20251301", "25-1-2"],
)
def test_a_doubtful_day_is_refused(wrong):
    with pytest.raises(Unreadable):
        to_date(wrong, ZONE)


def test_a_compact_day_is_read_as_text_and_as_number():
    assert dt.date(2025, 1, 2) == to_date("20250102", ZONE) == to_date(20250102, ZONE) == to_date(20250102.0, ZONE)


@given(st.datetimes(min_value=dt.datetime(1971, 1, 1), max_value=dt.datetime(2100, 1, 1)))  # noqa: DTZ001 a spreadsheet's moments have no zone
def test_a_moment_without_an_offset_is_local(moment):
    moment = moment.replace(microsecond=0)
    local = moment.replace(tzinfo=ZONE)

    assert moment_text(local) == moment_text(to_datetime(moment.isoformat(sep=" "), ZONE))
    assert moment_text(local) == moment_text(to_datetime(moment_text(local), ZONE))


def test_a_moment_with_an_offset_keeps_it():
    assert dt.datetime(2025, 1, 2, 2, tzinfo=dt.UTC) == to_datetime("2025-01-02T10:00:00+0800", ZONE)


@given(st.times())
def test_a_time_survives(at):
    at = at.replace(microsecond=0)

    assert at == to_time(at.isoformat())
    assert at.replace(second=0) == to_time(f"{at.hour}点{at.minute:02d}分")


@pytest.mark.parametrize("wrong", ["25:00", "8", "8:61", "noon", 1.5, None])
def test_no_time_is_made_of_anything_else(wrong):
    with pytest.raises(Unreadable):
        to_time(wrong)


@pytest.mark.parametrize(
    ("code", "text"), [(6901234567892.0, "6901234567892"), (123, "123"), (" 007 ", "007"), (1.5, "1.5")]
)
def test_a_code_out_of_a_spreadsheet(code, text):
    assert text == to_text(code)


def test_a_code_that_a_spreadsheet_has_damaged_is_refused():
    with pytest.raises(Unreadable, match="15 位"):
        to_text(12345678901234567890.0)


@pytest.mark.parametrize(
    ("word", "value"), [("是", True), ("√", True), ("Y", True), (1, True), ("否", False), ("0", False), (0.0, False)]
)
def test_yes_and_no(word, value):
    assert value is to_boolean(word)


@pytest.mark.parametrize("wrong", ["也许", 2, None, "10"])
def test_perhaps_is_neither(wrong):
    with pytest.raises(Unreadable):
        to_boolean(wrong)


def test_lists_are_split_at_chinese_and_english_commas():
    assert ["天猫", "京东", "抖音", "pdd", "x"] == to_list("天猫、京东,抖音, pdd;x;")


@pytest.mark.parametrize(
    ("number", "places", "result"), [(2.5, 0, 3), (-2.5, 0, -3), (2.675, 2, 2.68), (1.005, 2, 1.01), (5, 2, 5)]
)
def test_rounding_is_a_spreadsheets(number, places, result):
    assert result == rounded(number, places)


@pytest.mark.parametrize(
    ("value", "empty"),
    [(None, True), (" ", True), ([], True), (float("nan"), True), (0, False), (False, False), ({}, False)],
)
def test_what_an_empty_cell_is(value, empty):
    assert empty is is_empty(value)
