"""Balances and tiers that change with time alone, on the cards of all merchants."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

import structlog

from gateway.domain.people import Origin, Principal
from gateway.services.cards.commands import Command
from gateway.services.ledger.maturing import NOTICE, expire, give_notice, release
from gateway.services.ledger.tier_reviewing import review_tier
from gateway.storage.database import Database
from gateway.storage.queues.due import DUE_ROWS_MAX, Due, DueCard

SYSTEM = "system"
ROUNDS_MAX = 10
# The earliest business day begins so much before that of UTC.
EASTERNMOST = timedelta(hours=14)

Find = Callable[[list[UUID]], Awaitable[list[DueCard]]]
See = Callable[[DueCard], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Balances:
    """Looks after balances and tiers; each run is bounded, and goes on where the last one ended.

    What is done is known by the card itself, so nothing is done twice whoever crashes when.
    """

    database: Database
    new_id: Callable[[], UUID]

    async def release(self) -> int:
        """Release what was held back long enough; return on how many cards."""
        units = self.database.units

        async def see(card: DueCard) -> object:
            return await release(units, _command("release", card), self.new_id)

        return await _each("release", self._due.matured, see)

    async def expire(self) -> int:
        """Take what was not used in time; return on how many cards."""
        units = self.database.units

        async def see(card: DueCard) -> object:
            return await expire(units, _command("expire", card), self.new_id)

        return await _each("expire", self._due.expired, see)

    async def notify(self) -> int:
        """Announce what ends soon; return on how many cards."""

        async def find(but: list[UUID]) -> list[DueCard]:
            return await self._due.expiring(NOTICE, but)

        async def see(card: DueCard) -> object:
            return await give_notice(self.database.units, card.merchant_id, card.card_id)

        return await _each("notify", find, see)

    async def review(self) -> int:
        """Look at the tiers that are due; return how many cards were looked at."""

        async def find(but: list[UUID]) -> list[DueCard]:
            return await self._due.tier_reviews(EASTERNMOST, but)

        async def see(card: DueCard) -> object:
            principal = _principal(card)
            return await review_tier(self.database.units, principal, card.card_id, self.new_id)

        return await _each("review", find, see)

    @property
    def _due(self) -> Due:
        return Due(self.database.engine)


async def _each(what: str, find: Find, see: See) -> int:
    """See to each card that is due, once in a run; one that fails holds up no other."""
    seen: list[UUID] = []
    for _ in range(ROUNDS_MAX):
        cards = await find(seen)
        for card in cards:
            try:
                await see(card)
            except Exception as error:  # noqa: BLE001 -- whatever it was, the others have their turn
                structlog.get_logger().error(
                    "due_card_failed",
                    what=what,
                    card=str(card.card_id),
                    error=type(error).__name__,
                )
        seen += [card.card_id for card in cards]
        if len(cards) < DUE_ROWS_MAX:
            break
    return len(seen)


def _principal(card: DueCard) -> Principal:
    return Principal(merchant_id=card.merchant_id, name=SYSTEM, permissions=frozenset())


def _command(what: str, card: DueCard) -> Command:
    """Return the command on a card in the state it was found in, which it leaves for ever."""
    key = f"{what}:{card.card_id}:{card.version}"
    return Command(
        principal=_principal(card),
        origin=Origin(source=SYSTEM),
        key=key,
        fingerprint=sha256(key.encode()).digest(),
        card_id=card.card_id,
    )
