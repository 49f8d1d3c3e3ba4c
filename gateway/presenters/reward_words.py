"""Rewards in words: what one costs, how many are left, and what its customer reads of it."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from gateway.domain.claims import Claim
from gateway.domain.rewards import Reward, RewardWords
from gateway.domain.rules.keys import VOUCHER_PREFIX
from gateway.domain.rules.plan import Plan
from gateway.domain.wording import Language
from gateway.presenters.reason_words import obstacle_words
from gateway.presenters.unit_words import promise_of, unit_words


@dataclass(frozen=True, slots=True, kw_only=True)
class PrizeLine:
    """A reward of the catalogue as its customer reads it.

    `language` is that of the words, None where they are as the merchant wrote them first;
    `picture` is our name for its picture, and `sentence` why it cannot be had now, "" when it can.
    """

    words: RewardWords
    language: Language | None
    category: str
    picture: str | None
    price: str
    sentence: str


def prize_line(
    plan: Plan, claim: Claim, language: Language, picture: str | None = None
) -> PrizeLine:
    """Return a reward in its customer's language, with its price and how the card stands to it."""
    reward = claim.reward
    return PrizeLine(
        words=reward.words(language),
        language=language if language in reward.design.localised else None,
        category=reward.design.category or "",
        picture=picture,
        price=unit_words(plan, reward.unit, reward.cost, language),
        sentence=obstacle_words(plan, claim, language),
    )


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
