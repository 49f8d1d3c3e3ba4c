"""Steering: a program is started, paused, ended or deleted, by its merchant or by the clock."""

from collections.abc import Callable
from uuid import UUID

from gateway.domain.errors import ChangedMeanwhile
from gateway.domain.people import Origin, Principal
from gateway.domain.program_life import commanded, due
from gateway.domain.programs import Program, ProgramCommand
from gateway.services.merchants import program_facts
from gateway.services.merchants.designing import Author, announce, record
from gateway.storage.unit import Unit

SYSTEM = "system"


async def command_program(
    unit: Unit, program_id: UUID, command: ProgramCommand, author: Author, *, revision: int
) -> Program:
    """Activate, pause, resume, end or delete a program.

    `revision` is the one the author saw. Raises `NotFound`, `ProgramCannot`, `ChangedMeanwhile`.
    """
    before = await unit.programs.one(program_id)
    if before.revision != revision:
        raise ChangedMeanwhile
    after = commanded(before, command, unit.now)
    await record(unit, author, f"program.{command}", after)
    if command is ProgramCommand.DELETE:
        await unit.programs.delete(after, revision=revision, now=unit.now)
        unit.announce(program_facts.deleted(before, after, author.principal.name))
    else:
        await unit.programs.change(after, revision=revision)
        announce(unit, before, after, author.principal.name)
    return after


async def advance_program(unit: Unit, program_id: UUID, new_id: Callable[[], UUID]) -> bool:
    """Start or end a program whose time has come; return whether there was anything to do.

    Done again it changes nothing. Raises `NotFound`, or `ChangedMeanwhile` when somebody changed
    the program at this moment: then the next look decides anew.
    """
    before = await unit.programs.one(program_id)
    after = due(before, unit.now)
    if after is None:
        return False
    await unit.programs.change(after, revision=before.revision)
    principal = Principal(merchant_id=unit.merchant_id, name=SYSTEM, permissions=frozenset())
    clock = Author(principal=principal, origin=Origin(source=SYSTEM), new_id=new_id)
    await record(unit, clock, f"program.{after.status}", after)
    announce(unit, before, after, SYSTEM)
    return True
