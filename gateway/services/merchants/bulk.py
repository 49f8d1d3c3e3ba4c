"""Many commands at once: each in a unit of its own, so that none fails its neighbours."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from gateway.domain.errors import Refusal
from gateway.domain.programs import Program, ProgramCommand
from gateway.services.merchants.designing import Author
from gateway.services.merchants.steering import command_program
from gateway.storage.database import OUTAGES
from gateway.storage.unit import Units

AT_ONCE_MAX = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command for one program, based on the revision its author saw."""

    program_id: UUID
    command: ProgramCommand
    revision: int


Result = Program | Refusal | None
"""The program as it is now, why it is not, or None: the database did not answer."""


async def command_programs(
    units: Units, orders: Sequence[Command], author: Author
) -> list[Result]:
    """Carry out commands for different programs; return a result for each, in order."""
    turns = asyncio.Semaphore(AT_ONCE_MAX)

    async def carry_out(order: Command) -> Result:
        async with turns:
            return await _carry_out(units, order, author)

    return list(await asyncio.gather(*(carry_out(order) for order in orders)))


async def _carry_out(units: Units, order: Command, author: Author) -> Result:
    try:
        async with units(author.principal.merchant_id) as unit:
            return await command_program(
                unit, order.program_id, order.command, author, revision=order.revision
            )
    except Refusal as refusal:
        return refusal
    except OUTAGES:
        return None
