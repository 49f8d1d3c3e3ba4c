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
    """Activate, pause, resume, end, delete or bring back a program.

    `revision` is the one the author saw. Raises `NotFound`, `ProgramCannot`, `RestoreTooLate`,
    `ChangedMeanwhile`.
    """
    programs, is_back = unit.programs, command is ProgramCommand.RESTORE
    before = await (programs.even_deleted if is_back else programs.one)(program_id)
    if before.revision != revision:
        raise ChangedMeanwhile
    after = commanded(before, command, unit.now)
    await record(unit, author, f"program.{command}", after)
    await programs.change(after, revision=revision)
    _announce(unit, command, before, after, author.principal.name)
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


def _announce(
    unit: Unit, command: ProgramCommand, before: Program, after: Program, by: str
) -> None:
    """Tell what a command did; a program that goes out of sight or comes back keeps its cards."""
    if command is ProgramCommand.DELETE:
        unit.announce(program_facts.deleted(before, after, by))
        return
    if command is ProgramCommand.RESTORE:
        unit.announce(program_facts.restored(before, after, by))
        if after.status is before.status:
            return
    announce(unit, before, after, by)
