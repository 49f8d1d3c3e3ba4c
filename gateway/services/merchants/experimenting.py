"""Experimenting: versions of a program compared, each on a share of its cards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from gateway.domain.configurations.faults import ConfigurationInvalid, Fault
from gateway.domain.errors import ChangedMeanwhile, Kind, Refusal
from gateway.domain.events.programs import (
    ExperimentCreated,
    ExperimentStarted,
    ExperimentStopped,
    ProgramPublished,
)
from gateway.domain.experiments import (
    Experiment,
    Variant,
    assign,
    faults,
    is_mismatch,
    sample_ratio_p,
)
from gateway.services.merchants.designing import Author
from gateway.storage.cards.experiment_figures import VariantFigures
from gateway.storage.cards.experiments import HELD_OUT, ExperimentStatus, Trial, tie_name
from gateway.storage.people.audit import Record
from gateway.storage.unit import Unit


class ExperimentCannot(Refusal):
    """The experiment cannot do this from where it stands."""

    code = "experiment_cannot"


class AnotherRuns(Refusal):
    """Another experiment runs on this program. Please stop it first."""

    code = "another_experiment_runs"
    kind = Kind.CONFLICT


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What a merchant wants to compare; `versions` are numbers of the program's, by variant."""

    key: str
    name: str
    variants: tuple[Variant, ...]
    versions: Mapping[str, int]
    hold_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """A variant, or with an empty key the hold-out: its share, and how its cards did."""

    key: str
    weight: int
    figures: VariantFigures


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """How all did; `p` is how likely the numbers of members are by chance.

    A mismatch says that something is wrong with the experiment itself, so nothing follows from it.
    """

    arms: tuple[Arm, ...]
    p: float
    is_mismatch: bool


async def create_experiment(
    unit: Unit, program_id: UUID, comparison: Comparison, author: Author
) -> Trial:
    """Keep an experiment that has not begun.

    Raises `NotFound` for an unknown program or version, `ConfigurationInvalid`.
    """
    await unit.programs.one(program_id)
    experiment = Experiment(
        id=author.new_id(),
        key=comparison.key,
        name=comparison.name.strip(),
        variants=comparison.variants,
        hold_out=comparison.hold_out,
    )
    if found := tuple(faults(experiment)):
        raise ConfigurationInvalid(found)
    trial = Trial(
        experiment=experiment,
        program_id=program_id,
        versions={
            key: (await unit.program_lists.version(program_id, number)).version.id
            for key, number in comparison.versions.items()
        },
        status=ExperimentStatus.DRAFT,
        revision=1,
    )
    if not await unit.experiments.add(trial, unit.now):
        raise ConfigurationInvalid([Fault("/key", "Another experiment has this key.")])
    await _record(unit, author, "experiment.created", trial)
    unit.announce(ExperimentCreated(experiment_id=experiment.id, program_id=program_id))
    return trial


async def start_experiment(
    unit: Unit, program_id: UUID, experiment_id: UUID, author: Author, *, revision: int
) -> Trial:
    """Begin: from now on each card is tied to its variant, those that are there in the background.

    Raises `NotFound`, `ChangedMeanwhile`, `ExperimentCannot`, `AnotherRuns`.
    """
    trial = await _stands(unit, program_id, experiment_id, ExperimentStatus.DRAFT, revision)
    if await unit.experiments.running(program_id):
        raise AnotherRuns
    started = replace(
        trial,
        status=ExperimentStatus.RUNNING,
        revision=revision + 1,
        started_at=unit.now,
    )
    await unit.experiments.change(started, revision=revision)
    await _tell(unit, author, "experiment.started", started)
    unit.announce(ExperimentStarted(experiment_id=experiment_id, program_id=program_id))
    return started


async def stop_experiment(
    unit: Unit, program_id: UUID, experiment_id: UUID, author: Author, *, revision: int
) -> Trial:
    """End it: every card goes back to what the program promises everybody.

    Raises `NotFound`, `ChangedMeanwhile`, `ExperimentCannot`.
    """
    trial = await _stands(unit, program_id, experiment_id, ExperimentStatus.RUNNING, revision)
    stopped = replace(
        trial, status=ExperimentStatus.ENDED, revision=revision + 1, ended_at=unit.now
    )
    await unit.experiments.change(stopped, revision=revision)
    await _tell(unit, author, "experiment.stopped", stopped)
    unit.announce(ExperimentStopped(experiment_id=experiment_id, program_id=program_id))
    return stopped


async def tie_cards(unit: Unit, program_id: UUID, card_ids: Sequence[UUID], secret: bytes) -> None:
    """Tie cards to the variants they get while an experiment runs, and else to none.

    `secret` is what assignments are drawn with. Done again it changes nothing.
    """
    if not card_ids:
        return
    trial = await unit.experiments.running(program_id)
    if trial is None:
        await unit.experiments.untie(card_ids)
    else:
        await unit.experiments.tie(
            [(card_id, *_tie(trial, card_id, secret)) for card_id in card_ids]
        )


async def tie_of(
    unit: Unit, program_id: UUID, card_id: UUID, secret: bytes
) -> tuple[str | None, UUID | None]:
    """Return what a new card is tied to: its variant's name and version, or twice None."""
    trial = await unit.experiments.running(program_id)
    return (None, None) if trial is None else _tie(trial, card_id, secret)


async def findings(unit: Unit, trial: Trial) -> Findings:
    """Return how the variants did so far, and whether their shares came out as planned."""
    found = {}
    if trial.started_at:
        clock = await unit.merchants.clock(None)
        found = await unit.experiment_figures.of(trial, clock)
    shares = {each.key: each.weight for each in trial.experiment.variants}
    if trial.experiment.hold_out:
        shares |= {HELD_OUT: trial.experiment.hold_out}
    arms = tuple(
        Arm(key=key, weight=weight, figures=found.get(key, VariantFigures()))
        for key, weight in shares.items()
    )
    counts, weights = [arm.figures.members for arm in arms], list(shares.values())
    return Findings(
        arms=arms, p=sample_ratio_p(counts, weights), is_mismatch=is_mismatch(counts, weights)
    )


def _tie(trial: Trial, card_id: UUID, secret: bytes) -> tuple[str, UUID | None]:
    variant = assign(trial.experiment, card_id, secret)
    if variant is None:
        return tie_name(trial.experiment, HELD_OUT), None
    return tie_name(trial.experiment, variant), trial.versions[variant]


async def _stands(
    unit: Unit, program_id: UUID, experiment_id: UUID, wanted: ExperimentStatus, revision: int
) -> Trial:
    await unit.programs.one(program_id)
    trial = await unit.experiments.one(program_id, experiment_id)
    if trial.revision != revision:
        raise ChangedMeanwhile
    if trial.status is not wanted:
        raise ExperimentCannot(f"This experiment is {trial.status}.", status=trial.status)
    return trial


async def _tell(unit: Unit, author: Author, action: str, trial: Trial) -> None:
    """Write it down, and have the program's cards looked through: some promise something else."""
    await _record(unit, author, action, trial)
    program = await unit.programs.one(trial.program_id)
    unit.announce(ProgramPublished(program_id=program.id, program_version_id=program.version.id))


async def _record(unit: Unit, author: Author, action: str, trial: Trial) -> None:
    record = Record(
        id=author.new_id(),
        actor=author.principal.name,
        action=action,
        subject=f"program:{trial.program_id}",
        detail={"experiment": str(trial.experiment.id)},
    )
    await unit.audit.add(record, author.origin, unit.now)
