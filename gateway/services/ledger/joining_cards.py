"""Two cards of a merchant at once: value goes from one to the other, or all of it for good."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from gateway.domain.business_day import business_day
from gateway.domain.cards import Standing
from gateway.domain.errors import Busy, NotFound, Refusal
from gateway.domain.events.balances import BalanceTransferred
from gateway.domain.events.cards import CardMerged
from gateway.domain.ledger import Account, TransactionKind, Transfer
from gateway.domain.merging import (
    Move,
    SameCard,
    all_of,
    check_pair,
    check_room,
    merged,
    moved,
    part_of,
)
from gateway.domain.rules.outcomes import Day, TierMove
from gateway.presenters.answers import amounts, body_of, body_of_refusal
from gateway.presenters.ledger_answers import Transferred
from gateway.presenters.problems import STATUS_OF_KIND
from gateway.services.cards.commands import STATUS_DONE, Answer, Command, replay
from gateway.services.cards.posting import FINAL_KINDS, TRIES_MAX, Decision, Lost
from gateway.storage.cards.ledger import Ledger
from gateway.storage.cards.postings import (
    Change,
    Posting,
    Question,
    Reading,
    StoredAnswer,
    Written,
)
from gateway.storage.unit import Unit, Units


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
class _Pair:
    """How both cards stood when they were read, what goes from one to the other, and when."""

    giver: Reading
    taker: Reading
    move: Move
    giver_id: UUID
    taker_id: UUID
    day: Day


async def join_cards(units: Units, command: JoinCards, new_id: Callable[[], UUID]) -> Answer:
    """Move value between two cards of the same program; all of it or nothing is written.

    Lots keep their ends. In a merger everything moves: what is pending, what is owed, days,
    totals, sales, and of what rules and tiers remember the better. The answer may be a refusal
    `same_card`, `other_program`, `card_merged`, `card_blocked`, `reservations_open`, `not_enough`
    or `balance_limit`. Raises `NotFound` for an unknown card.
    """
    for _ in range(TRIES_MAX):
        try:
            async with units(command.principal.merchant_id) as unit:
                return await _try(unit, command, new_id)
        except Lost:
            continue
    raise Busy


async def _try(unit: Unit, command: JoinCards, new_id: Callable[[], UUID]) -> Answer:
    ledger = await unit.ledger()
    if command.is_merger:
        await unit.upkeep.hold({command.card_id, command.counterpart_card_id})
    (giver,) = await ledger.read([command.question])
    if giver.answer is not None:
        return replay(giver.answer, command)
    try:
        pair = await _pair(unit, command, giver, new_id)
    except Refusal as refusal:
        if isinstance(refusal, Busy) or refusal.kind not in FINAL_KINDS:
            raise
        status = int(STATUS_OF_KIND[refusal.kind])
        refused = StoredAnswer(command.fingerprint, status, body_of_refusal(refusal))
        return await _write(ledger, [_posting(command, command.key, refused)])
    answer = await _write(ledger, _postings(command, pair))
    await _follow_up(unit, command, pair)
    return answer


async def _write(ledger: Ledger, postings: list[Posting]) -> Answer:
    if any(written is not Written.DONE for written in await ledger.write(postings)):
        raise Lost
    return Answer(postings[0].answer.status, postings[0].answer.body)


async def _pair(
    unit: Unit, command: JoinCards, giver: Reading, new_id: Callable[[], UUID]
) -> _Pair:
    if command.card_id == command.counterpart_card_id:
        raise SameCard
    taker_id, ledger = new_id(), await unit.ledger()
    question = Question(
        command.principal.merchant_id,
        command.counterpart_card_id,
        command.principal.name,
        _counterpart_key(taker_id),
    )
    (taker,) = await ledger.read([question])
    return _Pair(
        giver=giver,
        taker=taker,
        move=await _move(unit, command, giver.standing, taker.standing),
        giver_id=new_id(),
        taker_id=taker_id,
        day=Day(day=business_day(giver.now, await unit.merchants.clock(None))),
    )


async def _move(
    unit: Unit, command: JoinCards, giver: Standing | None, taker: Standing | None
) -> Move:
    if giver is None or taker is None:
        raise NotFound("This card does not exist.")
    check_pair(giver, taker)
    move = await _leaving(unit, command, giver)
    check_room(taker, move)
    return move


async def _leaving(unit: Unit, command: JoinCards, giver: Standing) -> Move:
    parts = await unit.lots.parts(command.card_id)
    if command.unit is None:
        return all_of(giver, parts)
    available = (command.unit, Account.AVAILABLE)
    held = [part.amount for part in parts if (part.unit, part.account) == available]
    if sum(held) < giver.available(command.unit):
        # The lots were read after the balance, and somebody took some of them in between.
        raise Lost
    return part_of(giver, parts, command.unit, command.amount)


def _postings(command: JoinCards, pair: _Pair) -> list[Posting]:
    """Return what is written on both cards; a merger of a card that has nothing moves nothing."""
    answer, counterpart = (
        StoredAnswer(command.fingerprint, STATUS_DONE, body) for body in _bodies(command, pair)
    )
    if not pair.move.leaves:
        return [_posting(command, command.key, answer)]
    leaves = _change(command, pair.giver, pair.giver_id, pair.move.leaves, pair.day)
    enters = _change(command, pair.taker, pair.taker_id, pair.move.enters, pair.day)
    return [
        _posting(command, command.key, answer, leaves),
        _posting(command, _counterpart_key(pair.taker_id), counterpart, enters),
    ]


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


async def _follow_up(unit: Unit, command: JoinCards, pair: _Pair) -> None:
    """Announce what moved, and after a merger let the first card lead to the other."""
    giver, taker = pair.giver.standing, pair.taker.standing
    assert giver is not None, "checked before"
    assert taker is not None, "checked before"
    if pair.move.leaves:
        unit.announce(
            *(
                BalanceTransferred(
                    card_id=card_id,
                    counterpart_card_id=other_id,
                    transaction_id=transaction_id,
                    moved=moved(transfers),
                )
                for card_id, other_id, transaction_id, transfers in (
                    (giver.card_id, taker.card_id, pair.giver_id, pair.move.leaves),
                    (taker.card_id, giver.card_id, pair.taker_id, pair.move.enters),
                )
            )
        )
    if command.is_merger:
        version = await unit.programs.version(taker.program_version_id)
        left = merged(version.plan, giver, taker)
        await unit.upkeep.merge(giver.card_id, left)
        if left.tier != taker.tier:
            tier_move = TierMove(before=taker.tier, tier=left.tier, is_up=True)
            await unit.upkeep.move_tier(
                taker.card_id, pair.taker_id, tier_move, "merger", pair.giver.now
            )
        unit.announce(CardMerged(card_id=giver.card_id, into_card_id=taker.card_id))


def _posting(
    command: JoinCards, key: str, answer: StoredAnswer, change: Change | None = None
) -> Posting:
    return Posting(
        principal=command.principal,
        origin=command.origin,
        key=key,
        card_id=change.before.card_id if change else command.card_id,
        answer=answer,
        change=change,
    )


def _counterpart_key(transaction_id: UUID) -> str:
    return f"counterpart:{transaction_id}"


def _bodies(command: JoinCards, pair: _Pair) -> tuple[str, str]:
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
