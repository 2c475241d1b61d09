"""Message templates: what is wrong with one, and what it looks like on a sample alert."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from engine.definitions import check
from engine.problems import Problem
from integrations.channel import ACT, CHANNELS, TextLimit
from integrations.message import DEFAULT_TEXTS, problems_in_template, render
from services.addressing import channel_types
from services.rendering import sample_data
from services.workspace import Workspace
from store import episodes

_LINK = re.compile(r"https?://|www\.", re.IGNORECASE)


def preview(workspace: Workspace, *, definition: Mapping[str, Any]) -> dict[str, Any]:
    """Return `{title, body, act, problems, sample, limit, size}` of a template as it is being written, on the newest alert.

    Args:
        workspace: where; an empty one has a made-up alert.
        definition: the message definition, saved or not.
    """
    with workspace.read() as session:
        kinds = channel_types(session)
        newest = episodes.page(session, episodes.Wanted(state="firing"), limit=1)
        found = newest[0][1] if newest else None
    sample = sample_data(found, str(definition.get("language") or "zh"), str(definition.get("event") or "alert"))
    problems = check("message", definition) or problems_of(definition, kinds, sample)
    body = _try(str(definition.get("body") or ""), sample)
    title = _try(str(definition.get("title") or "{{ title }}"), sample)
    limit = _limit(definition, kinds)
    return {
        "title": title,
        "body": body,
        "problems": [problem.as_dict() for problem in problems],
        "sample": sample,
        "act": ACT["en" if definition.get("language") == "en" else "zh"],
        "is_real": found is not None,
        "limit": {"characters": limit.characters, "size": limit.size, "links": limit.links, "lines": limit.lines},
        "size": {"characters": len(body), "size": len(body.encode())},
    }


def defaults() -> dict[str, Any]:
    """Return the built-in texts by event and language: what a new template begins with."""
    return {
        "items": [
            {"event": event, "language": language, "title": text.title, "body": text.body}
            for (event, language), text in DEFAULT_TEXTS.items()
        ]
    }


def problems_of(
    definition: Mapping[str, Any], kinds: Mapping[str, str], sample: Mapping[str, Any] | None = None
) -> list[Problem]:
    """Return what is wrong with a template: its grammar, its names, and its length on the sample by its channel's limits."""
    data = sample or sample_data(None, str(definition.get("language") or "zh"), str(definition.get("event") or "alert"))
    problems = [
        problem
        for name in ("title", "body")
        if definition.get(name)
        for problem in problems_in_template(str(definition[name]), data, f"$.{name}")
    ]
    if problems:
        return problems
    return _too_much(render(str(definition["body"]), data), _limit(definition, kinds))


def _too_much(body: str, limit: TextLimit) -> list[Problem]:
    found = []
    if limit.characters is not None and len(body) > limit.characters:
        found.append(
            _long(f"{len(body)} 个字", f"{limit.characters} 个字", f"{len(body)} characters", str(limit.characters))
        )
    size = len(body.encode())
    if limit.size is not None and size > limit.size:
        found.append(_long(f"{size} 字节", f"{limit.size} 字节", f"{size} bytes", str(limit.size)))
    if not limit.links and _LINK.search(body):
        found.append(
            Problem(
                "$.body",
                "短信变量里不能带链接",
                "把链接写进平台审核过的短信模板",
                "no links in the variables of a text message",
                "put the link into the template that the provider has reviewed",
            )
        )
    if not limit.lines and "\n" in body.strip():
        found.append(
            Problem("$.body", "这个渠道只能有一行", "去掉换行", "one line only in this channel", "join the lines")
        )
    return found


def _long(is_zh: str, most_zh: str, is_en: str, most_en: str) -> Problem:
    return Problem(
        "$.body",
        f"样例有 {is_zh},这个渠道最多 {most_zh}",
        "缩短内容,或用 truncate 过滤器",
        f"the sample has {is_en}, this channel takes {most_en}",
        "shorten it, or use the filter truncate",
    )


def _limit(definition: Mapping[str, Any], kinds: Mapping[str, str]) -> TextLimit:
    name = str(definition.get("channel") or "")
    kind = kinds.get(name, name)
    found = getattr(CHANNELS[kind], "text", None) if kind in CHANNELS else None
    return found if isinstance(found, TextLimit) else TextLimit()


def _try(source: str, sample: Mapping[str, Any]) -> str:
    try:
        return render(source, sample).strip()
    except Exception:  # noqa: BLE001 whatever a half-written template does; its problems are told beside it
        return ""
