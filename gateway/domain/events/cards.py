"""What happens to a card itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from gateway.domain.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CardOpened(Event):
    """A customer enrolled and has a card."""

    type = "loyalty.card.opened"
    card_id: UUID
    program_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CardStamped(Event):
    """A card earned stamps."""

    type = "loyalty.card.stamped"
    card_id: UUID
    transaction_id: UUID
    unit: str
    stamps: int
    balance: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EarningReversed(Event):
    """What a visit gave was taken back; `taken` is how much of each unit."""

    type = "loyalty.card.earning_reversed"
    card_id: UUID
    transaction_id: UUID
    reversed_transaction_id: UUID
    taken: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class CardMerged(Event):
    """A card's value, days and sales went to another, to which its code leads from now on."""

    type = "loyalty.card.merged"
    card_id: UUID
    into_card_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CardBlocked(Event):
    """A card can no longer be used."""

    type = "loyalty.card.blocked"
    card_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CardUnblocked(Event):
    """A card that was blocked can be used again."""

    type = "loyalty.card.unblocked"
    card_id: UUID
