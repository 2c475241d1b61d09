"""The demo shop: a simulated web shop, the same for the same seed and first day, day after day.

Everything here is invented by a random generator: demand with seasons, weekdays, 618 and 双11 in phases, live-stream
spikes, new and dying items, suppliers who are late, warehouses that run out. A day depends only on the days before it,
so that a shop that is generated again up to a later day has the same past.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from services.demo_words import CATEGORIES, MATERIALS, SUPPLIERS

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

DAYS = 730
CHANNELS = ("tmall", "jd", "pdd", "douyin")
WAREHOUSES = (("hd", "华东仓", "江浙沪皖"), ("hn", "华南仓", "粤桂闽琼"), ("hb", "华北仓", "京津冀鲁"))
WEEKDAYS = np.array([0.92, 0.94, 0.97, 1.0, 1.08, 1.14, 0.95])
# name, first and last (month, day), multiple of a normal day, phase
PHASES = (
    ("年货节", (1, 5), (1, 15), 1.6, "年货"),
    ("38节", (3, 5), (3, 8), 1.8, "女神节"),
    ("618", (5, 26), (5, 30), 1.2, "预热"),
    ("618", (5, 31), (6, 3), 2.4, "开门红"),
    ("618", (6, 4), (6, 15), 1.3, "平稳"),
    ("618", (6, 16), (6, 18), 3.4, "高潮"),
    ("618", (6, 19), (6, 20), 1.4, "返场"),
    ("双11", (10, 14), (10, 30), 1.15, "预热"),
    ("双11", (10, 31), (11, 3), 2.6, "开门红"),
    ("双11", (11, 4), (11, 9), 1.4, "平稳"),
    ("双11", (11, 10), (11, 11), 4.6, "高潮"),
    ("双11", (11, 12), (11, 13), 1.4, "返场"),
)
# From this multiple on a day counts as a promotion day in the sales facts.
PROMOTION = 1.25


@dataclass(frozen=True)
class Shop:
    """The shop up to its last day: facts as tables, the records of each form as rows."""

    sales: pa.Table
    snapshots: pa.Table
    records: dict[str, list[dict[str, Any]]]
    first: dt.date
    last: dt.date


@dataclass(frozen=True)
class _Items:
    """What does not change from day to day, one entry a SKU."""

    rate: Floats
    category: Integers
    warehouse_share: Floats
    channel_share: Floats
    appetite: Floats
    launched: Integers
    fades: Integers
    cost: Floats
    price: Floats
    lead: Integers
    supplier: Integers
    forgotten: Integers


def generate(first: dt.date, days: int = DAYS, skus: int = 840, seed: int = 618) -> Shop:
    """Return the shop of *skus* items from *first* over *days* days.

    Args:
        first: the shop's first day; together with *seed* and *skus* it decides everything.
        days: how many days to play; the first DAYS of a longer play are the same as those of a shorter one.
        skus: number of items.
        seed: of the random generator.
    """
    items = _items(skus, seed)
    play = _play(items, first, days, seed)
    codes = sku_codes(skus)
    sales = _sales_table(play, items, codes, first)
    snapshots = _snapshot_table(play, codes, first)
    last = first + dt.timedelta(days=days - 1)
    return Shop(sales, snapshots, _records(items, play, codes, first, last), first, last)


def sku_codes(skus: int) -> list[str]:
    """Return the codes of the items: a letter for the category and a number (`A001`)."""
    return [f"{chr(65 + place % len(CATEGORIES))}{place // len(CATEGORIES) + 1:03d}" for place in range(skus)]


def _items(skus: int, seed: int) -> _Items:
    rng = np.random.default_rng([seed, 0])
    rate = np.clip(rng.lognormal(0.25, 1.15, skus), 0.05, 60)
    launched = np.where(rng.random(skus) < 0.1, DAYS - rng.integers(6, 70, skus), -1)
    cost = np.round(rng.lognormal(3.0, 0.8, skus), 2)
    supplier = rng.integers(0, len(SUPPLIERS), skus)
    shape = (skus, len(WAREHOUSES))
    return _Items(
        rate=rate,
        category=np.arange(skus) % len(CATEGORIES),
        warehouse_share=rng.dirichlet((9.0, 6.0, 5.0), skus),
        channel_share=rng.dirichlet((5.0, 2.0, 2.0, 1.0), skus),
        appetite=rng.gamma(4.0, 0.25, skus),
        launched=launched,
        fades=np.where(rng.random(skus) < 0.08, rng.integers(300, 600, skus), 10 * DAYS),
        cost=cost,
        price=np.ceil(cost * rng.uniform(1.6, 3.2, skus)) - 0.1,
        lead=np.array([row[2] for row in SUPPLIERS])[supplier],
        supplier=supplier,
        # The buyer of these stopped ordering so many days before the end: what the alerts of the demo are about.
        forgotten=np.where(rng.random(shape) < 0.07, rng.integers(12, 48, shape), 0),
    )


def multiple(day: dt.date) -> tuple[float, str]:
    """Return the multiple of a normal day's demand on *day* and the promotion's name (empty on a normal day)."""
    for name, start, end, times, _ in PHASES:
        if start <= (day.month, day.day) <= end:
            return times, name
    return 1.0, ""


def _season(items: _Items, day: dt.date) -> Floats:
    peaks = np.array([row[2] for row in CATEGORIES])
    swings = np.array([row[3] for row in CATEGORIES])
    angle = 2 * np.pi * (day.timetuple().tm_yday - peaks) / 365.25
    season: Floats = (1 + swings * np.cos(angle))[items.category]
    return season


def _expected(items: _Items, day: dt.date, place: int) -> Floats:
    """Return the expected demand of each item on *day* (all warehouses and channels)."""
    times, _ = multiple(day)
    level = items.rate * _season(items, day) * WEEKDAYS[day.weekday()] * (1 + (times - 1) * items.appetite)
    age = place - items.launched
    young = (items.launched >= 0) & (age < 30)
    level = np.where(young, level * np.clip(0.3 + age / 30 * 1.2, 0.3, 1.5), level)
    level = np.where(place > items.fades, level * 0.99 ** np.maximum(place - items.fades, 0), level)
    expected: Floats = np.where((items.launched >= 0) & (age < 0), 0.0, level)
    return expected


@dataclass
class _Play:
    """What happened, day by day: lists of arrays SKU × warehouse (× channel)."""

    sold: list[Integers]
    spikes: list[Integers]
    out: list[Flags]
    on_hand: list[Integers]
    arriving: list[Integers]
    reserved: list[Integers]


def _play(items: _Items, first: dt.date, days: int, seed: int) -> _Play:
    shape = items.warehouse_share.shape
    lead = np.repeat(items.lead[:, None], shape[1], axis=1)
    usual = items.rate[:, None] * items.warehouse_share
    on_hand = np.ceil(usual * (lead + 30) + 4).astype(np.int64)
    on_hand[items.launched >= 0] = 0
    due: dict[int, Integers] = {}
    arriving = np.zeros(shape, np.int64)
    smooth = usual.copy()
    play = _Play([], [], [], [], [], [])
    for place in range(days):
        day = first + dt.timedelta(days=place)
        rng = np.random.default_rng([seed, day.toordinal()])
        came = due.pop(place, None)
        if came is not None:
            on_hand, arriving = on_hand + came, arriving - came
        starts = (items.launched == place)[:, None]
        on_hand = np.where(starts, np.ceil(usual * (lead + 20) + 10).astype(np.int64), on_hand)
        wanted, spike = _demand(items, day, place, rng)
        sold = _filled(wanted, on_hand)
        spike = np.minimum(spike, sold)
        on_hand = on_hand - sold.sum(axis=2)
        smooth = 0.93 * smooth + 0.07 * (wanted - spike).sum(axis=2)
        ordered = _orders(items, smooth, on_hand + arriving, lead, place, first)
        for delay in np.unique(lead):
            part = np.where(lead == delay, ordered, 0)
            late = int(rng.integers(0, 6))
            due[place + int(delay) + late] = due.get(place + int(delay) + late, np.zeros(shape, np.int64)) + part
        arriving = arriving + ordered
        play.sold.append(sold)
        play.spikes.append(spike)
        play.out.append((wanted.sum(axis=2) > sold.sum(axis=2)) & (on_hand == 0))
        play.on_hand.append(on_hand)
        play.arriving.append(arriving)
        play.reserved.append(np.minimum(rng.binomial(sold.sum(axis=2), 0.3), on_hand))
    return play


def _demand(items: _Items, day: dt.date, place: int, rng: np.random.Generator) -> tuple[Integers, Integers]:
    """Return the demand of *day*, SKU × warehouse × channel, and the part of it that a live stream made."""
    mood = rng.gamma(6.0, 1 / 6.0, items.rate.size)
    level = _expected(items, day, place) * mood
    wanted = rng.poisson(level[:, None, None] * items.warehouse_share[:, :, None] * items.channel_share[:, None, :])
    spike = np.zeros(wanted.shape, np.int64)
    if rng.random() < 0.3:
        star = int(rng.integers(0, items.rate.size))
        if level[star] > 0:
            spike[star, :, 3] = rng.poisson(items.warehouse_share[star] * (15 + items.rate[star] * 12))
    return wanted.astype(np.int64) + spike, spike


def _filled(wanted: Integers, on_hand: Integers) -> Integers:
    """Return what is sold: the demand as far as the stock goes, channel after channel."""
    before = np.cumsum(wanted, axis=2) - wanted
    return np.clip(on_hand[:, :, None] - before, 0, wanted)


def _orders(items: _Items, smooth: Floats, position: Integers, lead: Integers, place: int, first: dt.date) -> Integers:
    """Return what the buyer orders today: up to three weeks beyond the lead time, more before a promotion."""
    times = max(multiple(first + dt.timedelta(days=place + ahead))[0] for ahead in (7, 14, 21))
    need = smooth * (1 + (times - 1) * 0.35)
    low = need * (lead * 1.3 + 5) + 2
    amount = np.where(position < low, np.ceil(need * (lead * 1.3 + 24) + 5 - position), 0)
    asleep = ((items.forgotten > 0) & (place >= DAYS - items.forgotten)) | (items.launched > place)[:, None]
    gone = (place > items.fades + 120)[:, None]
    ordered: Integers = np.where(asleep | gone, 0, np.maximum(amount, 0)).astype(np.int64)
    return ordered


def _codes(values: list[str], place: Integers) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(place, pa.int32()), pa.array(values)).cast(pa.string())


def _dates(place: Integers, first: dt.date) -> pa.Array:
    start = (first - dt.date(1970, 1, 1)).days
    return pa.array((place + start).astype(np.int32)).cast(pa.date32())


def _sales_table(play: _Play, items: _Items, codes: list[str], first: dt.date) -> pa.Table:
    sold, spikes = np.stack(play.sold), np.stack(play.spikes)
    out = np.stack(play.out)
    shown = sold > 0
    # A day that sold nothing because nothing was there leaves one row, so that it is not taken for a lack of demand.
    shown[:, :, :, 0] |= out & (sold.sum(axis=3) == 0)
    day, sku, warehouse, channel = np.nonzero(shown)
    quantity = sold[day, sku, warehouse, channel]
    events = [multiple(first + dt.timedelta(days=place)) for place in range(len(play.sold))]
    promotion = np.array([times >= PROMOTION for times, _ in events])
    names = pa.array([name if times >= PROMOTION else None for times, name in events], pa.string())
    price = np.round(items.price[sku] * np.where(promotion[day], 0.85, 1.0), 2)
    return pa.table(
        {
            "sku": _codes(codes, sku),
            "warehouse": _codes([row[0] for row in WAREHOUSES], warehouse),
            "channel": _codes(list(CHANNELS), channel),
            "date": _dates(day, first),
            "quantity": pa.array(quantity, pa.int64()),
            "exceptional": pa.array(spikes[day, sku, warehouse, channel], pa.int64()),
            "revenue": pa.array(np.round(price * quantity, 2)),
            "price": pa.array(price),
            "promotion": names.take(pa.array(day)),
            "in_stock": pa.array(~out[day, sku, warehouse]),
        }
    )


def _snapshot_table(play: _Play, codes: list[str], first: dt.date) -> pa.Table:
    on_hand = np.stack(play.on_hand)
    day, sku, warehouse = (axis.ravel() for axis in np.indices(on_hand.shape))
    count = on_hand.size
    return pa.table(
        {
            "sku": _codes(codes, sku),
            "warehouse": _codes([row[0] for row in WAREHOUSES], warehouse),
            "date": _dates(day, first),
            "on_hand": pa.array(on_hand.ravel(), pa.int64()),
            "reserved": pa.array(np.stack(play.reserved).ravel(), pa.int64()),
            "in_transit": pa.array(np.stack(play.arriving).ravel(), pa.int64()),
            "on_order": pa.array(np.zeros(count, np.int64)),
            "estimated": pa.array(np.zeros(count, np.bool_)),
        }
    )


def _records(
    items: _Items, play: _Play, codes: list[str], first: dt.date, last: dt.date
) -> dict[str, list[dict[str, Any]]]:
    """Return the records of each form, in an order in which links find their targets."""
    suppliers = [
        {
            "code": f"S{place + 1:02d}",
            "name": name,
            "lead_time_days": lead,
            "email": f"s{place + 1:02d}@supplier.example",
        }
        for place, (name, _, lead) in enumerate(SUPPLIERS)
    ]
    stock = [
        {
            "sku": code,
            "warehouse": warehouse,
            "on_hand": int(play.on_hand[-1][sku, at]),
            "reserved": int(play.reserved[-1][sku, at]),
            "in_transit": int(play.arriving[-1][sku, at]),
            "on_order": 0,
        }
        for sku, code in enumerate(codes)
        for at, (warehouse, _, _) in enumerate(WAREHOUSES)
    ]
    return {
        "warehouse": [{"code": code, "name": name, "region": region} for code, name, region in WAREHOUSES],
        "supplier": suppliers,
        "sku": _sku_rows(items, play, codes, first),
        "source": _source_rows(items, codes),
        "promotion": _promotion_rows(first, last),
        "stock": stock,
    }


def _sku_rows(items: _Items, play: _Play, codes: list[str], first: dt.date) -> list[dict[str, Any]]:
    recent = np.stack(play.sold[-28:]).sum(axis=(0, 2, 3)) / min(28, len(play.sold))
    place_now = len(play.sold)
    rows = []
    for sku, code in enumerate(codes):
        category, nouns = CATEGORIES[sku % len(CATEGORIES)][:2]
        turn = sku // len(CATEGORIES)
        noun, material = nouns[turn % len(nouns)], MATERIALS[(turn // len(nouns)) % len(MATERIALS)]
        launched = int(items.launched[sku])
        daily_each = float(items.rate[sku]) / len(WAREHOUSES)
        rows.append(
            {
                "code": code,
                "name": f"{material}{noun}",
                "category": category,
                "stage": _stage(items, sku, float(recent[sku]), place_now),
                "safety_stock": max(2, round(daily_each * 4)),
                "unit_cost": float(items.cost[sku]),
                "price": float(items.price[sku]),
                "launched_on": (first + dt.timedelta(days=max(launched, 0) or -(sku % 900) - 30)).isoformat(),
                "owner": "chen" if sku % 3 else "lin",
                "supplier": f"S{int(items.supplier[sku]) + 1:02d}",
                "lead_time_days": int(items.lead[sku]),
                "moq": int(10 * (1 + sku % 3)),
                "pack_size": (1, 6, 12)[sku % 3],
                "active": not (recent[sku] == 0 and place_now > items.fades[sku] + 120),
            }
        )
    return rows


def _stage(items: _Items, sku: int, recent: float, now: int) -> str:
    if items.launched[sku] >= 0 and now - items.launched[sku] <= 60:
        return "新品"
    if now > items.fades[sku] + 60:
        return "衰退"
    return "爆品" if recent >= 12 else "常销" if recent >= 1.5 else "长尾"


def _source_rows(items: _Items, codes: list[str]) -> list[dict[str, Any]]:
    rows = []
    for sku, code in enumerate(codes):
        main = int(items.supplier[sku])
        for rank in range(1 + sku % 2):
            place = (main + rank * 7) % len(SUPPLIERS)
            rows.append(
                {
                    "sku": code,
                    "supplier": f"S{place + 1:02d}",
                    "price": round(float(items.cost[sku]) * (1 + 0.08 * rank), 2),
                    "lead_time_days": int(SUPPLIERS[place][2]),
                    "moq": int(10 * (1 + sku % 3)),
                    "pack_size": (1, 6, 12)[sku % 3],
                    "preferred": rank == 0,
                }
            )
    return rows


def _promotion_rows(first: dt.date, last: dt.date) -> list[dict[str, Any]]:
    rows = []
    for year in range(first.year, last.year + 2):
        for name, start, end, times, phase in PHASES:
            rows.append(
                {
                    "code": f"{year}-{name}-{phase}",
                    "name": f"{year} {name} {phase}",
                    "from_date": dt.date(year, *start).isoformat(),
                    "to_date": dt.date(year, *end).isoformat(),
                    "channels": list(CHANNELS),
                    "discount": 0.15 if times >= PROMOTION else 0.0,
                    "multiplier": times,
                }
            )
    return rows
