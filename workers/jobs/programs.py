"""Programs begin and end by themselves, and their periods too, when their time has come."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import structlog

from gateway.domain.errors import ChangedMeanwhile, NotFound
from gateway.services.merchants.steering import advance_program
from gateway.services.merchants.turning import turn_periods
from gateway.storage.queues.due_programs import DUE_ROWS_MAX, DuePrograms
from gateway.storage.unit import Unit, Units
from workers.continuations import CardsToTurn

ROUNDS_MAX = 50
FIRST = UUID(int=0)

See = Callable[[Unit, UUID], Awaitable[bool]]


async def advance_programs(due: DuePrograms, units: Units, new_id: Callable[[], UUID]) -> int:
    """Start and end every program whose time has come; return how many.

    Each in a unit of its own: one that cannot be moved is told of and holds up no other. What is
    left after `ROUNDS_MAX` rounds is moved with the next run.
    """

    async def advance(unit: Unit, program_id: UUID) -> bool:
        return await advance_program(unit, program_id, new_id)

    return await _each(due.after, units, advance)


async def turn_programs(due: DuePrograms, units: Units) -> int:
    """Have the cards looked at of every program of which a period ended; return how many.

    What each transaction says of a program it says once; its cards are looked at by the relay.
    """
    return await _each(due.turning, units, _turn)


async def _turn(unit: Unit, program_id: UUID) -> bool:
    turned = await turn_periods(unit, program_id)
    if turned is None:
        return False
    unit.announce(
        CardsToTurn(
            program_id=program_id,
            before=turned.before.isoformat(),
            today=turned.today.isoformat(),
            after_card_id=FIRST,
        )
    )
    return True


async def _each(
    find: Callable[[UUID], Awaitable[list[tuple[UUID, UUID]]]], units: Units, see: See
) -> int:
    moved, last = 0, FIRST
    for _ in range(ROUNDS_MAX):
        found = await find(last)
        for merchant_id, program_id in found:
            moved += await _see(units, merchant_id, program_id, see)
            last = program_id
        if len(found) < DUE_ROWS_MAX:
            break
    return moved


async def _see(units: Units, merchant_id: UUID, program_id: UUID, see: See) -> bool:
    try:
        async with units(merchant_id) as unit:
            return await see(unit, program_id)
    except (ChangedMeanwhile, NotFound):
        # The merchant was faster; what they made of it is looked at with the next run.
        return False
    except Exception as error:  # noqa: BLE001 -- whatever it was, the others have their turn
        structlog.get_logger().error(
            "program_not_moved", program=str(program_id), error=type(error).__name__
        )
        return False
