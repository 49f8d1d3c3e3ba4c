"""Redeeming: a reward is reserved, then handed out, cancelled, or left to run out."""

from collections.abc import Callable
from uuid import UUID

from gateway.domain.cards import Standing, progress
from gateway.domain.errors import NotFound
from gateway.domain.events import Event, ReservationReleased, RewardRedeemed, RewardReserved
from gateway.domain.ledger import Account, TransactionKind, Transfer, after
from gateway.domain.redemptions import (
    Redemption,
    RedemptionStatus,
    Reward,
    expiry,
    finish,
    reserve,
)
from gateway.presenters.answers import Redeeming, body_of, shown
from gateway.services.cards.commands import Answer, EndRedemption, ReserveReward
from gateway.services.cards.posting import Decision, carry_out
from gateway.storage.cards.ledger import Reading
from gateway.storage.unit import Unit, Units


async def reserve_reward(
    units: Units, command: ReserveReward, new_id: Callable[[], UUID], code: str
) -> Answer:
    """Set a reward's stamps aside for a quarter of an hour; `code` is what staff compare.

    The answer may be a refusal `not_enough_stamps` or `card_blocked`. Raises `NotFound` for an
    unknown card or reward.
    """

    async def decide(unit: Unit, reading: Reading, standing: Standing) -> Decision:
        reward = await _reward(unit, standing, command.reward_id)
        transfer = reserve(standing, reward)
        redemption = Redemption(
            id=new_id(),
            card_id=command.card_id,
            reward=reward,
            status=RedemptionStatus.RESERVED,
            code=code,
            reserved_at=reading.now,
            expires_at=expiry(reading.now),
        )
        await unit.redemptions.add(redemption)
        return Decision(
            transaction_id=new_id(),
            kind=TransactionKind.RESERVE,
            transfer=transfer,
            standing=standing,
            facts=(RewardReserved(card_id=command.card_id, redemption_id=redemption.id),),
            body=await _body(unit, standing, transfer, redemption, RedemptionStatus.RESERVED),
        )

    return await carry_out(units, command, decide)


async def end_redemption(
    units: Units, command: EndRedemption, how: TransactionKind, new_id: Callable[[], UUID]
) -> Answer:
    """Hand a reserved reward out, cancel it, or let it run out; each happens once.

    The answer may be a refusal `redemption_closed` or `redemption_expired`. Raises `NotFound`
    for an unknown card or redemption, or one of another card.
    """

    async def decide(unit: Unit, reading: Reading, standing: Standing) -> Decision:
        redemption = await unit.redemptions.one(command.redemption_id)
        if redemption.card_id != command.card_id:
            raise NotFound("This redemption does not exist.")
        status, transfer = finish(redemption, how, reading.now)
        await unit.redemptions.end(redemption.id, status, reading.now)
        return Decision(
            transaction_id=new_id(),
            kind=how,
            transfer=transfer,
            standing=standing,
            facts=(_fact(redemption, status),),
            body=await _body(unit, standing, transfer, redemption, status),
        )

    return await carry_out(units, command, decide)


async def _reward(unit: Unit, standing: Standing, reward_id: UUID) -> Reward:
    for reward in await unit.programs.rewards(standing.program_version_id):
        if reward.id == reward_id:
            return reward
    raise NotFound("This reward does not exist.")


async def _body(
    unit: Unit,
    standing: Standing,
    transfer: Transfer,
    redemption: Redemption,
    status: RedemptionStatus,
) -> str:
    version = await unit.programs.version(standing.program_version_id)
    balance = after(standing.balances, [transfer])[Account.AVAILABLE]
    return body_of(
        Redeeming(
            redemption_id=redemption.id,
            card_id=redemption.card_id,
            reward=redemption.reward.name,
            status=status,
            code=redemption.code,
            expires_at=redemption.expires_at,
            progress=shown(progress(balance, version.rule.target)),
        )
    )


def _fact(redemption: Redemption, status: RedemptionStatus) -> Event:
    if status is RedemptionStatus.REDEEMED:
        return RewardRedeemed(card_id=redemption.card_id, redemption_id=redemption.id)
    return ReservationReleased(
        card_id=redemption.card_id, redemption_id=redemption.id, reason=status
    )
