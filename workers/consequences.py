"""Facts and what follows from each: the whole table on one page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from gateway.domain.events import (
    CardOpened,
    CardStamped,
    Event,
    GoogleCardWanted,
    ProgramPublished,
    ReservationReleased,
    RewardEarned,
    RewardRedeemed,
    RewardReserved,
    StampReversed,
)
from gateway.storage.queues.outbox import Fact

CARDS_PER_CHUNK_MAX = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CardsToChange(Event):
    """The rest of a program's cards, those after the last one changed, still shows the old look.

    Ours alone: it carries a long change on, chunk by chunk, each in a transaction of its own.
    """

    type = "passgate.program.cards_to_change"
    program_id: UUID
    after_card_id: UUID


@dataclass(frozen=True, slots=True)
class UpdatePasses:
    """A card's passes show something new: publish them and poke the devices that keep them."""

    card_id: UUID


@dataclass(frozen=True, slots=True)
class ChangeLook:
    """The program's cards after this one look different: count their versions up and on.

    A transaction changes at most `CARDS_PER_CHUNK_MAX` of them.
    """

    program_id: UUID
    after_card_id: UUID


@dataclass(frozen=True, slots=True)
class WriteGoogleCard:
    """A card is to be made at Google."""

    card_id: UUID


Consequence = UpdatePasses | ChangeLook | WriteGoogleCard


@dataclass(frozen=True, slots=True)
class Follow:
    """Everything that follows from some facts, each with the fact that it follows from.

    A card that changed twice is updated once, for the newer fact.
    """

    cards: dict[UUID, UUID] = field(default_factory=dict)
    looks: dict[ChangeLook, UUID] = field(default_factory=dict)
    google_cards: dict[UUID, UUID] = field(default_factory=dict)


class UnreadableFactError(Exception):
    """A fact of a type nobody knows here, or without what its type always says."""


def consequence(fact_type: str, data: Mapping[str, object]) -> Consequence:
    """Return what follows from a fact; raises `UnreadableFactError`."""
    try:
        return _CONSEQUENCES[fact_type](data)
    except (KeyError, TypeError, ValueError) as error:
        raise UnreadableFactError(fact_type) from error


def follows(facts: Sequence[Fact]) -> Follow:
    """Return what follows from these facts together; raises `UnreadableFactError`."""
    follow = Follow()
    for fact in facts:
        match consequence(fact.type, fact.data):
            case UpdatePasses(card_id):
                follow.cards[card_id] = fact.id
            case ChangeLook() as look:
                follow.looks[look] = fact.id
            case WriteGoogleCard(card_id):
                follow.google_cards[card_id] = fact.id
    return follow


def _update_passes(data: Mapping[str, object]) -> Consequence:
    return UpdatePasses(_id(data, "card_id"))


def _write_google_card(data: Mapping[str, object]) -> Consequence:
    return WriteGoogleCard(_id(data, "card_id"))


def _change_look(data: Mapping[str, object]) -> Consequence:
    return ChangeLook(_id(data, "program_id"), UUID(int=0))


def _change_look_further(data: Mapping[str, object]) -> Consequence:
    return ChangeLook(_id(data, "program_id"), _id(data, "after_card_id"))


def _id(data: Mapping[str, object], name: str) -> UUID:
    value = data[name]
    if not isinstance(value, str):
        raise TypeError(name)
    return UUID(value)


_CONSEQUENCES: Mapping[str, Callable[[Mapping[str, object]], Consequence]] = {
    CardOpened.type: _update_passes,
    CardStamped.type: _update_passes,
    RewardEarned.type: _update_passes,
    StampReversed.type: _update_passes,
    RewardReserved.type: _update_passes,
    RewardRedeemed.type: _update_passes,
    ReservationReleased.type: _update_passes,
    ProgramPublished.type: _change_look,
    CardsToChange.type: _change_look_further,
    GoogleCardWanted.type: _write_google_card,
}
