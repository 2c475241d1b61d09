"""One stock pool over several channels: how much each may sell, by share, priority, guarantee and safety buffer. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.inventory.ledger import Position

STANDARD_PRIORITY = 100


@dataclass(frozen=True, slots=True)
class ChannelRule:
    """What a channel may sell of a SKU in a warehouse.

    Args:
        channel: its key.
        share: the most of what is on hand that it may hold, 0–1.
        priority: lower goes first; channels behind do not see what is guaranteed to those before.
        guarantee: units kept for this channel, as long as it has not reserved them.
        buffer: units never shown to this channel, against late synchronisation.
    """

    channel: str
    share: float = 1.0
    priority: int = STANDARD_PRIORITY
    guarantee: float = 0
    buffer: float = 0


@dataclass(frozen=True, slots=True)
class Sellable:
    """How many units a channel may still sell, and why so many."""

    channel: str
    units: int
    reason: str
    reason_en: str


def sellable(position: Position, rules: Iterable[ChannelRule], held: Mapping[str, float]) -> list[Sellable]:
    """Return what each channel may still sell.

    The least of two numbers: what is available, less the channel's buffer and what is guaranteed to channels that go
    first; and the channel's share of what is on hand, less what it has reserved.

    Args:
        position: the stock.
        rules: one for each channel.
        held: channel → units that it has reserved.
    """
    ordered = sorted(rules, key=lambda rule: (rule.priority, rule.channel))
    return [_of(position, rule, ordered, held) for rule in ordered]


def _of(position: Position, rule: ChannelRule, rules: Iterable[ChannelRule], held: Mapping[str, float]) -> Sellable:
    mine = held.get(rule.channel, 0)
    ahead = sum(
        max(other.guarantee - held.get(other.channel, 0), 0)
        for other in rules
        if other.channel != rule.channel and other.priority < rule.priority
    )
    free = position.available - rule.buffer - ahead
    quota = math.floor(rule.share * position.on_hand + 1e-9) - mine
    units = max(math.floor(min(free, quota)), 0)
    reason = f"可用 {position.available:g} − 缓冲 {rule.buffer:g} − 优先渠道保底 {ahead:g} = {free:g}"
    reason_en = f"available {position.available:g} − buffer {rule.buffer:g} − kept for others {ahead:g} = {free:g}"
    if rule.share < 1:
        reason += f";份额 {rule.share:.0%} × 在库 {position.on_hand:g} − 已占用 {mine:g} = {quota:g}"
        reason_en += f"; share {rule.share:.0%} × on hand {position.on_hand:g} − reserved {mine:g} = {quota:g}"
    return Sellable(rule.channel, units, f"{reason} → 可卖 {units}", f"{reason_en} → {units} to sell")
