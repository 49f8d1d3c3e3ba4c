"""Experiments over the API: versions of a program compared, and what came of it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from aiohttp import web

from gateway.domain.experiments import VARIANTS_MAX, VARIANTS_MIN, WEIGHTS_TOTAL, Variant
from gateway.services.merchants.experimenting import (
    Arm,
    Comparison,
    create_experiment,
    findings,
    start_experiment,
    stop_experiment,
)
from gateway.storage.cards.experiments import ExperimentStatus, Trial
from gateway.web.answers import json_answer
from gateway.web.authors import author_of
from gateway.web.keys import PRINCIPAL, RESOURCES, REVISION
from gateway.web.parsing.preconditions import etag
from gateway.web.parsing.queries import path_id

NAME_CHARACTERS_MAX = 60
VERSION_NUMBER_MAX = 10**9

VariantKey = Annotated[
    str, msgspec.Meta(pattern="^[a-z][a-z0-9_]{0,19}$", examples=["ten_stamps"])
]
Share = Annotated[int, msgspec.Meta(ge=0, le=WEIGHTS_TOTAL, description="In ten-thousandths.")]


class VariantDesign(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A way that is compared: a version of the program by its number, and its share of cards."""

    key: VariantKey
    weight: Share
    version: Annotated[int, msgspec.Meta(ge=1, le=VERSION_NUMBER_MAX)]


class ExperimentDesign(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is compared; the shares and the hold-out, which changes nothing, come to 10,000."""

    key: VariantKey
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=NAME_CHARACTERS_MAX)]
    variants: Annotated[
        list[VariantDesign], msgspec.Meta(min_length=VARIANTS_MIN, max_length=VARIANTS_MAX)
    ]
    hold_out: Share = 0

    def read(self) -> Comparison:
        """Return it as the services take it."""
        return Comparison(
            key=self.key,
            name=self.name,
            variants=tuple(Variant(key=each.key, weight=each.weight) for each in self.variants),
            versions={each.key: each.version for each in self.variants},
            hold_out=self.hold_out,
        )


class ShownVariant(msgspec.Struct, frozen=True, kw_only=True):
    """A variant: its share in ten-thousandths, and the version its cards are promised."""

    key: str
    weight: int
    version_id: UUID


class ShownExperiment(msgspec.Struct, frozen=True, kw_only=True):
    """An experiment; `revision` is what its ETag holds."""

    id: UUID
    key: str
    name: str
    status: ExperimentStatus
    revision: int
    hold_out: int
    variants: list[ShownVariant]
    started_at: datetime | None
    ended_at: datetime | None


class ShownExperiments(msgspec.Struct, frozen=True):
    """A program's experiments, newest first."""

    items: list[ShownExperiment]


class VariantReport(msgspec.Struct, frozen=True, kw_only=True):
    """How a variant's cards did since the start; `spent` in minor units."""

    key: str | None
    weight: int
    members: int
    active: int
    visits: int
    spent: int
    points: int
    redeemed: int


class ExperimentReport(msgspec.Struct, frozen=True, kw_only=True):
    """How all variants did, the hold-out under the key null.

    `sample_ratio_p` is how likely such numbers of members are by chance (chi-square). Below
    0.001 it is a mismatch: then the experiment itself is broken, and nothing follows from it.
    """

    variants: list[VariantReport]
    sample_ratio_p: float
    sample_ratio_mismatch: bool


async def list_experiments(request: web.Request) -> web.Response:
    """List a program's experiments."""
    program_id = path_id(request, "program_id")
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        await unit.programs.one(program_id)
        trials = await unit.experiments.of_program(program_id)
    return json_answer(ShownExperiments([_shown(trial) for trial in trials]))


async def add_experiment(request: web.Request, design: ExperimentDesign) -> web.Response:
    """Keep an experiment, which begins when it is started."""
    program_id = path_id(request, "program_id")
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        trial = await create_experiment(unit, program_id, design.read(), author_of(request))
    path = f"/api/v1/programs/{program_id}/experiments/{trial.experiment.id}"
    return _answer(trial, status=201, headers={"Location": path})


async def show_experiment(request: web.Request) -> web.Response:
    """Show an experiment, with the ETag that a change of it must bring."""
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        return _answer(await unit.experiments.one(*_ids(request)))


async def begin_experiment(request: web.Request) -> web.Response:
    """Tie each card of the program to its variant; which one it gets never changes."""
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        trial = await start_experiment(
            unit, *_ids(request), author_of(request), revision=request[REVISION]
        )
    return _answer(trial)


async def finish_experiment(request: web.Request) -> web.Response:
    """Let every card be promised again what the program promises now."""
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        trial = await stop_experiment(
            unit, *_ids(request), author_of(request), revision=request[REVISION]
        )
    return _answer(trial)


async def report_experiment(request: web.Request) -> web.Response:
    """Show how the variants did, and whether their shares came out as planned."""
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        found = await findings(unit, await unit.experiments.one(*_ids(request)))
    report = ExperimentReport(
        variants=[_reported(arm) for arm in found.arms],
        sample_ratio_p=found.p,
        sample_ratio_mismatch=found.is_mismatch,
    )
    return json_answer(report)


def _ids(request: web.Request) -> tuple[UUID, UUID]:
    return path_id(request, "program_id"), path_id(request, "experiment_id")


def _reported(arm: Arm) -> VariantReport:
    figures = arm.figures
    return VariantReport(
        key=arm.key or None,
        weight=arm.weight,
        members=figures.members,
        active=figures.active,
        visits=figures.visits,
        spent=figures.spent,
        points=figures.points,
        redeemed=figures.redeemed,
    )


def _shown(trial: Trial) -> ShownExperiment:
    experiment = trial.experiment
    return ShownExperiment(
        id=experiment.id,
        key=experiment.key,
        name=experiment.name,
        status=trial.status,
        revision=trial.revision,
        hold_out=experiment.hold_out,
        variants=[
            ShownVariant(key=each.key, weight=each.weight, version_id=trial.versions[each.key])
            for each in experiment.variants
        ],
        started_at=trial.started_at,
        ended_at=trial.ended_at,
    )


def _answer(
    trial: Trial, *, status: int = 200, headers: dict[str, str] | None = None
) -> web.Response:
    tag = {"ETag": etag(trial.revision)}
    return json_answer(_shown(trial), status=status, headers=tag | (headers or {}))
