"""Facts of ours alone: a long change goes on in another transaction, and nobody else hears."""

from dataclasses import dataclass
from uuid import UUID

from gateway.domain.events.base import Event

CARDS_PER_CHUNK_MAX = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CardsToChange(Event):
    """The rest of a program's cards, those after the last one changed, still shows the old look.

    It carries a long change on, chunk by chunk, each in a transaction of its own.
    """

    type = "passgate.program.cards_to_change"
    program_id: UUID
    after_card_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CardsToTurn(Event):
    """A period of a program's rules ended: its cards after this one may read otherwise.

    Today as compared with the day `before`; both in ISO 8601.
    """

    type = "passgate.program.cards_to_turn"
    program_id: UUID
    before: str
    today: str
    after_card_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CardsToTell(Event):
    """The customers of the rest of a program's cards, by id, are still to hear that it ended."""

    type = "passgate.program.cards_to_tell"
    program_id: UUID
    after_card_id: UUID
    redeemable_until: str
