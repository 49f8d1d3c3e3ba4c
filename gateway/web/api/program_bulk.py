"""Many commands for programs in one request, each with a result of its own."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

import msgspec
from aiohttp import web

from gateway.domain.errors import Refusal
from gateway.domain.programs import Program, ProgramCommand, ProgramStatus
from gateway.services.merchants.bulk import Command, Result, command_programs
from gateway.web.answers import json_answer
from gateway.web.authors import author_of
from gateway.web.keys import RESOURCES
from gateway.web.problems import status_of
from gateway.web.refusals import BodyInvalid, Unavailable

COMMANDS_MAX = 500
BULK_BYTES_MAX = 256 * 1024
REVISION_MAX = 2**31 - 1


class BulkCommand(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A command for one program; `revision` is what its ETag held when it was read."""

    program_id: UUID
    command: ProgramCommand
    revision: Annotated[int, msgspec.Meta(ge=0, le=REVISION_MAX)]


class BulkCommands(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Commands for different programs."""

    commands: Annotated[list[BulkCommand], msgspec.Meta(min_length=1, max_length=COMMANDS_MAX)]


class BulkResult(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a command: the HTTP status it alone would have had.

    `revision` and `program_status` are the program's from now on; `code` and `detail` say why not.
    """

    program_id: UUID
    status: int
    code: str | None = None
    detail: str | None = None
    revision: int | None = None
    program_status: ProgramStatus | None = None


class BulkResults(msgspec.Struct, frozen=True):
    """A result for each command, in the order of the request."""

    items: list[BulkResult]


async def command_many_programs(request: web.Request, bulk: BulkCommands) -> web.Response:
    """Steer up to 500 programs; one that is refused holds up no other."""
    _require_different(bulk.commands)
    orders = [
        Command(program_id=each.program_id, command=each.command, revision=each.revision)
        for each in bulk.commands
    ]
    results = await command_programs(request.app[RESOURCES].units, orders, author_of(request))
    items = [
        _shown(order.program_id, result) for order, result in zip(orders, results, strict=True)
    ]
    return json_answer(BulkResults(items))


def _require_different(commands: Sequence[BulkCommand]) -> None:
    """Refuse two commands for one program: which came first would be chance."""
    seen: set[UUID] = set()
    for index, each in enumerate(commands):
        if each.program_id in seen:
            pointer = f"/commands/{index}/program_id"
            detail = "Each program can be named once."
            raise BodyInvalid(errors=[{"pointer": pointer, "detail": detail}])
        seen.add(each.program_id)


def _shown(program_id: UUID, result: Result) -> BulkResult:
    match result:
        case Program():
            return BulkResult(
                program_id=program_id,
                status=200,
                revision=result.revision,
                program_status=result.status,
            )
        case Refusal():
            return _refused(program_id, result)
        case None:
            return _refused(program_id, Unavailable())


def _refused(program_id: UUID, refusal: Refusal) -> BulkResult:
    return BulkResult(
        program_id=program_id,
        status=int(status_of(refusal)),
        code=refusal.code,
        detail=refusal.sentence,
    )
