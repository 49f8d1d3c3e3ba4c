"""Programs: designed with a preview, published in versions, started and stopped."""

from collections.abc import Mapping

from aiohttp import web

from gateway.domain.errors import Invalid, NotFound
from gateway.domain.programs import Program, ProgramCommand
from gateway.services.merchants.designing import (
    command_program,
    create_program,
    publish_version,
)
from gateway.storage.people.merchants import Merchant
from gateway.web.authors import author_of
from gateway.web.keys import PRINCIPAL, RESOURCES
from gateway.web.merchant.design_forms import (
    PALETTES,
    DesignForm,
    corrected,
    form_of,
    read_design,
)
from gateway.web.merchant.previews import Sample, sample_of
from gateway.web.pages.redirects import see_other
from gateway.web.pages.render import page
from gateway.web.parsing.bodies import Fields
from gateway.web.parsing.queries import path_id
from gateway.web.parsing.revisions import revision_of

PREVIEW, START = "preview", "start"


async def new_program(request: web.Request) -> web.Response:
    """Begin a program."""
    return await _editor(request, form_of())


async def add_program(request: web.Request, fields: Fields) -> web.Response:
    """Keep a new program, and start it when that was the button."""
    if fields.get("do") == PREVIEW:
        return await _editor(request, _typed(fields))
    try:
        design = read_design(fields)
    except Invalid as mistake:
        return await _editor(request, corrected(fields, mistake), status=400)
    author = author_of(request)
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        program = await create_program(unit, design, author)
        if fields.get("do") == START:
            activate = ProgramCommand.ACTIVATE
            await command_program(unit, program.id, activate, author, revision=program.revision)
    return _back_to(program)


async def program_page(request: web.Request) -> web.Response:
    """Show a program and let it be changed."""
    program = await _program(request)
    return await _editor(request, form_of(program.version), program)


async def change_program(request: web.Request, fields: Fields) -> web.Response:
    """Publish a new version of a program."""
    program = await _program(request)
    if fields.get("do") == PREVIEW:
        return await _editor(request, _typed(fields), program)
    try:
        design = read_design(fields)
    except Invalid as mistake:
        return await _editor(request, corrected(fields, mistake), program, status=400)
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        await publish_version(
            unit, program.id, design, author_of(request), revision=revision_of(fields)
        )
    return _back_to(program)


async def steer_program(request: web.Request, fields: Fields) -> web.Response:
    """Start, pause or end a program."""
    program_id = path_id(request, "program_id")
    try:
        command = ProgramCommand(fields.get("do", ""))
    except ValueError:
        raise NotFound from None
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        program = await command_program(
            unit, program_id, command, author_of(request), revision=revision_of(fields)
        )
    return _back_to(program)


async def _program(request: web.Request) -> Program:
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        return await unit.programs.one(path_id(request, "program_id"))


async def _editor(
    request: web.Request, form: DesignForm, program: Program | None = None, *, status: int = 200
) -> web.Response:
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        merchant = await unit.merchants.me()
    return page(
        request,
        "merchant/program.html",
        status=status,
        merchant=merchant,
        program=program,
        form=form,
        palettes=PALETTES,
        sample=_sample(merchant, form, program),
    )


def _sample(merchant: Merchant, form: DesignForm, program: Program | None) -> Sample:
    """Draw what was typed, or while it makes no card yet, what there was before."""
    try:
        return sample_of(merchant.name, form.fields)
    except Invalid:
        before = form_of(program.version) if program else form_of()
        return sample_of(merchant.name, before.fields)


def _typed(fields: Mapping[str, str]) -> DesignForm:
    try:
        return form_of(read_design(fields))
    except Invalid as mistake:
        return corrected(fields, mistake)


def _back_to(program: Program) -> web.Response:
    return see_other(f"/merchant/programs/{program.id}")
