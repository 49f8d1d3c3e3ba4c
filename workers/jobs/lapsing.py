"""Reservations that ran out give back what they hold."""

from collections.abc import Callable
from hashlib import sha256
from uuid import UUID

import structlog

from gateway.domain.ledger import TransactionKind
from gateway.domain.people import Origin, Principal
from gateway.services.cards.commands import EndRedemption
from gateway.services.rewards.ending import end_redemption
from gateway.storage.queues.housekeeping import OVERDUE_ROWS_MAX, Housekeeping, Overdue
from gateway.storage.unit import Units

SYSTEM = "system"
ROUNDS_MAX = 50


async def lapse_reservations(
    keeping: Housekeeping, units: Units, new_id: Callable[[], UUID]
) -> int:
    """End every reservation whose time is over; return how many.

    One that cannot be ended is told of and holds up no other.
    """
    ended = 0
    for _ in range(ROUNDS_MAX):
        overdue = await keeping.overdue_redemptions()
        for one in overdue:
            ended += await _lapse(units, one, new_id)
        if len(overdue) < OVERDUE_ROWS_MAX:
            break
    return ended


async def _lapse(units: Units, overdue: Overdue, new_id: Callable[[], UUID]) -> bool:
    """End one; staff may hand it out at the same moment, and then it stays handed out."""
    key = f"lapse:{overdue.redemption_id}"
    command = EndRedemption(
        principal=Principal(merchant_id=overdue.merchant_id, name=SYSTEM, permissions=frozenset()),
        origin=Origin(source=SYSTEM),
        key=key,
        fingerprint=sha256(key.encode()).digest(),
        card_id=overdue.card_id,
        redemption_id=overdue.redemption_id,
    )
    try:
        answer = await end_redemption(units, command, TransactionKind.LAPSE, new_id)
    except Exception as error:  # noqa: BLE001 -- whatever it was, the others have their turn
        structlog.get_logger().error(
            "lapse_failed", redemption=str(overdue.redemption_id), error=type(error).__name__
        )
        return False
    return answer.is_done
