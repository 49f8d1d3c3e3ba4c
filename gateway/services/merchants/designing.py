"""Designing: a merchant writes a program down, copies it, and publishes new versions of it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from gateway.domain.configurations.faults import ConfigurationInvalid, Fault
from gateway.domain.configurations.reading import FAULTS_MAX
from gateway.domain.errors import ChangedMeanwhile
from gateway.domain.events.programs import ProgramPublished
from gateway.domain.people import Origin, Principal
from gateway.domain.program_life import rescheduled, schedule_faults
from gateway.domain.programs import (
    NAME_CHARACTERS_MAX,
    Look,
    Program,
    ProgramCannot,
    ProgramStatus,
    ProgramVersion,
    check_version,
)
from gateway.domain.rules.plan import Plan
from gateway.services.merchants import program_facts
from gateway.storage.people.audit import Record
from gateway.storage.unit import Unit

COPY_SUFFIX = " (copy)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """When a program begins and ends by itself; None is whenever somebody says so."""

    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """What a merchant wants to promise; without a term the program keeps the one it has."""

    name: str
    plan: Plan
    look: Look
    description: str = ""
    term: Term | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who designs, from where, and where new ids come from."""

    principal: Principal
    origin: Origin
    new_id: Callable[[], UUID]


async def create_program(unit: Unit, design: Design, author: Author) -> Program:
    """Keep a new program as a draft with its first version; raises `ConfigurationInvalid`."""
    program = draft_of(design, author.new_id(), author.new_id())
    await _check_locations(unit, design.plan)
    await unit.programs.add(program, unit.now)
    await _keep_version(unit, program.version, author)
    await record(unit, author, "program.created", program)
    unit.announce(program_facts.created(program, author.principal.name))
    return program


def draft_of(design: Design, program_id: UUID, version_id: UUID) -> Program:
    """Return the draft that a design makes, kept nowhere; raises `ConfigurationInvalid`."""
    term = design.term or Term()
    if faults := schedule_faults(term.starts_at, term.ends_at):
        raise ConfigurationInvalid(faults)
    return Program(
        id=program_id,
        status=ProgramStatus.DRAFT,
        revision=1,
        version=_version(design, program_id, version_id, number=1),
        starts_at=term.starts_at,
        ends_at=term.ends_at,
    )


async def duplicate_program(unit: Unit, program_id: UUID, author: Author) -> Program:
    """Keep a new draft that promises the same under another name; raises `NotFound`.

    Its schedule is not copied: the original's may be over.
    """
    version = (await unit.programs.one(program_id)).version
    name = version.name[: NAME_CHARACTERS_MAX - len(COPY_SUFFIX)] + COPY_SUFFIX
    return await create_program(unit, replace(design_of(version), name=name), author)


async def publish_version(
    unit: Unit, program_id: UUID, design: Design, author: Author, *, revision: int
) -> Program:
    """Promise something else from now on; what was earned stays as it is.

    `revision` is the one the author saw. Only what differs from the version that holds makes a new
    one. Raises `ConfigurationInvalid`, `NotFound`, `ChangedMeanwhile`, or `ProgramCannot` once the
    program ended.
    """
    before = await unit.programs.one(program_id)
    if before.status is ProgramStatus.ENDED:
        raise ProgramCannot("A program that ended cannot be changed.", status=before.status)
    if before.revision != revision:
        raise ChangedMeanwhile
    number = before.version.number + 1
    version = _version(design, before.id, author.new_id(), number=number)
    is_new = design_of(version) != design_of(before.version)
    if is_new:
        await _check_locations(unit, design.plan)
    term = design.term or Term(starts_at=before.starts_at, ends_at=before.ends_at)
    after = rescheduled(before, term.starts_at, term.ends_at, unit.now)
    after = replace(after, version=version if is_new else before.version)
    # First the program: of two who publish at once, the second learns that it is late.
    await unit.programs.change(after, revision=revision)
    if is_new:
        await _keep_version(unit, version, author)
    await record(unit, author, "program.published" if is_new else "program.rescheduled", after)
    announce(unit, before, after, author.principal.name)
    unit.announce(program_facts.updated(before, after, author.principal.name))
    return after


def design_of(version: ProgramVersion) -> Design:
    """Return what a version promises, to be promised again or in part."""
    return Design(
        name=version.name,
        plan=version.plan,
        look=version.look,
        description=version.description,
    )


def announce(unit: Unit, before: Program, after: Program, by: str) -> None:
    """Tell what a program's cards show from now on, and where it moved, if it did."""
    unit.announce(ProgramPublished(program_id=after.id, program_version_id=after.version.id))
    if fact := program_facts.moved(before, after, by):
        unit.announce(fact)


async def record(unit: Unit, author: Author, action: str, program: Program) -> None:
    """Write into the audit what somebody did to a program."""
    entry = Record(
        id=author.new_id(),
        actor=author.principal.name,
        action=action,
        subject=f"program:{program.id}",
        detail={"status": program.status, "version": program.version.number},
    )
    await unit.audit.add(entry, author.origin, unit.now)


async def _check_locations(unit: Unit, plan: Plan) -> None:
    """Raise `ConfigurationInvalid` for locations that are none of the merchant's.

    Where nobody is, nobody could collect anything.
    """
    known = await unit.merchants.locations_among(plan.locations)
    faults = tuple(
        Fault(f"/plan/locations/{index}", "This location does not exist.")
        for index, location_id in enumerate(plan.locations)
        if location_id not in known
    )
    if faults:
        raise ConfigurationInvalid(faults[:FAULTS_MAX])


async def _keep_version(unit: Unit, version: ProgramVersion, author: Author) -> None:
    await unit.programs.add_version(version, author.principal.staff_id, unit.now)
    await unit.rewards.add_promised(version, author.new_id, unit.now)


def _version(design: Design, program_id: UUID, version_id: UUID, *, number: int) -> ProgramVersion:
    check_version(design.name, design.look, design.description)
    return ProgramVersion(
        id=version_id,
        program_id=program_id,
        number=number,
        name=design.name.strip(),
        plan=design.plan,
        look=design.look,
        description=design.description.strip(),
    )
