"""Variants of a program on the merchant's pages: tried on a share of its cards, and compared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from aiohttp import web

from gateway.domain.configurations.faults import ConfigurationInvalid
from gateway.domain.errors import ChangedMeanwhile, NotFound, Refusal
from gateway.domain.programs import Program, ProgramStatus, ProgramVersion
from gateway.services.merchants.comparing import Decision, begin_comparison, settle_comparison
from gateway.services.merchants.designing import design_of
from gateway.services.merchants.experimenting import findings, start_experiment
from gateway.storage.cards.experiments import HELD_OUT, ExperimentStatus, Trial
from gateway.storage.cards.program_lists import PAGE_ROWS_MAX, ProgramSearch, Published
from gateway.storage.unit import Unit
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
from gateway.web.merchant.variant_tables import (
    FORMULAS,
    VariantTable,
    differences,
    variant_name,
    variant_table,
)
from gateway.web.pages.redirects import see_other
from gateway.web.pages.render import page
from gateway.web.parsing.bodies import Fields
from gateway.web.parsing.queries import path_id
from gateway.web.parsing.revisions import revision_of
from gateway.web.problems import status_of

NOBODY_KEPT = ""
"""Keep no variant: everybody gets what the program promises anyway."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A trial as a page shows it, with the version of each variant."""

    trial: Trial
    versions: Mapping[str, ProgramVersion]
    table: VariantTable

    @property
    def names(self) -> Mapping[str, str]:
        """What the page calls each variant, by key."""
        return {key: variant_name(list(self.versions), key) for key in self.versions}


class EndQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which variant everybody should have; empty is what the program promises anyway."""

    keep: str = NOBODY_KEPT


async def variants_page(request: web.Request) -> web.Response:
    """Show the trial that runs, those before, and the form that begins one."""
    return await _overview(request)


async def begin_trial(request: web.Request, fields: Fields) -> web.Response:
    """Try something else on a share of a program's customers."""
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        bench = await _bench(unit, path_id(request, "program_id"))
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


async def trial_page(request: web.Request) -> web.Response:
    """Show one trial: what it compares, and how the variants did."""
    return await _one(request)


async def start_trial(request: web.Request, fields: Fields) -> web.Response:
    """Let a trial begin that was written down over the API."""
    program_id, experiment_id = _ids(request)
    try:
        async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
            await start_experiment(
                unit, program_id, experiment_id, author_of(request), revision=revision_of(fields)
            )
    except (ChangedMeanwhile, NotFound):
        raise
    except Refusal as refusal:
        return await _one(request, refused=refusal.sentence, status=status_of(refusal))
    return see_other(f"/merchant/programs/{program_id}/variants")


async def end_trial_page(request: web.Request, query: EndQuery) -> web.Response:
    """Ask again before a trial is over for good, and say what everybody gets then."""
    return await _ending(request, query.keep)


async def end_trial(request: web.Request, fields: Fields) -> web.Response:
    """End a trial, and give everybody what was chosen."""
    program_id, experiment_id = _ids(request)
    keep = fields.get("keep", NOBODY_KEPT)
    decision = Decision(
        kept=keep or None,
        revision=revision_of(fields),
        program_revision=revision_of({"revision": fields.get("program_revision", "")}),
    )
    try:
        async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
            await settle_comparison(unit, program_id, experiment_id, decision, author_of(request))
    except (ChangedMeanwhile, NotFound):
        raise
    except Refusal as refusal:
        return await _ending(request, keep, refused=refusal.sentence, status=status_of(refusal))
    return see_other(f"/merchant/programs/{program_id}/variants/{experiment_id}")


async def _overview(
    request: web.Request,
    form: TrialForm | None = None,
    *,
    refused: str = "",
    status: int = HTTPStatus.OK,
) -> web.Response:
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        bench = await _bench(unit, path_id(request, "program_id"))
        program = bench.program
        trials = await unit.experiments.of_program(program.id)
        running = [each for each in trials if each.status is ExperimentStatus.RUNNING]
        shown = await _shown(unit, running[0], program) if running else None
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


async def _one(
    request: web.Request, *, refused: str = "", status: int = HTTPStatus.OK
) -> web.Response:
    program_id, experiment_id = _ids(request)
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        program = await unit.programs.one(program_id)
        trial = await unit.experiments.one(program_id, experiment_id)
        shown = await _shown(unit, trial, program)
        merchant = await unit.merchants.me()
        zone = await unit.merchants.time_zone()
    return page(
        request,
        "merchant/variant.html",
        status=status,
        merchant=merchant,
        program=program,
        shown=shown,
        refused=refused,
        formulas=FORMULAS,
        zone=ZoneInfo(zone),
    )


async def _ending(
    request: web.Request, keep: str, *, refused: str = "", status: int = HTTPStatus.OK
) -> web.Response:
    program_id, experiment_id = _ids(request)
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        program = await unit.programs.one(program_id)
        trial = await unit.experiments.one(program_id, experiment_id)
        shown = await _shown(unit, trial, program)
        merchant = await unit.merchants.me()
    if keep and keep not in shown.versions:
        raise NotFound("This variant does not exist.")
    kept = shown.versions[keep] if keep else program.version
    return page(
        request,
        "merchant/variant_end.html",
        status=status,
        merchant=merchant,
        program=program,
        shown=shown,
        keep=keep,
        name=shown.names.get(keep, ""),
        is_new=design_of(kept) != design_of(program.version),
        changes=differences(kept, program.version),
        refused=refused,
    )


async def _bench(unit: Unit, program_id: UUID) -> Bench:
    """Read what a program can be compared with; raises `NotFound`."""
    program = await unit.programs.one(program_id)
    versions = await unit.program_lists.versions(program_id)
    drafts = await unit.program_lists.page(
        ProgramSearch(status=ProgramStatus.DRAFT), PAGE_ROWS_MAX
    )
    return Bench(
        program=program,
        versions=_others(versions, program.version),
        drafts=[each.program for each in drafts if each.program.id != program_id],
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


async def _shown(unit: Unit, trial: Trial, program: Program) -> Shown:
    versions = {
        variant.key: await unit.programs.version(trial.versions[variant.key])
        for variant in trial.experiment.variants
    }
    promised = versions | await _left_out(unit, trial)
    table = variant_table(await findings(unit, trial), promised, program.version)
    return Shown(trial=trial, versions=versions, table=table)


async def _left_out(unit: Unit, trial: Trial) -> dict[str, ProgramVersion]:
    """Return what those who were left out of a trial that is over had when it began."""
    if trial.started_at is None or trial.ended_at is None:
        return {}
    held = await unit.sales.version_at(trial.program_id, trial.started_at)
    assert held is not None, "a program has a version before any trial"
    return {HELD_OUT: await unit.programs.version(held)}


def _ids(request: web.Request) -> tuple[UUID, UUID]:
    return path_id(request, "program_id"), path_id(request, "experiment_id")
