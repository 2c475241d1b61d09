"""A barcode: EAN-13, EAN-8, UPC-A or any other."""

from __future__ import annotations

import re
from typing import Any

from form_builder.context import RecordContext
from form_builder.field import Example, Field, FieldType, field_type, setting, settings, unreadable
from form_builder.reading import normal, to_text

_LENGTHS = {"ean13": 13, "ean8": 8, "upc": 12}


@field_type("barcode")
class Barcode(FieldType):
    """A barcode, typed, scanned or out of a spreadsheet; the check digit of EAN and UPC codes is verified."""

    title, title_en = "条码", "Barcode"
    icon, widget, group, kind = "barcode", "barcode", "stock", "text"
    schema = settings(symbology=setting("string", "码制", "Symbology", enum=["any", *_LENGTHS], default="any"))
    examples = (
        Example({"symbology": "ean13"}, 6901234567892.0, "6901234567892"),
        Example({}, "A-001", "A-001"),
        Example({"symbology": "ean8"}, "96385074", "96385074"),
    )

    @classmethod
    def read(cls, value: Any, field: Field, context: RecordContext) -> str:
        """Return the code; a wrong length or check digit is refused where the symbology is fixed."""
        del context
        code = normal(to_text(value)).replace(" ", "")
        length = _LENGTHS.get(field.get("symbology", "any"))
        if length is None:
            if not re.fullmatch(r"[\x21-\x7e]{1,80}", code):
                raise unreadable(f"“{code[:40]}”不是条码", f"“{code[:40]}” is not a barcode")
            return code
        if not re.fullmatch(rf"[0-9]{{{length}}}", code):
            raise unreadable(f"条码应为 {length} 位数字,现为“{code}”", f"{length} digits are due, found “{code}”")
        if check_digit(code[:-1]) != code[-1]:
            raise unreadable(
                f"条码“{code}”的校验位不对",
                f"the check digit of “{code}” is wrong",
                "重新扫码或核对数字",
                "scan it again",
            )
        return code


def check_digit(digits: str) -> str:
    """Return the GS1 check digit that follows *digits*: weights 3, 1, 3, 1, … from the right."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return str(-total % 10)
