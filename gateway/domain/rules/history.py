"""History: what the rules that look back may know of a card, whoever keeps it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from gateway.domain.rules.outcomes import Day, RuleMemory


class Lifetime(Protocol):
    """What a card did in its whole life; `spent` in minor units."""

    @property
    def visits(self) -> int:
        """Business days with a visit that counts."""

    @property
    def spent(self) -> int:
        """What was paid and not refunded."""

    @property
    def points(self) -> int:
        """Points earned."""


class History(Protocol):
    """The part of a card's standing that rules look back on.

    A shape of its own, because plans know the rules and cards know plans: rules that knew cards
    would close a circle.
    """

    @property
    def days(self) -> tuple[Day, ...]:
        """The business days looked back on, oldest first."""

    @property
    def totals(self) -> Lifetime:
        """What the card did in its whole life."""

    @property
    def memory(self) -> Mapping[str, RuleMemory]:
        """What the card remembers, by rule."""

    @property
    def tier(self) -> str | None:
        """The key of the tier the card holds."""

    @property
    def tier_since(self) -> datetime | None:
        """When the card came to its tier."""


def remembered(history: History, key: str) -> RuleMemory:
    """Return what a card remembers for a rule; nothing yet is zero."""
    return history.memory.get(key, RuleMemory())
