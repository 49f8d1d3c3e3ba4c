"""Steering programs from their pages: one at a time, asked twice where it counts, or many."""

from uuid import UUID

import msgspec
from aiohttp import web

from gateway.domain.errors import Invalid, NotFound, Refusal
from gateway.domain.programs import Program, ProgramCommand
from gateway.presenters.program_words import ASKED_TWICE, COMMAND_LABELS
from gateway.services.merchants.bulk import Command, Result, command_programs
from gateway.services.merchants.designing import duplicate_program
from gateway.services.merchants.steering import command_program
from gateway.web.authors import author_of
from gateway.web.keys import PRINCIPAL, RESOURCES
from gateway.web.pages.redirects import see_other
from gateway.web.pages.render import page
from gateway.web.parsing.bodies import Fields
from gateway.web.parsing.queries import path_id
from gateway.web.parsing.revisions import revision_of

CHOSEN_PREFIX = "program-"
"""Before a program's id: the name of its box, whose value is the revision that was seen."""

_NO_ANSWER = "Something we depend on does not answer. Please try again in a moment."


class ConfirmQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is about to be done."""

    do: ProgramCommand


async def confirm_program(request: web.Request, query: ConfirmQuery) -> web.Response:
    """Ask again before something that cannot be taken back."""
    words = ASKED_TWICE.get(query.do)
    if words is None:
        raise NotFound
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        program = await unit.programs.one(path_id(request, "program_id"))
        merchant = await unit.merchants.me()
    return page(
        request,
        "merchant/program_confirm.html",
        merchant=merchant,
        program=program,
        command=query.do,
        label=COMMAND_LABELS[query.do],
        words=words.format(grace_days=program.version.plan.grace_days),
    )


async def steer_program(request: web.Request, fields: Fields) -> web.Response:
    """Start, pause, end or delete a program."""
    command = _command(fields)
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        program = await command_program(
            unit,
            path_id(request, "program_id"),
            command,
            author_of(request),
            revision=revision_of(fields),
        )
    if command is ProgramCommand.DELETE:
        return see_other("/merchant/programs")
    return see_other(f"/merchant/programs/{program.id}")


async def copy_program_page(request: web.Request) -> web.Response:
    """Copy a program as a draft, and show it."""
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        program = await duplicate_program(unit, path_id(request, "program_id"), author_of(request))
    return see_other(f"/merchant/programs/{program.id}")


async def steer_many_programs(request: web.Request, fields: Fields) -> web.Response:
    """Do the same to every chosen program, and say of each what became of it."""
    command, chosen = _command(fields), _chosen(fields)
    orders = [
        Command(program_id=program_id, command=command, revision=revision)
        for program_id, revision in chosen.items()
    ]
    resources = request.app[RESOURCES]
    results = await command_programs(resources.units, orders, author_of(request))
    async with resources.units(request[PRINCIPAL].merchant_id) as unit:
        merchant = await unit.merchants.me()
    lines = [
        (order.program_id, isinstance(result, Program), _told(result))
        for order, result in zip(orders, results, strict=True)
    ]
    label = COMMAND_LABELS[command]
    return page(
        request, "merchant/program_results.html", merchant=merchant, lines=lines, label=label
    )


def _command(fields: Fields) -> ProgramCommand:
    try:
        return ProgramCommand(fields.get("do", ""))
    except ValueError:
        raise NotFound from None


def _chosen(fields: Fields) -> dict[UUID, int]:
    try:
        chosen = {
            UUID(name.removeprefix(CHOSEN_PREFIX)): revision_of({"revision": value})
            for name, value in fields.items()
            if name.startswith(CHOSEN_PREFIX)
        }
    except ValueError:
        raise NotFound from None
    if not chosen:
        raise Invalid("Please choose at least one program.")
    return chosen


def _told(result: Result) -> str:
    match result:
        case Program():
            return f"{result.version.name}: {result.status}"
        case Refusal():
            return result.sentence
        case None:
            return _NO_ANSWER
