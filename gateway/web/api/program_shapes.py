"""Programs as the API writes and reads them."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec

from gateway.domain import programs as domain
from gateway.domain.configurations.faults import ConfigurationInvalid, Fault
from gateway.domain.program_life import schedule_faults
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
    rule_types: list[str]
    plan: WrittenPlan
    look: Look
    starts_at: datetime | None
    ends_at: datetime | None
    ended_at: datetime | None


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
        rule_types=sorted({rule.kind for rule in version.plan.rules}),
        plan=version.written_plan,
        look=shown_look(version.look),
        starts_at=program.starts_at,
        ends_at=program.ends_at,
        ended_at=program.ended_at,
    )


def shown_look(look: domain.Look) -> Look:
    """Return a look as answers carry it."""
    return Look(background=look.background, foreground=look.foreground, label=look.label)


def _look(look: Look) -> domain.Look:
    return domain.Look(background=look.background, foreground=look.foreground, label=look.label)
