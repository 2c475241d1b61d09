"""A postal address: province, city, district, street."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from form_builder.context import RecordContext
from form_builder.field import Example, Field, FieldType, field_type, setting, settings, unreadable
from form_builder.reading import to_text

_KEYS = ("province", "city", "district", "detail")
_MUNICIPALITIES = ("北京", "上海", "天津", "重庆")
_PROVINCE = re.compile(r"^(.{2,8}?(?:省|自治区|特别行政区)|(?:北京|上海|天津|重庆)市?)")
_CITY = re.compile(r"^(.{1,10}?(?:自治州|地区|盟|市))")
_DISTRICT = re.compile(r"^(.{1,10}?(?:区|县|旗|市))")


@field_type("address")
class Address(FieldType):
    """A postal address: 省, 市, 区 and the rest; one line of text is taken apart."""

    title, title_en = "地址", "Address"
    icon, widget, group, kind = "environment", "address", "contact", "json"
    schema = settings(level=setting("string", "精确到", "Down to", enum=["province", "city", "district", "detail"]))
    examples = (
        Example(
            {},
            "广东省深圳市南山区科技园1号",
            {"province": "广东省", "city": "深圳市", "district": "南山区", "detail": "科技园1号"},
        ),
        Example(
            {},
            "上海市浦东新区世纪大道1号",
            {"province": "上海市", "city": "上海市", "district": "浦东新区", "detail": "世纪大道1号"},
        ),
    )

    @classmethod
    def read(cls, value: Any, field: Field, context: RecordContext) -> dict[str, str]:
        """Return the four parts; absent ones are empty."""
        del field, context
        if isinstance(value, Mapping):
            unknown = sorted(set(value) - set(_KEYS))
            if unknown:
                raise unreadable(f"地址里没有“{'、'.join(unknown)}”", f"an address has no “{', '.join(unknown)}”")
            return {key: to_text(value.get(key) or "") for key in _KEYS}
        rest = re.sub(r"[\s,,/]+", "", to_text(value))
        province, rest = _take(_PROVINCE, rest)
        if province.startswith(_MUNICIPALITIES):
            city = province = province.removesuffix("市") + "市"
            rest = rest.removeprefix(city)
        else:
            city, rest = _take(_CITY, rest)
        district, detail = _take(_DISTRICT, rest) if city else ("", rest)
        return {"province": province, "city": city, "district": district, "detail": detail}

    @classmethod
    def show(cls, value: Any, field: Field) -> str:
        """Return the address in one line."""
        del field
        parts = [value.get(key) or "" for key in _KEYS]
        return "".join(dict.fromkeys(part for part in parts if part))


def _take(pattern: re.Pattern[str], text: str) -> tuple[str, str]:
    match = pattern.match(text)
    return (match[1], text[match.end() :]) if match else ("", text)
