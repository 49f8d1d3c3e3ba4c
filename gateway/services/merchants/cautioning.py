"""Cautioning: a merchant is told what deserves a second look, and may do it all the same."""

from uuid import UUID

from gateway.domain.program_likeness import Caution, cautions
from gateway.domain.programs import Program, ProgramStatus
from gateway.domain.progress import leading
from gateway.storage.cards.program_pages import ProgramPages, ProgramSearch
from gateway.storage.unit import Unit

LOOKED_AT_MAX = 50
"""How many of the programs that run are compared with one, the newest of them."""


async def cautions_for(unit: Unit, program: Program) -> tuple[Caution, ...]:
    """Return a caution for each program of the merchant that runs and is much like this one."""
    kind = leading(program.version.plan).kind
    return cautions(program, await unit.programs.running_with(kind, LOOKED_AT_MAX))


async def cautions_for_draft(
    pages: ProgramPages, merchant_id: UUID, draft: Program
) -> tuple[Caution, ...]:
    """Return the same for a program that is kept nowhere."""
    kind = leading(draft.version.plan).kind
    search = ProgramSearch(status=ProgramStatus.ACTIVE, rule_type=kind)
    running = await pages.page(merchant_id, search, LOOKED_AT_MAX)
    return cautions(draft, [each.program for each in running])
