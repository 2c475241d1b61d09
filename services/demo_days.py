"""The days of the demo shop: demand, spikes, orders, deliveries and what is left on the shelf, day after day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.demo_words import CATEGORIES, SUPPLIERS

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
class Items:
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


def items_of(skus: int, seed: int) -> Items:
    """Return the items, drawn once from *seed*."""
    rng = np.random.default_rng([seed, 0])
    rate = np.clip(rng.lognormal(0.25, 1.15, skus), 0.05, 60)
    launched = np.where(rng.random(skus) < 0.1, DAYS - rng.integers(6, 70, skus), -1)
    cost = np.round(rng.lognormal(3.0, 0.8, skus), 2)
    supplier = rng.integers(0, len(SUPPLIERS), skus)
    shape = (skus, len(WAREHOUSES))
    return Items(
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


def _season(items: Items, day: dt.date) -> Floats:
    peaks = np.array([row[2] for row in CATEGORIES])
    swings = np.array([row[3] for row in CATEGORIES])
    angle = 2 * np.pi * (day.timetuple().tm_yday - peaks) / 365.25
    season: Floats = (1 + swings * np.cos(angle))[items.category]
    return season


def _expected(items: Items, day: dt.date, place: int) -> Floats:
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
class Play:
    """What happened, day by day: lists of arrays SKU × warehouse (× channel)."""

    sold: list[Integers]
    spikes: list[Integers]
    out: list[Flags]
    on_hand: list[Integers]
    arriving: list[Integers]
    reserved: list[Integers]


def play_of(items: Items, first: dt.date, days: int, seed: int) -> Play:
    """Play *days* days from *first*: what was wanted, sold, ordered, delivered, and what was left."""
    shape = items.warehouse_share.shape
    lead = np.repeat(items.lead[:, None], shape[1], axis=1)
    usual = items.rate[:, None] * items.warehouse_share
    on_hand = np.ceil(usual * (lead + 30) + 4).astype(np.int64)
    on_hand[items.launched >= 0] = 0
    due: dict[int, Integers] = {}
    arriving = np.zeros(shape, np.int64)
    smooth = usual.copy()
    play = Play([], [], [], [], [], [])
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


def _demand(items: Items, day: dt.date, place: int, rng: np.random.Generator) -> tuple[Integers, Integers]:
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


def _orders(items: Items, smooth: Floats, position: Integers, lead: Integers, place: int, first: dt.date) -> Integers:
    """Return what the buyer orders today: up to three weeks beyond the lead time, more before a promotion."""
    times = max(multiple(first + dt.timedelta(days=place + ahead))[0] for ahead in (7, 14, 21))
    need = smooth * (1 + (times - 1) * 0.35)
    low = need * (lead * 1.3 + 5) + 2
    amount = np.where(position < low, np.ceil(need * (lead * 1.3 + 24) + 5 - position), 0)
    asleep = ((items.forgotten > 0) & (place >= DAYS - items.forgotten)) | (items.launched > place)[:, None]
    gone = (place > items.fades + 120)[:, None]
    ordered: Integers = np.where(asleep | gone, 0, np.maximum(amount, 0)).astype(np.int64)
    return ordered
