"""Joint postings: what goes from one card to another, as it is written on each of the two."""

from dataclasses import dataclass, replace
from uuid import UUID

from gateway.domain.ledger import TransactionKind, Transfer
from gateway.domain.merging import Move, moved
from gateway.domain.rules.outcomes import Day
from gateway.presenters.answers import amounts, body_of
from gateway.presenters.ledger_answers import Transferred
from gateway.services.cards.commands import STATUS_DONE, Command
from gateway.services.cards.posting import Decision, kept
from gateway.storage.cards.postings import Change, Posting, Reading, StoredAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinCards(Command):
    """Move value from the card to a counterpart: an amount of a unit, or with None all there is.

    All there is makes the card lead to its counterpart from then on.
    """

    counterpart_card_id: UUID
    reason: str
    unit: str | None = None
    amount: int = 0

    @property
    def is_merger(self) -> bool:
        """Say whether the card ends in its counterpart."""
        return self.unit is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """How both cards stood when they were read, what goes from one to the other, and when."""

    giver: Reading
    taker: Reading
    move: Move
    giver_id: UUID
    taker_id: UUID
    day: Day


def joint_postings(command: JoinCards, pair: Pair) -> list[Posting]:
    """Return what is written on both cards; a merger of a card that has nothing moves nothing."""
    answer, counterpart = (
        StoredAnswer(command.fingerprint, STATUS_DONE, body) for body in _bodies(command, pair)
    )
    if not pair.move.leaves:
        return [kept(command, answer)]
    leaves = _change(command, pair.giver, pair.giver_id, pair.move.leaves, pair.day)
    enters = _change(command, pair.taker, pair.taker_id, pair.move.enters, pair.day)
    return [
        kept(command, answer, leaves),
        replace(kept(command, counterpart, enters), key=counterpart_key(pair.taker_id)),
    ]


def counterpart_key(transaction_id: UUID) -> str:
    """Return the key that the counterpart's posting has, as the command's is the giver's."""
    return f"counterpart:{transaction_id}"


def _change(
    command: JoinCards,
    reading: Reading,
    transaction_id: UUID,
    transfers: tuple[Transfer, ...],
    day: Day,
) -> Change:
    assert reading.standing is not None, "checked before"
    is_giver = reading.standing.card_id == command.card_id
    decision = Decision(
        transaction_id=transaction_id,
        kind=TransactionKind.TRANSFER,
        transfers=transfers,
        standing=reading.standing,
        facts=(),
        body="",
        day=day,
        may_owe=command.is_merger,
        reason=command.reason,
        counterpart_card_id=command.counterpart_card_id if is_giver else command.card_id,
    )
    return decision.change_of(reading.standing, reading.now)


def _bodies(command: JoinCards, pair: Pair) -> tuple[str, str]:
    """Return what is kept for each of the two cards, each as it sees the other."""
    leaves = Transferred(
        card_id=command.card_id,
        counterpart_card_id=command.counterpart_card_id,
        transaction_id=pair.giver_id if pair.move.leaves else None,
        counterpart_transaction_id=pair.taker_id if pair.move.leaves else None,
        moved=amounts(moved(pair.move.enters)),
        merged=command.is_merger,
    )
    enters = Transferred(
        card_id=command.counterpart_card_id,
        counterpart_card_id=command.card_id,
        transaction_id=leaves.counterpart_transaction_id,
        counterpart_transaction_id=leaves.transaction_id,
        moved=amounts(moved(pair.move.leaves)),
        merged=command.is_merger,
    )
    return body_of(leaves), body_of(enters)
