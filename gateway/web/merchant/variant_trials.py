"""One trial of a program's variants: looked at, started, and ended with what is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from aiohttp import web

from gateway.domain.errors import ChangedMeanwhile, NotFound, Refusal
from gateway.domain.programs import Program, ProgramVersion
from gateway.services.merchants.comparing import Decision, settle_comparison
from gateway.services.merchants.designing import design_of
from gateway.services.merchants.experimenting import findings, start_experiment
from gateway.storage.cards.experiments import HELD_OUT, ExperimentStatus, Trial
from gateway.storage.people.merchants import Merchant
from gateway.storage.unit import Unit
from gateway.web.authors import author_of
from gateway.web.keys import PRINCIPAL, RESOURCES
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A trial and where it stands: whose it is, and by what clock."""

    merchant: Merchant
    program: Program
    shown: Shown
    zone: ZoneInfo


class EndQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which variant everybody should have; empty is what the program promises anyway."""

    keep: str = NOBODY_KEPT


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
            trial = await settle_comparison(
                unit, program_id, experiment_id, decision, author_of(request)
            )
    except (ChangedMeanwhile, NotFound):
        raise
    except Refusal as refusal:
        return await _ending(request, keep, refused=refusal.sentence, status=status_of(refusal))
    return _back_to(trial)


async def show_trial(unit: Unit, trial: Trial, program: Program) -> Shown:
    """Read what a page shows of a program's trial."""
    versions = {
        variant.key: await unit.programs.version(trial.versions[variant.key])
        for variant in trial.experiment.variants
    }
    promised = versions | await _left_out(unit, trial, program)
    table = variant_table(await findings(unit, trial), promised, program.version)
    return Shown(trial=trial, versions=versions, table=table)


async def _one(
    request: web.Request, *, refused: str = "", status: int = HTTPStatus.OK
) -> web.Response:
    sheet = await _sheet(request)
    return page(
        request,
        "merchant/variant.html",
        status=status,
        merchant=sheet.merchant,
        program=sheet.program,
        shown=sheet.shown,
        refused=refused,
        formulas=FORMULAS,
        zone=sheet.zone,
    )


async def _ending(
    request: web.Request, keep: str, *, refused: str = "", status: int = HTTPStatus.OK
) -> web.Response:
    sheet = await _sheet(request)
    program, shown = sheet.program, sheet.shown
    if shown.trial.status is not ExperimentStatus.RUNNING and not refused:
        return _back_to(shown.trial)
    if keep and keep not in shown.versions:
        raise NotFound("This variant does not exist.")
    kept = shown.versions[keep] if keep else program.version
    return page(
        request,
        "merchant/variant_end.html",
        status=status,
        merchant=sheet.merchant,
        program=program,
        shown=shown,
        keep=keep,
        name=shown.names.get(keep, ""),
        is_new=design_of(kept) != design_of(program.version),
        changes=differences(kept, program.version),
        refused=refused,
    )


async def _sheet(request: web.Request) -> Sheet:
    """Read a trial and its surroundings; raises `NotFound`."""
    program_id, experiment_id = _ids(request)
    patient = request.app[RESOURCES].database.patient
    async with patient(request[PRINCIPAL].merchant_id) as unit:
        program = await unit.programs.one(program_id)
        trial = await unit.experiments.one(program_id, experiment_id)
        return Sheet(
            merchant=await unit.merchants.me(),
            program=program,
            shown=await show_trial(unit, trial, program),
            zone=ZoneInfo(await unit.merchants.time_zone()),
        )


def _back_to(trial: Trial) -> web.Response:
    return see_other(f"/merchant/programs/{trial.program_id}/variants/{trial.experiment.id}")


async def _left_out(unit: Unit, trial: Trial, program: Program) -> dict[str, ProgramVersion]:
    """Return what those who were left out of a trial that is over had when it began."""
    if trial.started_at is None or trial.ended_at is None:
        return {}
    held = await unit.sales.version_at(program.version, trial.started_at)
    return {HELD_OUT: await unit.programs.version(held)} if held else {}


def _ids(request: web.Request) -> tuple[UUID, UUID]:
    return path_id(request, "program_id"), path_id(request, "experiment_id")
