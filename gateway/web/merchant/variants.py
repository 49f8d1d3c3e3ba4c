"""Variants of a program on the merchant's pages: tried on a share of its cards, and compared."""

from collections.abc import Sequence
from http import HTTPStatus
from zoneinfo import ZoneInfo

from aiohttp import web

from gateway.domain.configurations.faults import ConfigurationInvalid
from gateway.domain.errors import ChangedMeanwhile, Refusal
from gateway.domain.programs import ProgramStatus, ProgramVersion
from gateway.services.merchants.comparing import begin_comparison
from gateway.services.merchants.designing import design_of
from gateway.storage.cards.experiments import ExperimentStatus
from gateway.storage.cards.program_lists import Published
from gateway.storage.cards.program_pages import PAGE_ROWS_MAX, ProgramSearch
from gateway.web.authors import author_of
from gateway.web.keys import PRINCIPAL, RESOURCES
from gateway.web.merchant.variant_forms import (
    Bench,
    TrialForm,
    corrected,
    new_trial,
    read_wish,
    typed_trial,
)
from gateway.web.merchant.variant_tables import FORMULAS, differences
from gateway.web.merchant.variant_trials import show_trial
from gateway.web.pages.redirects import see_other
from gateway.web.pages.render import page
from gateway.web.parsing.bodies import Fields
from gateway.web.parsing.queries import path_id
from gateway.web.parsing.revisions import revision_of
from gateway.web.problems import status_of


async def variants_page(request: web.Request) -> web.Response:
    """Show the trial that runs, those before, and the form that begins one."""
    return await _overview(request)


async def begin_trial(request: web.Request, fields: Fields) -> web.Response:
    """Try something else on a share of a program's customers."""
    bench = await _bench(request)
    program = bench.program
    try:
        wish = read_wish(fields, bench)
        async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
            await begin_comparison(
                unit, program.id, wish, author_of(request), revision=revision_of(fields)
            )
    except ChangedMeanwhile:
        raise
    except ConfigurationInvalid as mistake:
        form = corrected(fields, program, mistake)
        return await _overview(request, form, status=HTTPStatus.BAD_REQUEST)
    except Refusal as refusal:
        return await _overview(
            request,
            typed_trial(fields, program),
            refused=refusal.sentence,
            status=status_of(refusal),
        )
    return see_other(f"/merchant/programs/{program.id}/variants")


async def _overview(
    request: web.Request,
    form: TrialForm | None = None,
    *,
    refused: str = "",
    status: int = HTTPStatus.OK,
) -> web.Response:
    bench = await _bench(request)
    program = bench.program
    patient = request.app[RESOURCES].database.patient
    async with patient(request[PRINCIPAL].merchant_id) as unit:
        trials = await unit.experiments.of_program(program.id)
        running = [each for each in trials if each.status is ExperimentStatus.RUNNING]
        shown = await show_trial(unit, running[0], program) if running else None
        merchant = await unit.merchants.me()
        zone = await unit.merchants.time_zone()
    can_begin = program.status is not ProgramStatus.ENDED and not running
    return page(
        request,
        "merchant/variants.html",
        status=status,
        merchant=merchant,
        program=program,
        bench=bench,
        shown=shown,
        others=[each for each in trials if each not in running],
        form=form or (new_trial(program) if can_begin else None),
        refused=refused,
        differences=differences,
        formulas=FORMULAS,
        zone=ZoneInfo(zone),
    )


async def _bench(request: web.Request) -> Bench:
    """Read what a program can be compared with; raises `NotFound`."""
    resources, merchant_id = request.app[RESOURCES], request[PRINCIPAL].merchant_id
    async with resources.units(merchant_id) as unit:
        program = await unit.programs.one(path_id(request, "program_id"))
        versions = await unit.program_lists.versions(program.id)
    search = ProgramSearch(status=ProgramStatus.DRAFT)
    drafts = await resources.database.program_pages.page(merchant_id, search, PAGE_ROWS_MAX)
    return Bench(
        program=program,
        versions=_others(versions, program.version),
        drafts=[each.program for each in drafts if each.program.id != program.id],
    )


def _others(versions: Sequence[Published], held: ProgramVersion) -> list[Published]:
    """Return the versions that promise something else, of those that are equal the newest."""
    seen = [design_of(held)]
    others = []
    for published in versions:
        design = design_of(published.version)
        if design not in seen:
            seen.append(design)
            others.append(published)
    return others
