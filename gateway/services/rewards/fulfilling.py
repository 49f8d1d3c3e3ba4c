"""Fulfilling: what was still to be done for a redeemed reward was done."""

from uuid import UUID

from gateway.domain.errors import NotFound
from gateway.domain.events.rewards import RewardFulfilled
from gateway.domain.redemptions import Redemption, check_fulfilled
from gateway.services.merchants.designing import Author
from gateway.storage.people.audit import Record
from gateway.storage.unit import Unit


async def fulfil_redemption(
    unit: Unit, card_id: UUID, redemption_id: UUID, author: Author
) -> Redemption:
    """Note who did it and when; of a second time nothing is noted.

    Raises `NotFound`, or `NothingToFulfil` when it waits for nothing.
    """
    redemption = await unit.redemptions.one(redemption_id)
    if redemption.card_id != card_id:
        raise NotFound("This redemption does not exist.")
    if await unit.redemptions.fulfil(redemption_id, author.principal.name, unit.now):
        record = Record(
            id=author.new_id(),
            actor=author.principal.name,
            action="redemption.fulfilled",
            subject=f"redemption:{redemption_id}",
        )
        await unit.audit.add(record, author.origin, unit.now)
        unit.announce(
            RewardFulfilled(
                card_id=card_id, redemption_id=redemption_id, reward_id=redemption.reward_id
            )
        )
    fulfilled = await unit.redemptions.one(redemption_id)
    check_fulfilled(fulfilled)
    return fulfilled
