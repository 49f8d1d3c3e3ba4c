"""Guarding: a guess is counted and committed before anybody looks whether it is right."""

from uuid import UUID

from gateway.domain.attempts import AttemptLimit
from gateway.domain.errors import PinLocked, TooManyAttempts
from gateway.storage.unit import Units

_REFUSALS = {"pin_staff": PinLocked, "pin_till": PinLocked}


async def count_attempt(
    units: Units, merchant_id: UUID, limits: list[tuple[AttemptLimit, str]]
) -> None:
    """Count one try at each limit's subject, in a transaction of its own.

    Raises `PinLocked` or `TooManyAttempts` with `retry_at` when a door is closed; nothing is
    said about whether the guess was right.
    """
    for limit, subject in limits:
        async with units(merchant_id) as unit:
            closed_until = await unit.attempts.reserve(limit, subject, unit.now)
        if closed_until is not None:
            raise _REFUSALS.get(limit.kind, TooManyAttempts)(retry_at=closed_until)
