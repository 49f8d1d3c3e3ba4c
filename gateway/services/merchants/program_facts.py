"""What is said when a program changes: which fact, and who did it."""

from datetime import datetime
from typing import TypedDict
from uuid import UUID

from gateway.domain.events.programs import (
    ProgramActivated,
    ProgramChanged,
    ProgramCreated,
    ProgramDeleted,
    ProgramEnded,
    ProgramPaused,
    ProgramRestored,
    ProgramResumed,
    ProgramScheduled,
    ProgramUpdated,
)
from gateway.domain.program_life import redeemable_until
from gateway.domain.programs import Program, ProgramStatus


class Told(TypedDict):
    """What every fact about a program says."""

    program_id: UUID
    name: str
    rule_types: tuple[str, ...]
    status: str
    previous_status: str
    by: str


def created(program: Program, by: str) -> ProgramChanged:
    """Return the fact that a program was written down."""
    return ProgramCreated(**_told(program, program, by))


def updated(before: Program, after: Program, by: str) -> ProgramChanged:
    """Return the fact that a program promises something else, or at another time."""
    return ProgramUpdated(
        **_told(before, after, by),
        program_version_id=after.version.id,
        starts_at=_written(after.starts_at),
        ends_at=_written(after.ends_at),
    )


def deleted(before: Program, after: Program, by: str) -> ProgramChanged:
    """Return the fact that a program was taken out of sight."""
    return ProgramDeleted(**_told(before, after, by))


def restored(before: Program, after: Program, by: str) -> ProgramChanged:
    """Return the fact that a deleted program was brought back."""
    return ProgramRestored(**_told(before, after, by))


def moved(before: Program, after: Program, by: str) -> ProgramChanged | None:
    """Return the fact of a program's new status, or None when it stands where it stood."""
    if after.status is before.status:
        return None
    told = _told(before, after, by)
    match after.status:
        case ProgramStatus.SCHEDULED:
            assert after.starts_at is not None, "only what begins later is scheduled"
            return ProgramScheduled(**told, starts_at=after.starts_at.isoformat())
        case ProgramStatus.ACTIVE if before.status is ProgramStatus.PAUSED:
            return ProgramResumed(**told)
        case ProgramStatus.ACTIVE:
            return ProgramActivated(**told)
        case ProgramStatus.PAUSED:
            return ProgramPaused(**told)
        case _:
            assert after.ended_at is not None, "nothing becomes a draft again"
            until = redeemable_until(after.ended_at, after.version.plan.grace_days)
            return ProgramEnded(**told, redeemable_until=until.isoformat())


def _told(before: Program, after: Program, by: str) -> Told:
    return Told(
        program_id=after.id,
        name=after.version.name,
        rule_types=after.version.rule_types,
        status=after.status.value,
        previous_status=before.status.value,
        by=by,
    )


def _written(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
