"""Rewards in words for the merchant: what one costs, how many are left, when it is on offer."""

from datetime import datetime
from zoneinfo import ZoneInfo

from gateway.domain.rewards import Reward
from gateway.domain.rules.keys import POINT, STAMP, VOUCHER_PREFIX

_NAMES = {POINT: "points", STAMP: "stamps"}


def unit_words(unit: str) -> str:
    """Return what a unit of the ledger is called: points, stamps, or the merchant's own word."""
    if unit.startswith(VOUCHER_PREFIX):
        return f"reward earned by {unit.removeprefix(VOUCHER_PREFIX)}"
    return _NAMES.get(unit, unit)


def price(reward: Reward) -> str:
    """Return what a reward costs: 10 stamps, or that it is earned."""
    if reward.unit.startswith(VOUCHER_PREFIX):
        return "earned" if reward.cost == 1 else f"earned {reward.cost:,} times"
    words = unit_words(reward.unit)
    one = reward.cost == 1 and reward.unit in _NAMES
    return f"{reward.cost:,} {words.removesuffix('s') if one else words}"


def left(reward: Reward) -> str:
    """Return how many of a reward there are, "" when nobody counts."""
    if reward.stock is None:
        return ""
    return f"{reward.stock:,} left" if reward.stock else "sold out"


def offer(reward: Reward, now: datetime, zone: str) -> str:
    """Return whether a reward is on offer, as one word or with the day: on offer until 31 Dec."""
    design, local = reward.design, ZoneInfo(zone)
    if not design.active:
        return "not on offer"
    if design.valid_from and now < design.valid_from:
        return f"from {design.valid_from.astimezone(local):%d %b %Y %H:%M}"
    if design.valid_until and now >= design.valid_until:
        return "over"
    if design.valid_until:
        return f"until {design.valid_until.astimezone(local):%d %b %Y %H:%M}"
    return "on offer"
