"""Inviting: what a poster or a link to a merchant leads to."""

from dataclasses import dataclass

from gateway.domain.errors import ProgramNotActive
from gateway.domain.programs import Program
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
    """Return the merchant's newest running program.

    With the `code` of a location, from its poster, the newest that the location takes part in.
    Raises `NotFound` for an unknown merchant or code, `ProgramNotActive` when nothing is running.
    """
    merchant = await find_merchant(database, slug)
    async with database.units(merchant.id) as unit:
        if code is not None:
            location = await unit.merchants.location_by_code(code)
            time_zone, program = location.clock.time_zone, await unit.programs.running(location.id)
        else:
            time_zone, program = await unit.merchants.time_zone(), await unit.programs.running()
    if program is None:
        raise ProgramNotActive(f"{merchant.name} has no card to offer at the moment.")
    return Invitation(merchant=merchant, program=program, time_zone=time_zone)
