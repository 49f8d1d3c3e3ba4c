"""A program's figures over the API: who holds it, who came lately, what was handed out."""

from dataclasses import asdict
from datetime import date
from uuid import UUID

import msgspec
from aiohttp import web

from gateway.domain.program_figures import FORMULAS
from gateway.services.merchants.overseeing import program_activity
from gateway.web.answers import json_answer
from gateway.web.keys import PRINCIPAL, RESOURCES
from gateway.web.parsing.queries import path_id


class ProgramFigures(msgspec.Struct, frozen=True, kw_only=True):
    """A program's figures of this moment; `formulas` says how each is computed."""

    program_id: UUID
    members: int
    active_members: int
    redemptions: int
    active_since: date
    formulas: dict[str, str]


async def show_program_figures(request: web.Request) -> web.Response:
    """Count a program's members, those active in the last 30 business days, and redemptions."""
    program_id = path_id(request, "program_id")
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        activity = await program_activity(unit, program_id)
    return json_answer(
        ProgramFigures(program_id=program_id, **asdict(activity), formulas=dict(FORMULAS))
    )
