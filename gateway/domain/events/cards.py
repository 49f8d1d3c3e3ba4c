"""What happens to a card itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from gateway.domain.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CardChanged(Event):
    """Something happened to a card."""

    card_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CardOpened(CardChanged):
    """A customer enrolled and has a card."""

    type = "loyalty.card.opened"
    program_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CardStamped(CardChanged):
    """A card earned stamps."""

    type = "loyalty.card.stamped"
    transaction_id: UUID
    unit: str
    stamps: int
    balance: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EarningReversed(CardChanged):
    """What a visit gave was taken back; `taken` is how much of each unit."""

    type = "loyalty.card.earning_reversed"
    transaction_id: UUID
    reversed_transaction_id: UUID
    taken: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class CardMerged(CardChanged):
    """A card's value, days and sales went to another, to which its code leads from now on."""

    type = "loyalty.card.merged"
    into_card_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CardBlocked(CardChanged):
    """A card can no longer be used."""

    type = "loyalty.card.blocked"


@dataclass(frozen=True, slots=True, kw_only=True)
class CardUnblocked(CardChanged):
    """A card that was blocked can be used again."""

    type = "loyalty.card.unblocked"
