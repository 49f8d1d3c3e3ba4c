"""Tiers: what a customer is, by what they spent, how often they came or what they earned."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, ClassVar

from gateway.domain.configurations.limits import Between, Characters, Items, Note, Positive
from gateway.domain.rules.keys import Key
from gateway.domain.rules.points import Multiplier
from gateway.domain.rules.windows import Period

THRESHOLD_MAX = 10**12


class Measure(StrEnum):
    """What a tier is reached by."""

    SPENDING = "spending"
    VISITS = "visits"
    POINTS = "points"


class Window(StrEnum):
    """Whether a period is the calendar's or the same length up to today."""

    CALENDAR = "calendar"
    ROLLING = "rolling"


class Downgrade(StrEnum):
    """How far a customer falls who no longer reaches their tier."""

    ONE_DOWN = "one_down"
    TO_FIT = "to_fit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """What reaches a tier: at least `value` within the period; without an upper end, so no gap."""

    type: Measure
    value: Annotated[int, Positive(THRESHOLD_MAX, "A tier's threshold must be greater than 0")]
    period: Period = Period.YEARLY


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """One tier, its benefits in words, and by what each unit's earnings are multiplied."""

    key: Key
    name: Annotated[str, Characters(30)]
    threshold: Threshold
    benefits: Annotated[tuple[Annotated[str, Characters(60)], ...], Items(0, 20)] = ()
    multipliers: Annotated[
        dict[Key, Multiplier], Items(0, 10), Note("By unit: point, stamp …")
    ] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class DegradationRules:
    """Whether a tier can be lost, how far, after how long, and how long before we say so."""

    enabled: bool = True
    grace_period_months: Annotated[int, Between(0, 24, "A grace period is 0 to 24 months.")] = 0
    downgrade: Downgrade = Downgrade.ONE_DOWN
    notice_days: Annotated[int, Between(0, 90, "Notice is given 0 to 90 days before.")] = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class TierRule:
    """The tiers of a program, lowest first. Who reaches none has none."""

    kind: ClassVar[str] = "tier_based"

    key: Key = "tiers"
    tiers: Annotated[tuple[Tier, ...], Items(1, 20)]
    evaluation_period: Annotated[
        Period, Note("When it is looked whether a tier is still deserved.")
    ] = Period.MONTHLY
    window: Window = Window.CALENDAR
    degradation_rules: DegradationRules = DegradationRules()

    def multiplier(self, tier: str | None, unit: str) -> Decimal:
        """Return by what a tier multiplies what is earned of a unit."""
        held = next((each for each in self.tiers if each.key == tier), None)
        return held.multipliers.get(unit, Decimal(1)) if held else Decimal(1)
