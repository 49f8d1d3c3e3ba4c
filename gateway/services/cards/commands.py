"""What every command about a card carries, and the answer it gets, now and on every retry."""

from dataclasses import dataclass, field
from typing import ClassVar, TypedDict
from uuid import UUID

from gateway.domain.business_day import BusinessClock
from gateway.domain.errors import KeyReused
from gateway.domain.people import Origin, Principal
from gateway.storage.cards.postings import Question, StoredAnswer

STATUS_DONE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """Who wants something, from where, and the key that makes a retry the same request.

    `fingerprint` is the SHA-256 of what was asked. What `follows` and is told of a card that was
    merged is decided on the card it went to, as a scan of its code finds that one.
    """

    follows: ClassVar[bool] = False

    principal: Principal
    origin: Origin
    key: str
    fingerprint: bytes = field(repr=False)
    card_id: UUID

    @property
    def question(self) -> Question:
        """What to ask the ledger before deciding."""
        return Question(
            self.principal.merchant_id, self.card_id, self.principal.name, self.key, self.follows
        )


class Asked(TypedDict):
    """The fields all commands share, by name, for a door that makes several kinds of them."""

    principal: Principal
    origin: Origin
    key: str
    fingerprint: bytes
    card_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class StampCard(Command):
    """Stamp a card for a visit to a location; `source_event_id` is a receipt, if there is one."""

    follows = True

    location_id: UUID
    clock: BusinessClock
    source_event_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoStamp(Command):
    """Take a stamp back."""

    follows = True

    transaction_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ReserveReward(Command):
    """Set a reward's stamps aside while it is handed out."""

    reward_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class EndRedemption(Command):
    """Finish a redemption of the card: hand it out, cancel it, or let it run out."""

    redemption_id: UUID


@dataclass(frozen=True, slots=True)
class Answer:
    """The JSON a command is answered with, and whether it was given before."""

    status: int
    body: str
    replayed: bool = False

    @property
    def is_done(self) -> bool:
        """Whether the command had its effect, now or at its first try."""
        return self.status == STATUS_DONE


def replay(stored: StoredAnswer, command: Command) -> Answer:
    """Return the answer a key already has; raises `KeyReused` for another request."""
    if stored.fingerprint != command.fingerprint:
        raise KeyReused
    return Answer(stored.status, stored.body, replayed=True)
