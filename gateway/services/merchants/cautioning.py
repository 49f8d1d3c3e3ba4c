"""Cautioning: a merchant is told what deserves a second look, and may do it all the same."""

from gateway.domain.program_likeness import Caution, cautions
from gateway.domain.programs import Program
from gateway.domain.progress import leading
from gateway.storage.unit import Unit

LOOKED_AT_MAX = 50
"""How many of the programs that run are compared with one, the newest of them."""


async def cautions_for(unit: Unit, program: Program) -> tuple[Caution, ...]:
    """Return a caution for each program of the merchant that runs and is much like this one."""
    kind = leading(program.version.plan).kind
    return cautions(program, await unit.programs.running_with(kind, LOOKED_AT_MAX))
