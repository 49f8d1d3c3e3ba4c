"""Inviting: what a poster or a link to a merchant leads to."""

from dataclasses import dataclass

from gateway.domain.errors import ProgramNotActive
from gateway.domain.programs import Program, ProgramStatus
from gateway.storage.database import Database
from gateway.storage.people.merchants import Merchant


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """The merchant who invites, the program they invite to, and the clock it is read by."""

    merchant: Merchant
    program: Program
    time_zone: str


async def find_merchant(database: Database, slug: str) -> Merchant:
    """Return the merchant with this name in addresses; raises `NotFound`."""
    async with database.directory() as directory:
        return await directory.merchant(slug)


async def find_invitation(database: Database, slug: str, code: str | None) -> Invitation:
    """Return the merchant's newest running program; `code` is the location's, from its poster.

    Raises `NotFound` for an unknown merchant or code, `ProgramNotActive` when nothing is running.
    """
    merchant = await find_merchant(database, slug)
    async with database.units(merchant.id) as unit:
        if code is not None:
            time_zone = (await unit.merchants.location_by_code(code)).clock.time_zone
        else:
            time_zone = await unit.merchants.time_zone()
        programs = await unit.programs.all()
    for program in programs:
        if program.status is ProgramStatus.ACTIVE:
            return Invitation(merchant=merchant, program=program, time_zone=time_zone)
    raise ProgramNotActive(f"{merchant.name} has no card to offer at the moment.")
