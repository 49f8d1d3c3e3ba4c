"""Programs over the API: designed, published anew, copied and steered, each change once."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from gateway.domain import programs as domain
from gateway.domain.programs import ProgramCommand
from gateway.services.merchants.designing import (
    create_program,
    duplicate_program,
    publish_version,
)
from gateway.services.merchants.steering import command_program
from gateway.storage.unit import Unit
from gateway.web.answers import json_answer
from gateway.web.api.program_shapes import Design, shown
from gateway.web.authors import author_of
from gateway.web.keys import PRINCIPAL, RESOURCES, REVISION
from gateway.web.parsing.preconditions import etag
from gateway.web.parsing.queries import path_id


async def show_program(request: web.Request) -> web.Response:
    """Show a program, with the ETag that a change of it must bring."""
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        program = await unit.programs.one(path_id(request, "program_id"))
    if request.headers.get("If-None-Match") == etag(program.revision):
        return web.Response(status=304, headers={"ETag": etag(program.revision)})
    return _answer(program)


async def design_program(request: web.Request, design: Design) -> web.Response:
    """Keep a new program as a draft, which nobody can join yet."""
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        program = await create_program(unit, design.read(), author_of(request))
    return _made(program)


async def copy_program(request: web.Request) -> web.Response:
    """Keep a draft that promises the same under another name."""
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        program = await duplicate_program(unit, path_id(request, "program_id"), author_of(request))
    return _made(program)


async def publish_program(request: web.Request, design: Design) -> web.Response:
    """Promise something else from now on, or move the schedule; what was earned stays."""

    async def publish(unit: Unit) -> domain.Program:
        return await publish_version(
            unit,
            path_id(request, "program_id"),
            design.read(),
            author_of(request),
            revision=request[REVISION],
        )

    return await _change(request, publish)


async def activate_program(request: web.Request) -> web.Response:
    """Start a program, now or at its `starts_at`, or go on with one that was paused."""
    return await _command(request, ProgramCommand.ACTIVATE)


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


async def _command(request: web.Request, command: ProgramCommand) -> web.Response:
    async def carry_out(unit: Unit) -> domain.Program:
        return await command_program(
            unit,
            path_id(request, "program_id"),
            command,
            author_of(request),
            revision=request[REVISION],
        )

    return await _change(request, carry_out)


async def _change(
    request: web.Request, change: Callable[[Unit], Awaitable[domain.Program]]
) -> web.Response:
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        program = await change(unit)
    return _answer(program)


def _made(program: domain.Program) -> web.Response:
    headers = {"Location": f"/api/v1/programs/{program.id}"}
    return _answer(program, status=201, headers=headers)


def _answer(
    program: domain.Program, *, status: int = 200, headers: dict[str, str] | None = None
) -> web.Response:
    tag = {"ETag": etag(program.revision)}
    return json_answer(shown(program), status=status, headers=tag | (headers or {}))
