"""How cards' tiers change."""

from dataclasses import dataclass

from gateway.domain.events.cards import CardChanged


@dataclass(frozen=True, slots=True, kw_only=True)
class TierChanged(CardChanged):
    """Something happened to a card's tier; `before` and `tier` are null for none."""

    before: str | None
    tier: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TierUpgraded(TierChanged):
    """A card reached a higher tier; `before` is null when it had none."""

    type = "loyalty.tier.upgraded"
    tier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TierDowngradeAnnounced(TierChanged):
    """A card will lose its tier on this day (ISO 8601), as things stand; `tier` null is none."""

    type = "loyalty.tier.downgrade_announced"
    moves_on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TierDowngraded(TierChanged):
    """A card lost its tier; `tier` null is none."""

    type = "loyalty.tier.downgraded"
