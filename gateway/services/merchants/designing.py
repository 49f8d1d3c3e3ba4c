"""Designing: a merchant makes a program, publishes new versions of it, and starts or stops it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import UUID

from gateway.domain.events import ProgramPublished
from gateway.domain.people import Origin, Principal
from gateway.domain.programs import (
    Look,
    Program,
    ProgramCannot,
    ProgramCommand,
    ProgramStatus,
    ProgramVersion,
    StampRule,
    check_version,
    next_status,
)
from gateway.domain.redemptions import Reward
from gateway.storage.people.audit import Record
from gateway.storage.unit import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """What a merchant wants to promise."""

    name: str
    rule: StampRule
    look: Look


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who designs, from where, and where new ids come from."""

    principal: Principal
    origin: Origin
    new_id: Callable[[], UUID]


async def create_program(unit: Unit, design: Design, author: Author) -> Program:
    """Keep a new program as a draft with its first version; raises `Invalid`."""
    check_version(design.name, design.rule, design.look)
    version = _version(design, author.new_id(), author.new_id(), number=1)
    program = Program(
        id=version.program_id, status=ProgramStatus.DRAFT, revision=1, version=version
    )
    await unit.programs.add(program, unit.now)
    await _keep_version(unit, version, author)
    await _record(unit, author, "program.created", program)
    return program


async def publish_version(
    unit: Unit, program_id: UUID, design: Design, author: Author, *, revision: int
) -> Program:
    """Promise something else from now on; what was earned stays as it is.

    `revision` is the one the author saw. Raises `Invalid`, `NotFound`, `ChangedMeanwhile`, or
    `ProgramCannot` once the program ended.
    """
    check_version(design.name, design.rule, design.look)
    program = await unit.programs.one(program_id)
    if program.status is ProgramStatus.ENDED:
        raise ProgramCannot("A program that ended cannot be changed.", status=program.status)
    version = _version(design, program.id, author.new_id(), number=program.version.number + 1)
    changed = replace(program, version=version, revision=revision + 1)
    # First the program: of two who publish at once, the second learns that it is late.
    await _change(unit, changed, author, "program.published", revision)
    await _keep_version(unit, version, author)
    return changed


async def command_program(
    unit: Unit, program_id: UUID, command: ProgramCommand, author: Author, *, revision: int
) -> Program:
    """Activate, pause or end a program.

    `revision` is the one the author saw. Raises `NotFound`, `ProgramCannot`, `ChangedMeanwhile`.
    """
    program = await unit.programs.one(program_id)
    changed = replace(program, status=next_status(program.status, command), revision=revision + 1)
    return await _change(unit, changed, author, f"program.{command}", revision)


async def _change(
    unit: Unit, program: Program, author: Author, action: str, revision: int
) -> Program:
    await unit.programs.change(program, revision=revision)
    await _record(unit, author, action, program)
    unit.announce(ProgramPublished(program_id=program.id, program_version_id=program.version.id))
    return program


async def _keep_version(unit: Unit, version: ProgramVersion, author: Author) -> None:
    reward = Reward(id=author.new_id(), name=version.rule.reward, cost=version.rule.target)
    await unit.programs.add_version(version, reward, author.principal.staff_id, unit.now)


async def _record(unit: Unit, author: Author, action: str, program: Program) -> None:
    record = Record(
        id=author.new_id(),
        actor=author.principal.name,
        action=action,
        subject=f"program:{program.id}",
        detail={"status": program.status, "version": program.version.number},
    )
    await unit.audit.add(record, author.origin, unit.now)


def _version(design: Design, program_id: UUID, version_id: UUID, *, number: int) -> ProgramVersion:
    return ProgramVersion(
        id=version_id,
        program_id=program_id,
        number=number,
        name=design.name.strip(),
        rule=design.rule,
        look=design.look,
    )
