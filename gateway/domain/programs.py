"""A program: what a merchant promises, as immutable versions under an explicit status."""

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from gateway.domain.errors import Invalid, Refusal

STAMPS_TARGET_MIN = 2
STAMPS_TARGET_MAX = 50
NAME_CHARACTERS_MAX = 60
REWARD_CHARACTERS_MAX = 60
COOLDOWN_MINUTES_MAX = 7 * 24 * 60
DAILY_LIMIT_MAX = 50

_COLOUR = re.compile(r"#[0-9a-f]{6}")


class ProgramStatus(StrEnum):
    """Where a program stands in its life."""

    DRAFT = "draft"
    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


class ProgramCommand(StrEnum):
    """What a merchant can do to a program as a whole."""

    ACTIVATE = "activate"
    PAUSE = "pause"
    END = "end"


class ProgramCannot(Refusal):
    """The program cannot do this from where it stands."""

    code = "program_cannot"


_NEXT = {
    (ProgramStatus.DRAFT, ProgramCommand.ACTIVATE): ProgramStatus.ACTIVE,
    (ProgramStatus.ACTIVE, ProgramCommand.PAUSE): ProgramStatus.PAUSED,
    (ProgramStatus.PAUSED, ProgramCommand.ACTIVATE): ProgramStatus.ACTIVE,
    (ProgramStatus.ACTIVE, ProgramCommand.END): ProgramStatus.ENDED,
    (ProgramStatus.PAUSED, ProgramCommand.END): ProgramStatus.ENDED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StampRule:
    """One stamp per visit; every `target` stamps make one reward."""

    kind: ClassVar[str] = "stamp_card"

    target: int
    reward: str
    cooldown: timedelta = timedelta(minutes=15)
    daily_limit: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How the card looks: colours as `#rrggbb`."""

    background: str = "#1f4d3a"
    foreground: str = "#ffffff"
    label: str = "#cfe5d8"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramVersion:
    """What was promised from one publication to the next; never edited."""

    id: UUID
    program_id: UUID
    number: int
    name: str
    rule: StampRule
    look: Look


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A program and the version that holds now; `revision` counts its changes."""

    id: UUID
    status: ProgramStatus
    revision: int
    version: ProgramVersion


def next_status(status: ProgramStatus, command: ProgramCommand) -> ProgramStatus:
    """Return the status a command leads to, or raise `ProgramCannot`."""
    after = _NEXT.get((status, command))
    if after is None:
        raise ProgramCannot(f"A program that is {status} cannot {command}.", status=status)
    return after


def check_version(name: str, rule: StampRule, look: Look) -> None:
    """Raise `Invalid` with a sentence per field, when a version cannot be promised."""
    faults = {
        "name": _text_fault(name, NAME_CHARACTERS_MAX),
        "reward": _text_fault(rule.reward, REWARD_CHARACTERS_MAX),
        "target": _range_fault(rule.target, STAMPS_TARGET_MIN, STAMPS_TARGET_MAX),
        "cooldown_minutes": _range_fault(
            int(rule.cooldown.total_seconds() // 60), 0, COOLDOWN_MINUTES_MAX
        ),
        "daily_limit": _range_fault(rule.daily_limit, 1, DAILY_LIMIT_MAX),
        "background": _colour_fault(look.background),
        "foreground": _colour_fault(look.foreground),
        "label": _colour_fault(look.label),
    }
    found = {field: fault for field, fault in faults.items() if fault}
    if found:
        raise Invalid("Please check the program.", errors=found)


def _text_fault(text: str, most: int) -> str | None:
    if not text.strip():
        return "Please write something here."
    if len(text) > most:
        return f"Please use at most {most} characters."
    if not text.isprintable():
        return "Please use plain characters only."
    return None


def _range_fault(value: int, least: int, most: int) -> str | None:
    return None if least <= value <= most else f"Please choose from {least} to {most}."


def _colour_fault(colour: str) -> str | None:
    return None if _COLOUR.fullmatch(colour) else "Please give a colour like #1f4d3a."
