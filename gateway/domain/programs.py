"""A program: what a merchant promises, as immutable versions under an explicit status."""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from uuid import UUID

from gateway.domain.configurations.faults import ConfigurationInvalid, Fault
from gateway.domain.configurations.writing import written
from gateway.domain.errors import Refusal
from gateway.domain.rules.plan import Plan
from gateway.domain.wording_faults import hidden_fault

NAME_CHARACTERS_MAX = 60
DESCRIPTION_CHARACTERS_MAX = 500

_COLOUR = re.compile(r"#[0-9a-f]{6}")


class ProgramStatus(StrEnum):
    """Where a program stands in its life."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


class ProgramCommand(StrEnum):
    """What a merchant can do to a program as a whole."""

    ACTIVATE = "activate"
    PAUSE = "pause"
    RESUME = "resume"
    END = "end"
    DELETE = "delete"
    RESTORE = "restore"


class ProgramCannot(Refusal):
    """The program cannot do this from where it stands."""

    code = "program_cannot"


class RestoreTooLate(Refusal):
    """The days within which this program could be brought back are over."""

    code = "restore_too_late"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How the card looks: colours as `#rrggbb`."""

    background: str = "#1f4d3a"
    foreground: str = "#ffffff"
    label: str = "#cfe5d8"


# Without slots, which leave no place for what is written once and read often.
@dataclass(frozen=True, kw_only=True)
class ProgramVersion:
    """What was promised from one publication to the next; never edited."""

    id: UUID
    program_id: UUID
    number: int
    name: str
    plan: Plan
    look: Look
    description: str = ""

    @cached_property
    def plan_json(self) -> bytes:
        """The plan as JSON, with every default written out."""
        text = json.dumps(written(self.plan), ensure_ascii=False, separators=(",", ":"))
        return text.encode()

    @cached_property
    def rule_types(self) -> tuple[str, ...]:
        """The kinds of rules in the plan, each once, sorted."""
        return tuple(sorted({rule.kind for rule in self.plan.rules}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A program and the version that holds now; `revision` counts its changes.

    One with a `deleted_at` is out of sight, and still stands where it stood.
    """

    id: UUID
    status: ProgramStatus
    revision: int
    version: ProgramVersion
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    ended_at: datetime | None = None
    deleted_at: datetime | None = None


def check_version(name: str, look: Look, description: str = "") -> None:
    """Raise `ConfigurationInvalid`, with every fault, when a version cannot be shown."""
    if faults := version_faults(name, look, description):
        raise ConfigurationInvalid(faults)


def version_faults(name: str, look: Look, description: str = "") -> tuple[Fault, ...]:
    """Return what is wrong with a version beside its plan, each with a pointer to its field."""
    faults = {
        "/name": _text_fault(name, NAME_CHARACTERS_MAX),
        "/description": _text_fault(description, DESCRIPTION_CHARACTERS_MAX, lines=True)
        if description
        else None,
        "/look/background": _colour_fault(look.background),
        "/look/foreground": _colour_fault(look.foreground),
        "/look/label": _colour_fault(look.label),
    }
    return tuple(Fault(pointer, fault) for pointer, fault in faults.items() if fault)


def _text_fault(text: str, most: int, *, lines: bool = False) -> str | None:
    if not text.strip():
        return "Please write something here."
    if len(text) > most:
        return f"Please use at most {most:,} characters."
    return hidden_fault(text, lines=lines)


def _colour_fault(colour: str) -> str | None:
    return None if _COLOUR.fullmatch(colour) else "Please give a colour like #1f4d3a."
