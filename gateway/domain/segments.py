"""Segments: which cards a program, a promotion or a campaign is for."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from gateway.domain.configurations.limits import Between, Characters, Items, Note

NUMBER_MAX = 10**12
TIERS_MAX = 20
TIER_KEY_CHARACTERS_MAX = 20

Number = Annotated[int, Between(0, NUMBER_MAX, "A number is between 0 and 1,000,000,000,000.")]
TierKey = Annotated[str, Characters(TIER_KEY_CHARACTERS_MAX)]


class SegmentField(StrEnum):
    """What can be asked of a card.

    `balance` is points that can be spent and `stamps` those on the card; `visits`, `spent` (in
    minor units) and `points_earned` count its whole life.
    """

    TIER = "tier"
    VISITS = "visits"
    SPENT = "spent"
    POINTS_EARNED = "points_earned"
    BALANCE = "balance"
    STAMPS = "stamps"
    DAYS_SINCE_JOINING = "days_since_joining"
    DAYS_SINCE_LAST_VISIT = "days_since_last_visit"


class Comparison(StrEnum):
    """How a field is compared."""

    EQUAL = "eq"
    NOT_EQUAL = "ne"
    AT_LEAST = "ge"
    AT_MOST = "le"
    ONE_OF = "in"


class Match(StrEnum):
    """Whether all conditions must hold or one is enough."""

    ALL = "all"
    ANY = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One field, compared with a value, or with several for `in`."""

    field: SegmentField
    comparison: Comparison
    value: Annotated[
        Number | TierKey | Annotated[tuple[TierKey, ...], Items(1, TIERS_MAX)],
        Note("A number, a tier's key, or a list of tier keys."),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """The cards for which the conditions hold."""

    match: Match = Match.ALL
    conditions: Annotated[tuple[Condition, ...], Items(1, 20)]
