"""What the doctor finds, and how it is shown to a person."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad a finding is."""

    WELL = "ok"
    SOON = "soon"
    ILL = "TROUBLE"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, and how it is."""

    level: Level
    subject: str
    sentence: str


def is_ill(findings: Iterable[Finding]) -> bool:
    """Say whether something needs attention before customers notice."""
    return any(finding.level is Level.ILL for finding in findings)


def table(findings: Iterable[Finding]) -> str:
    """Return the findings as lines a person can read down."""
    lines = list(findings)
    width = max((len(finding.subject) for finding in lines), default=0)
    return "\n".join(
        f"{finding.level:<8}{finding.subject:<{width + 2}}{finding.sentence}" for finding in lines
    )


def kind_of(error: BaseException) -> str:
    """Name an error without its text, which may quote an address with a password."""
    return type(error).__name__
