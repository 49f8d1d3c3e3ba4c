"""Programs as the API writes and reads them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec.structs import asdict

from gateway.domain import programs as domain
from gateway.domain.configurations.faults import ConfigurationInvalid, Fault
from gateway.domain.program_life import restorable_until, schedule_faults
from gateway.domain.program_likeness import Caution
from gateway.domain.programs import (
    DESCRIPTION_CHARACTERS_MAX,
    NAME_CHARACTERS_MAX,
    ProgramStatus,
    version_faults,
)
from gateway.domain.rules.faults import read_plan
from gateway.domain.rules.plan import Plan
from gateway.services.merchants import designing
from gateway.services.merchants.designing import Term

PLAN = "/plan"

# What only describes: the rules find all faults at once, where msgspec stops at the first.
Colour = Annotated[str, msgspec.Meta(extra_json_schema={"pattern": "^#[0-9a-f]{6}$"})]
Name = Annotated[
    str,
    msgspec.Meta(
        examples=["Coffee card"],
        extra_json_schema={"minLength": 1, "maxLength": NAME_CHARACTERS_MAX},
    ),
]
Description = Annotated[
    str, msgspec.Meta(extra_json_schema={"maxLength": DESCRIPTION_CHARACTERS_MAX})
]
WrittenPlan = Annotated[
    dict[str, Any],
    msgspec.Meta(extra_json_schema={"allOf": [{"$ref": "#/components/schemas/Plan"}]}),
]
ShownPlan = Annotated[
    msgspec.Raw,
    msgspec.Meta(
        extra_json_schema={"type": "object", "allOf": [{"$ref": "#/components/schemas/Plan"}]}
    ),
]
"""A plan that was written down once per version: a page of fifty is 70 KB of them."""
Moment = Annotated[datetime, msgspec.Meta(tz=True, examples=["2026-12-01T08:00:00+01:00"])]


class Look(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The colours of the card."""

    background: Colour = "#1f4d3a"
    foreground: Colour = "#ffffff"
    label: Colour = "#cfe5d8"


class Design(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a program promises, and when it begins and ends by itself.

    Without both `starts_at` and `ends_at` a program keeps its schedule.
    """

    name: Name
    plan: WrittenPlan
    description: Description = ""
    look: Look = Look()
    starts_at: Moment | msgspec.UnsetType | None = msgspec.UNSET
    ends_at: Moment | msgspec.UnsetType | None = msgspec.UNSET

    def read(self) -> designing.Design:
        """Return the design as the services take it.

        Raises `ConfigurationInvalid` with a pointer into this body for every fault.
        """
        look, term = _look(self.look), self._term()
        faults = version_faults(self.name, look, self.description)
        if term:
            faults += schedule_faults(term.starts_at, term.ends_at)
        plan, of_plan = plan_and_faults(self.plan)
        if faults or of_plan or plan is None:
            raise ConfigurationInvalid((*faults, *of_plan))
        return designing.Design(
            name=self.name, plan=plan, look=look, description=self.description, term=term
        )

    def _term(self) -> Term | None:
        if self.starts_at is msgspec.UNSET and self.ends_at is msgspec.UNSET:
            return None
        return Term(starts_at=self.starts_at or None, ends_at=self.ends_at or None)


class Program(msgspec.Struct, frozen=True, kw_only=True):
    """A program with what it promises now; `revision` is what its ETag holds."""

    id: UUID
    status: ProgramStatus
    revision: int
    version: int
    name: str
    description: str
    rule_types: tuple[str, ...]
    plan: ShownPlan
    look: Look
    starts_at: datetime | None
    ends_at: datetime | None
    ended_at: datetime | None


class Warned(msgspec.Struct, frozen=True):
    """Something worth a second look that keeps nobody from anything, with a JSON pointer."""

    code: str
    pointer: str
    sentence: str


class CautionedProgram(Program, frozen=True, kw_only=True):
    """A program, and what its merchant should look at again."""

    warnings: list[Warned]


class DeletedProgram(Program, frozen=True, kw_only=True):
    """A program that was deleted, and until when it can be brought back."""

    deleted_at: datetime
    restorable_until: datetime


def plan_and_faults(value: object) -> tuple[Plan | None, tuple[Fault, ...]]:
    """Return a plan, or everything that is wrong with it by pointers from the body's root."""
    try:
        return read_plan(value), ()
    except ConfigurationInvalid as invalid:
        return None, tuple(Fault(PLAN + fault.pointer, fault.sentence) for fault in invalid.faults)


def shown(program: domain.Program) -> Program:
    """Return a program as answers carry it."""
    version = program.version
    return Program(
        id=program.id,
        status=program.status,
        revision=program.revision,
        version=version.number,
        name=version.name,
        description=version.description,
        rule_types=version.rule_types,
        plan=msgspec.Raw(version.plan_json),
        look=shown_look(version.look),
        starts_at=program.starts_at,
        ends_at=program.ends_at,
        ended_at=program.ended_at,
    )


def shown_cautioned(program: domain.Program, cautions: Iterable[Caution]) -> CautionedProgram:
    """Return a program as answers carry it, with what there is to look at again."""
    return CautionedProgram(**asdict(shown(program)), warnings=warned(cautions))


def shown_deleted(program: domain.Program) -> DeletedProgram:
    """Return a deleted program as answers carry it."""
    until = restorable_until(program)
    assert program.deleted_at is not None, "it was deleted"
    assert until is not None, "so there is an end of grace"
    return DeletedProgram(
        **asdict(shown(program)), deleted_at=program.deleted_at, restorable_until=until
    )


def warned(cautions: Iterable[Caution]) -> list[Warned]:
    """Return cautions as answers carry them."""
    return [Warned(each.code, each.pointer, each.sentence) for each in cautions]


def shown_look(look: domain.Look) -> Look:
    """Return a look as answers carry it."""
    return Look(background=look.background, foreground=look.foreground, label=look.label)


def _look(look: Look) -> domain.Look:
    return domain.Look(background=look.background, foreground=look.foreground, label=look.label)
