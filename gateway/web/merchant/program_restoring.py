"""Deleted programs, as long as they can be brought back."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from aiohttp import web

from gateway.domain.program_life import restorable_until
from gateway.domain.programs import Program, ProgramCommand
from gateway.presenters.program_words import COMMAND_LABELS
from gateway.services.merchants.overseeing import restorable_programs
from gateway.web.keys import PRINCIPAL, RESOURCES
from gateway.web.pages.render import page


async def deleted_programs_page(request: web.Request) -> web.Response:
    """Show the programs that can be brought back."""
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        found = await restorable_programs(unit)
    return await offer_back(request, found)


async def offer_back(request: web.Request, programs: Sequence[Program]) -> web.Response:
    """Show deleted programs with a button that brings each back."""
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        merchant = await unit.merchants.me()
        zone = ZoneInfo(await unit.merchants.time_zone())
    return page(
        request,
        "merchant/program_deleted.html",
        merchant=merchant,
        offers=[(each, restorable_until(each)) for each in programs],
        zone=zone,
        command=ProgramCommand.RESTORE,
        label=COMMAND_LABELS[ProgramCommand.RESTORE],
    )
