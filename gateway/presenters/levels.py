"""The levels of a program as its customers read them: names, benefits, and which one they have."""

from dataclasses import dataclass

from gateway.domain.rewards import tiers_of
from gateway.domain.rules.plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A tier by name, what it brings, and whether the customer has it."""

    name: str
    benefits: tuple[str, ...]
    is_held: bool


def levels(plan: Plan, tier: str | None) -> tuple[Level, ...]:
    """Return a plan's tiers, lowest first; none when it has none."""
    return tuple(
        Level(name=each.name, benefits=each.benefits, is_held=each.key == tier)
        for each in tiers_of(plan)
    )
