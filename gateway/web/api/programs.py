"""Programs over the API: designed, published anew, copied and steered, each change once."""

from collections.abc import Iterable

import msgspec
from aiohttp import web

from gateway.domain import programs as domain
from gateway.domain.program_likeness import Caution
from gateway.domain.programs import ProgramCommand
from gateway.services.merchants.cautioning import cautions_for
from gateway.services.merchants.designing import (
    create_program,
    duplicate_program,
    publish_version,
)
from gateway.services.merchants.overseeing import restorable_programs
from gateway.services.merchants.steering import command_program
from gateway.storage.unit import Unit
from gateway.web.answers import json_answer
from gateway.web.api.program_shapes import (
    DeletedProgram,
    Design,
    Program,
    shown,
    shown_cautioned,
    shown_deleted,
)
from gateway.web.authors import author_of
from gateway.web.keys import PRINCIPAL, RESOURCES, REVISION
from gateway.web.parsing.preconditions import etag
from gateway.web.parsing.queries import path_id


class DeletedPrograms(msgspec.Struct, frozen=True):
    """The programs that can still be brought back, the last one deleted first."""

    items: list[DeletedProgram]


async def show_program(request: web.Request) -> web.Response:
    """Show a program, with the ETag that a change of it must bring."""
    pages = request.app[RESOURCES].database.program_pages
    program_id = path_id(request, "program_id")
    program = await pages.one(request[PRINCIPAL].merchant_id, program_id)
    if request.headers.get("If-None-Match") == etag(program.revision):
        return web.Response(status=304, headers={"ETag": etag(program.revision)})
    return _answer(program)


async def design_program(request: web.Request, design: Design) -> web.Response:
    """Keep a new program as a draft, which nobody can join yet."""
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        program = await create_program(unit, design.read(), author_of(request))
        cautions = await cautions_for(unit, program)
    return _made(program, cautions)


async def copy_program(request: web.Request) -> web.Response:
    """Keep a draft that promises the same under another name."""
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        program = await duplicate_program(unit, path_id(request, "program_id"), author_of(request))
        cautions = await cautions_for(unit, program)
    return _made(program, cautions)


async def publish_program(request: web.Request, design: Design) -> web.Response:
    """Promise something else from now on, or move the schedule; what was earned stays."""
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        program = await publish_version(
            unit,
            path_id(request, "program_id"),
            design.read(),
            author_of(request),
            revision=request[REVISION],
        )
    return _answer(program)


async def activate_program(request: web.Request) -> web.Response:
    """Start a program, now or at its `starts_at`, or go on with one that was paused.

    One that is much like another that runs is started all the same, with a warning.
    """
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        program = await _carry_out(request, unit, ProgramCommand.ACTIVATE)
        cautions = await cautions_for(unit, program)
    return _answer(program, shown_cautioned(program, cautions))


async def pause_program(request: web.Request) -> web.Response:
    """Let nobody earn for a while; progress stays and rewards are handed out as before."""
    return await _command(request, ProgramCommand.PAUSE)


async def resume_program(request: web.Request) -> web.Response:
    """Go on with a program that was paused."""
    return await _command(request, ProgramCommand.RESUME)


async def end_program(request: web.Request) -> web.Response:
    """End a program for good; balances can be redeemed for the plan's days of grace."""
    return await _command(request, ProgramCommand.END)


async def delete_program(request: web.Request) -> web.Response:
    """Take a draft, or what ended, out of sight; its cards stay redeemable as they were."""
    return await _command(request, ProgramCommand.DELETE)


async def restore_program(request: web.Request) -> web.Response:
    """Bring a deleted program back as it stood, within its plan's days of grace.

    One that would have ended meanwhile is ended.
    """
    return await _command(request, ProgramCommand.RESTORE)


async def list_deleted_programs(request: web.Request) -> web.Response:
    """List the programs that can be brought back, with the revision to name; a hundred at most."""
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        found = await restorable_programs(unit)
    return json_answer(DeletedPrograms([shown_deleted(each) for each in found]))


async def _command(request: web.Request, command: ProgramCommand) -> web.Response:
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        program = await _carry_out(request, unit, command)
    return _answer(program)


async def _carry_out(request: web.Request, unit: Unit, command: ProgramCommand) -> domain.Program:
    return await command_program(
        unit,
        path_id(request, "program_id"),
        command,
        author_of(request),
        revision=request[REVISION],
    )


def _made(program: domain.Program, cautions: Iterable[Caution]) -> web.Response:
    answered = _answer(program, shown_cautioned(program, cautions), status=201)
    answered.headers["Location"] = f"/api/v1/programs/{program.id}"
    return answered


def _answer(
    program: domain.Program, body: Program | None = None, *, status: int = 200
) -> web.Response:
    headers = {"ETag": etag(program.revision)}
    return json_answer(body or shown(program), status=status, headers=headers)
