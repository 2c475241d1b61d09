"""The supplier's page: an order to confirm or change and goods to announce, without an account and without JavaScript.

Looking changes nothing but the note that it was looked at. The token is random and kept as its hash only; the buyer can end
it by making a new one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue

from engine.problems import DefinitionError
from services import supplier_links
from services.refusal import Refused
from web.endpoint import workspace
from web.errors import WebError
from web.headers import PAGE_POLICY
from web.limits import Attempts, refuse_soon
from web.pages.words import words_for

pages = Blueprint("supplier", __name__)
WORDS: dict[str, dict[str, str]] = {
    "zh": {
        "title": "采购单", "from": "采购方", "to": "送到", "due": "希望到货", "sku": "商品", "ordered": "订购", "price": "单价",
        "quantity": "确认数量", "date": "承诺到货日", "note": "留言", "confirm": "确认订单", "change": "更新确认",
        "hint": "数量或日期有变就直接改;供不了的填 0。", "ship": "我已发货", "shipped": "本次发货数量", "carrier": "承运商",
        "tracking": "运单号", "arrives": "预计到达", "ship_button": "提交发货", "closed": "这张采购单已经结束,不用再处理。",
        "expired": "链接已过期,请向采购要新的链接。", "unknown": "链接无效,请向采购要新的链接。", "answered": "已收到你的确认,谢谢。",
        "received": "已收", "shipments": "已登记的发货", "left": "未到", "total": "合计",
    },
    "en": {
        "title": "Purchase order", "from": "Buyer", "to": "Deliver to", "due": "Wanted by", "sku": "Item",
        "ordered": "Ordered", "price": "Price", "quantity": "Confirmed quantity", "date": "Promised day", "note": "Note",
        "confirm": "Confirm the order", "change": "Update the answer",
        "hint": "Change quantities or days where needed; 0 for what you cannot deliver.", "ship": "Goods have left",
        "shipped": "Units shipped now", "carrier": "Carrier", "tracking": "Waybill", "arrives": "Arrives on",
        "ship_button": "Announce the shipment", "closed": "This order is over: nothing is left to do.",
        "expired": "The link has expired: ask the buyer for a new one.",
        "unknown": "The link is not valid: ask the buyer for a new one.", "answered": "Your answer has been kept, thank you.",
        "received": "received", "shipments": "Announced shipments", "left": "to come", "total": "Total",
    },
}  # fmt: skip
STATUS = {"unknown": 404, "expired": 410}


@pages.get("/s/<token>")
def show(token: str) -> ResponseReturnValue:
    """Show the order."""
    return _show(token)


@pages.post("/s/<token>")
def act(token: str) -> ResponseReturnValue:
    """Keep what the supplier answers, or that goods have left."""
    form = request.form
    if request.headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"}:
        return _show(
            token, Refused("forbidden", "请从链接打开本页再操作", "Open this page from its link and try again")
        )
    try:
        if form.get("op") == "ship":
            details = {name: form.get(name, "").strip()[:100] for name in ("carrier", "tracking", "expected_on")}
            lines = _lines(form, "ship")
            supplier_links.shipped(workspace(), token=token, nonce=form.get("nonce", ""), lines=lines, details=details)
        else:
            lines, note = _lines(form, "quantity"), form.get("note", "").strip()[:1000]
            supplier_links.answer(workspace(), token=token, nonce=form.get("nonce", ""), lines=lines, note=note)
    except (Refused, DefinitionError, ValueError) as error:
        return _show(token, error)
    return _protected(redirect(_address(token), 303))


def _lines(form: Mapping[str, str], name: str) -> list[dict[str, Any]]:
    """Return the lines of the form: `quantity.0`, `date.0` …; an empty number is 0."""
    found = []
    for key, text in form.items():
        if key.startswith(f"{name}.") and key.removeprefix(f"{name}.").isdigit():
            place = int(key.removeprefix(f"{name}."))
            try:
                units = float(text.strip() or 0)
            except ValueError:
                raise Refused("invalid", f"“{text}”不是数字", f"“{text}” is not a number") from None
            found.append({"line": place, "quantity": units, "date": form.get(f"date.{place}") or None})
    return found


def _show(token: str, error: Exception | None = None) -> ResponseReturnValue:
    try:
        refuse_soon(_attempts(), request.remote_addr or "")
    except WebError as limited:
        return _protected(Response(limited.detail, limited.status, mimetype="text/plain"))
    found = supplier_links.open_(workspace(), token=token)
    if found["state"] == "unknown":
        _attempts().failed(request.remote_addr or "")
    language = "en" if (request.args.get("lang") or _asked()) == "en" else "zh"
    words = words_for(language)
    html = render_template(
        "supplier.html",
        page=found,
        w=words,
        s=WORDS[language],
        switch=f"/s/{token}?lang={words['other']}",
        address=_address(token),
        mistake=_mistake(error, language) if error else "",
        given=request.form if error else {},
    )
    return _protected(Response(html, 422 if error else STATUS.get(found["state"], 200)))


def _mistake(error: Exception, language: str) -> str:
    if isinstance(error, DefinitionError):
        return "; ".join(one.message_en if language == "en" else one.message for one in error.problems)
    return str(getattr(error, "message_en" if language == "en" else "message", error))


def _asked() -> str:
    return request.accept_languages.best_match(["zh", "en"], default="zh")


def _address(token: str) -> str:
    language = request.args.get("lang")
    return f"/s/{token}" + (f"?lang={language}" if language in {"zh", "en"} else "")


def _attempts() -> Attempts:
    found: Attempts = current_app.extensions.setdefault("beihuo_link_attempts", Attempts(most=30, seconds=60))
    return found


def _protected(answer: Any) -> Response:
    answer.headers["Content-Security-Policy"] = PAGE_POLICY
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    page: Response = answer
    return page
