"""Programs begin and end by themselves when their time has come."""

from collections.abc import Callable
from uuid import UUID

import structlog

from gateway.domain.errors import ChangedMeanwhile, NotFound
from gateway.services.merchants.steering import advance_program
from gateway.storage.queues.due_programs import DUE_ROWS_MAX, DuePrograms
from gateway.storage.unit import Units

ROUNDS_MAX = 50


async def advance_programs(due: DuePrograms, units: Units, new_id: Callable[[], UUID]) -> int:
    """Start and end every program whose time has come; return how many.

    Each in a unit of its own: one that cannot be moved is told of and holds up no other. What is
    left after `ROUNDS_MAX` rounds is moved with the next run.
    """
    moved, last = 0, UUID(int=0)
    for _ in range(ROUNDS_MAX):
        found = await due.after(last)
        for merchant_id, program_id in found:
            moved += await _advance(units, merchant_id, program_id, new_id)
            last = program_id
        if len(found) < DUE_ROWS_MAX:
            break
    return moved


async def _advance(
    units: Units, merchant_id: UUID, program_id: UUID, new_id: Callable[[], UUID]
) -> bool:
    try:
        async with units(merchant_id) as unit:
            return await advance_program(unit, program_id, new_id)
    except (ChangedMeanwhile, NotFound):
        # The merchant was faster; what they made of it is looked at with the next run.
        return False
    except Exception as error:  # noqa: BLE001 -- whatever it was, the others have their turn
        structlog.get_logger().error(
            "program_not_moved", program=str(program_id), error=type(error).__name__
        )
        return False
