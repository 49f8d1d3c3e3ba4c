"""Rewards in words for the merchant: what one costs, how many are left, when it is on offer."""

from datetime import datetime
from zoneinfo import ZoneInfo

from gateway.domain.rewards import Reward
from gateway.domain.rules.keys import VOUCHER_PREFIX
from gateway.domain.rules.plan import Plan
from gateway.presenters.unit_words import promise_of, unit_words


def unit_name(plan: Plan, unit: str) -> str:
    """Return what a reward can be paid in: points, stamps, or another reward that was earned."""
    promise = promise_of(plan, unit)
    if promise and unit.startswith(VOUCHER_PREFIX):
        return f"{promise.description}, once it is earned"
    return unit_words(plan, unit, 0).removeprefix("0 ")


def price(plan: Plan, reward: Reward) -> str:
    """Return what a reward costs: 10 stamps, or nothing but that it is earned."""
    if reward.key is not None and reward.unit.startswith(VOUCHER_PREFIX):
        return "earned"
    return unit_words(plan, reward.unit, reward.cost)


def left(reward: Reward) -> str:
    """Return how many of a reward there are, "" when nobody counts."""
    if reward.stock is None:
        return ""
    return f"{reward.stock:,} left" if reward.stock else "sold out"


def offer(reward: Reward, now: datetime, zone: str) -> str:
    """Return whether a reward is on offer, in a word or with the moment of its change."""
    design = reward.design
    if not design.active:
        return "not on offer"
    if design.valid_from and now < design.valid_from:
        return f"from {moment(design.valid_from, zone)}"
    if design.valid_until and now >= design.valid_until:
        return "over"
    if design.valid_until:
        return f"until {moment(design.valid_until, zone)}"
    return "on offer"


def moment(at: datetime, zone: str) -> str:
    """Return a moment on the wall of a zone: 31 Dec 2030 23:00."""
    return f"{at.astimezone(ZoneInfo(zone)):%d %b %Y %H:%M}"
