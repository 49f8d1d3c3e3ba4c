"""Comparing: something else tried on a share of a program's customers, and one way kept."""

from dataclasses import dataclass
from uuid import UUID

from gateway.domain.configurations.faults import ConfigurationInvalid, Fault
from gateway.domain.errors import ChangedMeanwhile, NotFound
from gateway.domain.experiments import Variant
from gateway.domain.programs import Program, ProgramCannot, ProgramStatus
from gateway.services.merchants.designing import Author, Design, design_of, publish_version
from gateway.services.merchants.experimenting import (
    Comparison,
    create_experiment,
    start_experiment,
    stop_experiment,
)
from gateway.storage.cards.experiments import Trial
from gateway.storage.unit import Unit

HELD, RIVAL = "a", "b"
"""The keys of the two ways: what the program promises now, and what it is compared with."""
RIVAL_POINTER = "/rival"

_KEY_PREFIX, _KEY_DIGITS = "trial_", 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """Who gets what, in ten-thousandths: what holds, its rival, or neither."""

    held: int
    rival: int
    hold_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What to compare with what a program promises now: a version of it by number, or a design."""

    name: str
    rival: Design | int
    shares: Shares


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What to do with an experiment: `kept` is a variant's key, or None for what holds anyway.

    The revisions are those of the experiment and of the program that the author saw.
    """

    kept: str | None
    revision: int
    program_revision: int


async def begin_comparison(
    unit: Unit, program_id: UUID, wish: Wish, author: Author, *, revision: int
) -> Trial:
    """Start an experiment between what a program promises and a rival.

    Raises `NotFound`, `ChangedMeanwhile`, `ProgramCannot` once the program ended, `AnotherRuns`,
    and `ConfigurationInvalid`, with the pointer `RIVAL_POINTER` for a rival that is no other.
    """
    program = await unit.programs.one(program_id)
    if program.revision != revision:
        raise ChangedMeanwhile
    if program.status is ProgramStatus.ENDED:
        raise ProgramCannot("A program that ended cannot be changed.", status=program.status)
    number = await _rival_number(unit, program, wish.rival, author)
    held = (await unit.programs.one(program_id)).version
    comparison = Comparison(
        key=_KEY_PREFIX + author.new_id().hex[-_KEY_DIGITS:],
        name=wish.name,
        variants=(
            Variant(key=HELD, weight=wish.shares.held),
            Variant(key=RIVAL, weight=wish.shares.rival),
        ),
        versions={HELD: held.number, RIVAL: number},
        hold_out=wish.shares.hold_out,
    )
    trial = await create_experiment(unit, program_id, comparison, author)
    return await start_experiment(
        unit, program_id, trial.experiment.id, author, revision=trial.revision
    )


async def settle_comparison(
    unit: Unit, program_id: UUID, experiment_id: UUID, decision: Decision, author: Author
) -> Trial:
    """Stop an experiment, and promise everybody what the kept variant promised.

    Raises `NotFound`, `ChangedMeanwhile`, `ExperimentCannot`, `ProgramCannot`.
    """
    trial = await stop_experiment(
        unit, program_id, experiment_id, author, revision=decision.revision
    )
    if decision.kept is None:
        return trial
    if decision.kept not in trial.versions:
        raise NotFound("This variant does not exist.")
    kept = design_of(await unit.programs.version(trial.versions[decision.kept]))
    program = await unit.programs.one(program_id)
    if kept != design_of(program.version):
        await publish_version(unit, program_id, kept, author, revision=decision.program_revision)
    return trial


async def _rival_number(unit: Unit, program: Program, rival: Design | int, author: Author) -> int:
    """Return the number of the rival's version; a design is made one that never holds.

    What held before is published again right behind it, in the same unit, so at every moment the
    program promises what it did.
    """
    held = design_of(program.version)
    design = rival
    if isinstance(rival, int):
        design = design_of((await unit.program_lists.version(program.id, rival)).version)
    if design == held:
        raise ConfigurationInvalid(
            [Fault(RIVAL_POINTER, "Both would promise the same. Please change something.")]
        )
    if isinstance(rival, int):
        return rival
    tried = await publish_version(unit, program.id, rival, author, revision=program.revision)
    await publish_version(unit, program.id, held, author, revision=tried.revision)
    return tried.version.number
