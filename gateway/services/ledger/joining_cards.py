"""Two cards of a merchant at once: value goes from one to the other, or all of it for good."""

from collections.abc import Callable
from uuid import UUID

from gateway.domain.business_day import business_day
from gateway.domain.cards import Standing
from gateway.domain.errors import Busy, NotFound, Refusal
from gateway.domain.events.balances import BalanceTransferred
from gateway.domain.events.cards import CardMerged
from gateway.domain.ledger import Account
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
from gateway.presenters.answers import body_of_refusal
from gateway.presenters.problems import STATUS_OF_KIND
from gateway.services.cards.commands import Answer, replay
from gateway.services.cards.posting import FINAL_KINDS, TRIES_MAX, Lost, kept
from gateway.services.ledger.joint_postings import (
    JoinCards,
    Pair,
    counterpart_key,
    joint_postings,
)
from gateway.storage.cards.ledger import Ledger
from gateway.storage.cards.postings import Posting, Question, Reading, StoredAnswer, Written
from gateway.storage.unit import Unit, Units


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
        return await _write(ledger, [kept(command, refused)])
    answer = await _write(ledger, joint_postings(command, pair))
    await _follow_up(unit, command, pair)
    return answer


async def _write(ledger: Ledger, postings: list[Posting]) -> Answer:
    if any(written is not Written.DONE for written in await ledger.write(postings)):
        raise Lost
    return Answer(postings[0].answer.status, postings[0].answer.body)


async def _pair(
    unit: Unit, command: JoinCards, giver: Reading, new_id: Callable[[], UUID]
) -> Pair:
    if command.card_id == command.counterpart_card_id:
        raise SameCard
    taker_id, ledger = new_id(), await unit.ledger()
    question = Question(
        command.principal.merchant_id,
        command.counterpart_card_id,
        command.principal.name,
        counterpart_key(taker_id),
    )
    (taker,) = await ledger.read([question])
    return Pair(
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


async def _follow_up(unit: Unit, command: JoinCards, pair: Pair) -> None:
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
