"""Programs: begun from a template or a rule, designed with a preview, published in versions."""

from collections.abc import Mapping, Sequence

import msgspec
from aiohttp import web

from gateway.domain.configurations.faults import ConfigurationInvalid
from gateway.domain.errors import NotFound
from gateway.domain.program_figures import ACTIVE_DAYS, FORMULAS
from gateway.domain.program_life import restorable_until
from gateway.domain.programs import Program, ProgramCommand
from gateway.domain.templates.catalogue import templates
from gateway.presenters.program_words import COMMAND_LABELS, COMMANDS, STATUS_LABELS
from gateway.services.merchants.cautioning import cautions_for
from gateway.services.merchants.designing import (
    create_program,
    design_of,
    publish_version,
)
from gateway.services.merchants.overseeing import program_activity
from gateway.services.merchants.steering import command_program
from gateway.storage.cards.experiments import ExperimentStatus
from gateway.storage.cards.segments import SavedSegment
from gateway.storage.people.merchants import Merchant
from gateway.web.authors import author_of
from gateway.web.keys import PRINCIPAL, RESOURCES
from gateway.web.merchant.audiences import audience_choice, with_audience
from gateway.web.merchant.beginnings import RULE_TYPES, from_rule_type, from_template
from gateway.web.merchant.design_forms import (
    PALETTES,
    DesignForm,
    corrected,
    form_of,
    read_design,
)
from gateway.web.merchant.previews import Sample, drawn, sample_of
from gateway.web.merchant.program_restoring import offer_back
from gateway.web.pages.redirects import see_other
from gateway.web.pages.render import page
from gateway.web.parsing.bodies import Fields
from gateway.web.parsing.queries import path_id
from gateway.web.parsing.revisions import revision_of

PREVIEW, START = "preview", "start"
_FIRST = from_rule_type("stamp_card")


class BeginningQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a new program begins with; with neither the choice is shown."""

    template: str | None = None
    type: str | None = None


async def new_program(request: web.Request, query: BeginningQuery) -> web.Response:
    """Offer what a program can begin with, or begin one."""
    if query.template is not None:
        return await _editor(request, from_template(query.template))
    if query.type is not None:
        return await _editor(request, from_rule_type(query.type))
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        merchant = await unit.merchants.me()
    return page(
        request,
        "merchant/program_choice.html",
        merchant=merchant,
        templates=templates(),
        rule_types=RULE_TYPES,
    )


async def add_program(request: web.Request, fields: Fields) -> web.Response:
    """Keep a new program, and start it when that was the button."""
    try:
        copied = with_audience(fields, await _segments(request))
        design = read_design(copied, await _zone(request))
    except ConfigurationInvalid as mistake:
        is_preview = fields.get("do") == PREVIEW
        return await _editor(
            request, corrected(fields, mistake), status=200 if is_preview else 400
        )
    if fields.get("do") == PREVIEW:
        return await _editor(request, corrected(copied, ConfigurationInvalid([])))
    author = author_of(request)
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        program = await create_program(unit, design, author)
        if fields.get("do") == START:
            activate = ProgramCommand.ACTIVATE
            await command_program(unit, program.id, activate, author, revision=program.revision)
    return _back_to(program)


async def program_page(request: web.Request) -> web.Response:
    """Show a program and let it be changed; a deleted one can be brought back."""
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        program = await unit.programs.even_deleted(path_id(request, "program_id"))
        until = restorable_until(program)
        if until is not None and until <= unit.now:
            raise NotFound
    if until is not None:
        return await offer_back(request, [program])
    return await _editor(request, form_of(program, await _zone(request)), program)


async def change_program(request: web.Request, fields: Fields) -> web.Response:
    """Publish a new version of a program, or move its schedule."""
    program = await _program(request)
    try:
        copied = with_audience(fields, await _segments(request))
        design = read_design(copied, await _zone(request))
    except ConfigurationInvalid as mistake:
        is_preview = fields.get("do") == PREVIEW
        form = corrected(fields, mistake)
        return await _editor(request, form, program, status=200 if is_preview else 400)
    if fields.get("do") == PREVIEW:
        return await _editor(request, corrected(copied, ConfigurationInvalid([])), program)
    try:
        async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
            await publish_version(
                unit, program.id, design, author_of(request), revision=revision_of(fields)
            )
    except ConfigurationInvalid as mistake:
        return await _editor(request, corrected(fields, mistake), program, status=400)
    return _back_to(program)


async def _program(request: web.Request) -> Program:
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        return await unit.programs.one(path_id(request, "program_id"))


async def _zone(request: web.Request) -> str:
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        return await unit.merchants.time_zone()


async def _segments(request: web.Request) -> Sequence[SavedSegment]:
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        return await unit.segments.all()


async def _editor(
    request: web.Request, form: DesignForm, program: Program | None = None, *, status: int = 200
) -> web.Response:
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        merchant = await unit.merchants.me()
        zone = await unit.merchants.time_zone()
        activity = await program_activity(unit, program.id) if program else None
        cautions = await cautions_for(unit, program) if program else ()
        segments = await unit.segments.all()
        trials = await unit.experiments.of_program(program.id) if program else []
    return page(
        request,
        "merchant/program.html",
        status=status,
        merchant=merchant,
        program=program,
        form=form,
        zone=zone,
        audience=audience_choice(form.fields, segments),
        has_trial=any(trial.status is ExperimentStatus.RUNNING for trial in trials),
        activity=activity,
        cautions=cautions,
        active_days=ACTIVE_DAYS,
        formulas=FORMULAS,
        palettes=PALETTES,
        sample=_sample(merchant, form.fields, program, zone),
        status_labels=STATUS_LABELS,
        commands=COMMANDS,
        command_labels=COMMAND_LABELS,
    )


def _sample(
    merchant: Merchant, fields: Mapping[str, str], program: Program | None, zone: str
) -> Sample:
    """Draw what was typed, or while it makes no card yet, what there was before."""
    try:
        return sample_of(merchant.name, fields, zone)
    except ConfigurationInvalid:
        if program:
            return drawn(merchant.name, design_of(program.version))
        return sample_of(merchant.name, _FIRST.fields, zone)


def _back_to(program: Program) -> web.Response:
    return see_other(f"/merchant/programs/{program.id}")
