"""How cards' tiers change."""

from dataclasses import dataclass
from uuid import UUID

from gateway.domain.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class TierUpgraded(Event):
    """A card reached a higher tier; `before` is null when it had none."""

    type = "loyalty.tier.upgraded"
    card_id: UUID
    before: str | None
    tier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TierDowngradeAnnounced(Event):
    """A card will lose its tier on this day (ISO 8601), as things stand; `tier` null is none."""

    type = "loyalty.tier.downgrade_announced"
    card_id: UUID
    before: str | None
    tier: str | None
    moves_on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TierDowngraded(Event):
    """A card lost its tier; `tier` null is none."""

    type = "loyalty.tier.downgraded"
    card_id: UUID
    before: str | None
    tier: str | None
