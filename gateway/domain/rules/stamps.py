"""Stamp and punch cards: collect so many, get one reward."""

import math
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, ClassVar

from gateway.domain.configurations.limits import Between, Items, Note, Positive
from gateway.domain.rules.keys import STAMP, Category, Key
from gateway.domain.rules.points import MinimumPurchase
from gateway.domain.rules.promises import MINOR_UNITS_MAX, Promise
from gateway.domain.rules.qualifying import Counted, total

TARGET_MIN, TARGET_MAX = 2, 50


class EarnBasis(StrEnum):
    """What a stamp is given for."""

    PER_VISIT = "per_visit"
    PER_ITEM = "per_item"
    PER_DOLLAR = "per_dollar"


class Surplus(StrEnum):
    """What becomes of stamps beyond a full card."""

    CARRY = "carry"
    DISCARD = "discard"


@dataclass(frozen=True, slots=True, kw_only=True)
class StampEarnRule:
    """How stamps are earned.

    `value` is stamps per visit, items per stamp, or the amount per stamp in minor units.
    """

    type: EarnBasis = EarnBasis.PER_VISIT
    value: Annotated[
        int, Positive(MINOR_UNITS_MAX, "The value of a stamp must be greater than 0")
    ] = 1
    carry_remainder: Annotated[
        bool, Note("Keep what was too little for one more stamp for the next purchase.")
    ] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """A reward on the way to the full card, given each time a card reaches `at` stamps."""

    key: Key
    at: Annotated[
        int, Between(1, TARGET_MAX - 1, "A reward on the way comes before the last stamp.")
    ]
    reward: Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class StampRule:
    """A stamp card: stamps per visit, per item or per amount; `stamps_required` make a reward."""

    kind: ClassVar[str] = "stamp_card"

    key: Key = "stamps"
    unit: Annotated[Key, Note("What is collected, when a card collects several things.")] = STAMP
    stamps_required: Annotated[
        int, Between(TARGET_MIN, TARGET_MAX, "Stamps required must be between 2 and 50")
    ]
    stamp_earn_rule: StampEarnRule = StampEarnRule()
    reward: Promise
    category_filter: Category | None = None
    intermediate_rewards: Annotated[tuple[Milestone, ...], Items(0, 5)] = ()
    surplus: Surplus = Surplus.CARRY

    @property
    def target(self) -> int:
        """How many stamps make the reward."""
        return self.stamps_required


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidHours:
    """From which whole hour to which, by the location's clock; 22 to 2 goes past midnight."""

    start: Annotated[int, Between(0, 23, "Valid hours begin between 0 and 23.")]
    end: Annotated[int, Between(0, 24, "Valid hours end between 0 and 24.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class PunchRule:
    """A punch card: one punch per qualifying purchase; `punches_required` make a reward."""

    kind: ClassVar[str] = "punch_card"

    key: Key = "punches"
    unit: Annotated[Key, Note("What is collected, when a card collects several things.")] = STAMP
    punches_required: Annotated[
        int, Between(TARGET_MIN, TARGET_MAX, "Punches required must be between 2 and 50")
    ]
    minimum_purchase_amount: MinimumPurchase | None = None
    reward: Promise
    category_filter: Category | None = None
    valid_hours: ValidHours | None = None
    intermediate_rewards: Annotated[tuple[Milestone, ...], Items(0, 5)] = ()

    @property
    def target(self) -> int:
        """How many punches make the reward."""
        return self.punches_required


def stamps_worth(
    rule: StampRule | PunchRule, lines: tuple[Counted, ...], carried: int
) -> tuple[int, int]:
    """Return the stamps that lines are worth before any multiplier, and what is left over.

    `carried` was left over from earlier purchases: minor units, or items. It is below zero after
    the refund of a purchase whose rest was used for a stamp.
    """
    if isinstance(rule, PunchRule):
        return 1, 0
    earn = rule.stamp_earn_rule
    if earn.type is EarnBasis.PER_VISIT:
        return earn.value, 0
    if earn.type is EarnBasis.PER_ITEM:
        measured = math.floor(sum((line.items for line in lines), Fraction(0)))
    else:
        measured = total(lines)
    stamps = max((carried + measured) // earn.value, 0)
    return stamps, carried + measured - stamps * earn.value


def fitting(wanted: int, collected: int, target: int) -> int:
    """Return how many of the stamps still fit on the card in hand; a full one begins anew."""
    return min(wanted, target - collected % target)


def reached(at: int, target: int, before: int, now: int) -> int:
    """Return how often a milestone is passed on the way from so many stamps to so many."""
    return max(_passed(at, target, now) - _passed(at, target, before), 0)


def _passed(at: int, target: int, collected: int) -> int:
    return max((collected - at) // target + 1, 0)
