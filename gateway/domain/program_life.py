"""A program's life: what each command and the clock make of it, and what remains after its end."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from gateway.domain.configurations.faults import ConfigurationInvalid, Fault
from gateway.domain.configurations.scalars import YEARS
from gateway.domain.programs import (
    Program,
    ProgramCannot,
    ProgramCommand,
    ProgramStatus,
    RestoreTooLate,
)

STARTS, ENDS = "/starts_at", "/ends_at"

_S, _C = ProgramStatus, ProgramCommand
# What DELETE leads to is where the program stood: it only goes out of sight.
_NEXT: Mapping[tuple[ProgramStatus, ProgramCommand], ProgramStatus] = {
    (_S.DRAFT, _C.ACTIVATE): _S.ACTIVE,
    (_S.DRAFT, _C.DELETE): _S.DRAFT,
    (_S.SCHEDULED, _C.END): _S.ENDED,
    (_S.SCHEDULED, _C.DELETE): _S.SCHEDULED,
    (_S.ACTIVE, _C.PAUSE): _S.PAUSED,
    (_S.ACTIVE, _C.END): _S.ENDED,
    (_S.PAUSED, _C.ACTIVATE): _S.ACTIVE,
    (_S.PAUSED, _C.RESUME): _S.ACTIVE,
    (_S.PAUSED, _C.END): _S.ENDED,
    (_S.ENDED, _C.DELETE): _S.ENDED,
}
_RUNS_OUT = frozenset({_S.SCHEDULED, _S.ACTIVE, _S.PAUSED})


def next_status(status: ProgramStatus, command: ProgramCommand) -> ProgramStatus:
    """Return the status a command leads to, whatever the schedule; raises `ProgramCannot`.

    Of a program in sight: one that was deleted can only be restored, and no other can. A program
    with customers is ended before it is deleted, so that they are told.
    """
    after = _NEXT.get((status, command))
    if after is None:
        raise ProgramCannot(f"A program that is {status} cannot {command}.", status=status)
    return after


def commanded(program: Program, command: ProgramCommand, now: datetime) -> Program:
    """Return the program after a command, its revision counted up.

    A program that begins later is scheduled when it is activated. Raises `ProgramCannot`, also
    when its end has come: that must be moved first; `RestoreTooLate` after its days of grace.
    """
    if program.deleted_at is not None:
        return _restored(program, command, now)
    status = next_status(program.status, command)
    if status is _S.ACTIVE:
        if _is_reached(program.ends_at, now):
            raise ProgramCannot(
                "This program's end has come. Please move it first.", status=program.status
            )
        if program.starts_at is not None and program.starts_at > now:
            status = _S.SCHEDULED
    after = _in(program, status, now)
    return replace(after, deleted_at=now) if command is _C.DELETE else after


def due(program: Program, now: datetime) -> Program | None:
    """Return the program as the clock makes it at this moment, or None when nothing is due.

    One whose start and end both went by unseen ends without having run.
    """
    if program.status in _RUNS_OUT and _is_reached(program.ends_at, now):
        return _in(program, _S.ENDED, now)
    if program.status is _S.SCHEDULED and _is_reached(program.starts_at, now):
        return _in(program, _S.ACTIVE, now)
    return None


def rescheduled(
    program: Program, starts_at: datetime | None, ends_at: datetime | None, now: datetime
) -> Program:
    """Return the program with another schedule, its revision counted up.

    A scheduled program whose start is moved to now or before starts. Raises `ProgramCannot` once
    it ended, or for another start once it runs; `ConfigurationInvalid` for what cannot be.
    """
    if program.status is _S.ENDED:
        raise ProgramCannot("A program that ended cannot be changed.", status=program.status)
    has_begun = program.status in {_S.ACTIVE, _S.PAUSED}
    if has_begun and starts_at != program.starts_at:
        raise ProgramCannot("This program has begun already.", status=program.status)
    if faults := _faults(program, starts_at, ends_at, now):
        raise ConfigurationInvalid(faults)
    moved = replace(program, starts_at=starts_at, ends_at=ends_at)
    starts_now = moved.status is _S.SCHEDULED and (starts_at is None or starts_at <= now)
    return _in(moved, _S.ACTIVE if starts_now else moved.status, now)


def schedule_faults(starts_at: datetime | None, ends_at: datetime | None) -> tuple[Fault, ...]:
    """Return what is wrong with a schedule, whenever one looks."""
    for pointer, moment in ((STARTS, starts_at), (ENDS, ends_at)):
        if moment is not None and moment.year not in YEARS:
            return (Fault(pointer, f"A year is between {YEARS.start} and {YEARS[-1]}."),)
    if starts_at is not None and ends_at is not None and ends_at <= starts_at:
        return (Fault(ENDS, "End date must be after start date"),)
    return ()


def redeemable_until(ended_at: datetime, grace_days: int) -> datetime:
    """Return until when what is on the cards of a program that ended is still handed out."""
    return ended_at + timedelta(days=grace_days)


def restorable_until(program: Program) -> datetime | None:
    """Return until when a program can be brought back; None for one that was not deleted."""
    if program.deleted_at is None:
        return None
    return program.deleted_at + timedelta(days=program.version.plan.grace_days)


def _restored(program: Program, command: ProgramCommand, now: datetime) -> Program:
    """Return a deleted program as it stood, or ended if its end came meanwhile."""
    if command is not _C.RESTORE:
        sentence = f"A program that was deleted cannot {command}."
        raise ProgramCannot(sentence, status=program.status)
    if _is_reached(restorable_until(program), now):
        raise RestoreTooLate
    runs_out = program.status in _RUNS_OUT and _is_reached(program.ends_at, now)
    after = _in(program, _S.ENDED if runs_out else program.status, now)
    return replace(after, deleted_at=None)


def _faults(
    program: Program, starts_at: datetime | None, ends_at: datetime | None, now: datetime
) -> tuple[Fault, ...]:
    if faults := schedule_faults(starts_at, ends_at):
        return faults
    if ends_at != program.ends_at and _is_reached(ends_at, now):
        return (Fault(ENDS, "End date must be in the future. To end it now, end the program."),)
    return ()


def _in(program: Program, status: ProgramStatus, now: datetime) -> Program:
    has_just_ended = status is _S.ENDED and program.status is not _S.ENDED
    return replace(
        program,
        status=status,
        revision=program.revision + 1,
        ended_at=now if has_just_ended else program.ended_at,
    )


def _is_reached(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment <= now
