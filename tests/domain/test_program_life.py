"""A program's life: every command from every status, and what the clock does by itself."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from uuid_utils.compat import uuid7

from gateway.domain.configurations.faults import ConfigurationInvalid, Fault
from gateway.domain.program_life import (
    commanded,
    due,
    next_status,
    redeemable_until,
    rescheduled,
    restorable_until,
    schedule_faults,
)
from gateway.domain.programs import (
    Look,
    Program,
    ProgramCannot,
    ProgramCommand,
    ProgramStatus,
    ProgramVersion,
    RestoreTooLate,
)
from tests.plans import stamp_plan

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
ALLOWED = {
    ("draft", "activate"): "active",
    ("draft", "delete"): "draft",
    ("scheduled", "end"): "ended",
    ("scheduled", "delete"): "scheduled",
    ("active", "pause"): "paused",
    ("active", "end"): "ended",
    ("paused", "activate"): "active",
    ("paused", "resume"): "active",
    ("paused", "end"): "ended",
    ("ended", "delete"): "ended",
}
ID = uuid7()
VERSION = ProgramVersion(
    id=uuid7(), program_id=ID, number=1, name="Card", plan=stamp_plan(), look=Look()
)


def _program(
    status: str, starts: timedelta | None = None, ends: timedelta | None = None
) -> Program:
    return Program(
        id=ID,
        status=ProgramStatus(status),
        revision=4,
        version=VERSION,
        starts_at=None if starts is None else NOW + starts,
        ends_at=None if ends is None else NOW + ends,
        ended_at=NOW - DAY if status == "ended" else None,
    )


@pytest.mark.parametrize("status", ProgramStatus)
@pytest.mark.parametrize("command", ProgramCommand)
def test_every_command_from_every_status_is_allowed_or_refused_by_the_table(
    status: ProgramStatus, command: ProgramCommand
) -> None:
    """What is not in the table is refused with the status it was tried from."""
    expected = ALLOWED.get((status, command))
    if expected:
        assert next_status(status, command) == expected
        after = commanded(_program(status), command, NOW)
        assert (after.status, after.revision) == (expected, 5)
        assert after.deleted_at == (NOW if command is ProgramCommand.DELETE else None)
    else:
        with pytest.raises(ProgramCannot) as refused:
            commanded(_program(status), command, NOW)
        assert refused.value.detail == {"status": status}
        sentence = f"A program that is {status} cannot {command}."
        assert refused.value.sentence == sentence


@pytest.mark.parametrize("status", ProgramStatus)
@pytest.mark.parametrize("command", ProgramCommand)
def test_what_was_deleted_can_be_brought_back_and_nothing_else(
    status: ProgramStatus, command: ProgramCommand
) -> None:
    """It is where it stood, and counts as changed."""
    gone = replace(_program(status), deleted_at=NOW - DAY)
    if command is ProgramCommand.RESTORE:
        assert commanded(gone, command, NOW) == replace(_program(status), revision=5)
    else:
        with pytest.raises(ProgramCannot) as refused:
            commanded(gone, command, NOW)
        assert refused.value.detail == {"status": status}
        assert refused.value.sentence == f"A program that was deleted cannot {command}."


@pytest.mark.parametrize("is_deleted", [False, True])
@pytest.mark.parametrize(
    ("status", "first", "second"),
    [(s, a, b) for s, a, b in product(ProgramStatus, ProgramCommand, ProgramCommand)],
)
def test_every_pair_of_commands_ends_where_the_table_says(
    status: ProgramStatus, first: ProgramCommand, second: ProgramCommand, *, is_deleted: bool
) -> None:
    """The second command is judged by where the first one led, never by where both began."""
    reached: Program | None = replace(
        _program(status), deleted_at=NOW - DAY if is_deleted else None
    )
    wanted: tuple[str, bool] | None = status.value, is_deleted
    for command in (first, second):
        wanted = _led(wanted, command) if wanted else None
        try:
            reached = commanded(reached, command, NOW) if reached else None
        except ProgramCannot:
            reached = None
    stands = (reached.status, reached.deleted_at is not None) if reached else None
    assert stands == wanted


def _led(stood: tuple[str, bool], command: ProgramCommand) -> tuple[str, bool] | None:
    status, is_deleted = stood
    if is_deleted:
        return (status, False) if command == "restore" else None
    led = ALLOWED.get((status, command))
    return (led, command == "delete") if led else None


def test_days_of_grace_are_counted_from_the_deletion() -> None:
    """At their end itself it is too late; what is in sight has none."""
    grace = timedelta(days=VERSION.plan.grace_days)
    gone = replace(_program("ended"), deleted_at=NOW)
    restore = ProgramCommand.RESTORE
    assert restorable_until(gone) == NOW + grace
    assert restorable_until(_program("ended")) is None
    almost = NOW + grace - timedelta(seconds=1)
    assert commanded(gone, restore, almost) == replace(_program("ended"), revision=5)
    with pytest.raises(RestoreTooLate) as refused:
        commanded(gone, restore, NOW + grace)
    assert refused.value.code == "restore_too_late"


@pytest.mark.parametrize(
    ("status", "ends", "expected"),
    [
        ("scheduled", timedelta(0), "ended"),
        ("scheduled", timedelta(seconds=1), "scheduled"),
        ("draft", -DAY, "draft"),
        ("ended", -DAY, "ended"),
    ],
)
def test_what_would_have_ended_meanwhile_is_back_as_ended(
    status: str, ends: timedelta, expected: str
) -> None:
    """A draft never ends by itself; what ended before says when it did."""
    gone = replace(_program(status, -2 * DAY, ends), deleted_at=NOW - DAY)
    back = commanded(gone, ProgramCommand.RESTORE, NOW)
    assert (back.status, back.revision, back.deleted_at) == (expected, 5, None)
    ended_at = NOW if status == "scheduled" else gone.ended_at
    assert back.ended_at == (ended_at if expected == "ended" else None)


def test_what_begins_later_is_scheduled_when_it_is_activated() -> None:
    """A start at this very moment is no later one."""
    activate = ProgramCommand.ACTIVATE
    assert commanded(_program("draft", DAY), activate, NOW).status == "scheduled"
    assert commanded(_program("draft", timedelta(0)), activate, NOW).status == "active"
    assert commanded(_program("paused", -DAY), activate, NOW).status == "active"


@pytest.mark.parametrize("status", ["draft", "paused"])
def test_what_has_run_out_cannot_be_started(status: str) -> None:
    """Its end must be moved first, else the clock would end it at once."""
    with pytest.raises(ProgramCannot) as refused:
        commanded(_program(status, ends=timedelta(0)), ProgramCommand.ACTIVATE, NOW)
    assert refused.value.sentence == "This program's end has come. Please move it first."
    assert refused.value.detail == {"status": status}


def test_the_end_is_written_down_once() -> None:
    """Ending says when; deleting what ended leaves that as it is."""
    ended = commanded(_program("active"), ProgramCommand.END, NOW)
    assert ended.ended_at == NOW
    deleted = commanded(ended, ProgramCommand.DELETE, NOW + DAY)
    assert (deleted.ended_at, deleted.revision) == (NOW, 6)
    assert commanded(_program("active"), ProgramCommand.PAUSE, NOW).ended_at is None


@pytest.mark.parametrize(
    ("status", "starts", "ends", "expected"),
    [
        ("scheduled", timedelta(0), None, "active"),
        ("scheduled", timedelta(seconds=1), None, None),
        ("scheduled", None, None, None),
        ("scheduled", -2 * DAY, -DAY, "ended"),
        ("scheduled", DAY, 2 * DAY, None),
        ("active", -DAY, timedelta(0), "ended"),
        ("active", -DAY, timedelta(seconds=1), None),
        ("active", -DAY, None, None),
        ("paused", -DAY, -timedelta(hours=1), "ended"),
        ("draft", -DAY, -timedelta(hours=1), None),
        ("ended", -DAY, -timedelta(hours=1), None),
    ],
)
def test_the_clock_starts_what_waits_and_ends_what_runs(
    status: str, starts: timedelta | None, ends: timedelta | None, expected: str | None
) -> None:
    """At the moment itself, not before; drafts and what ended are left alone."""
    after = due(_program(status, starts, ends), NOW)
    assert (after.status if after else None) == expected
    if after:
        assert after.revision == 5
        assert after.ended_at == (NOW if expected == "ended" else None)


def test_a_schedule_can_be_moved_until_it_has_come() -> None:
    """A draft takes any; one that waits starts when its start is moved to now or taken away."""
    draft = rescheduled(_program("draft"), NOW + DAY, NOW + 2 * DAY, NOW)
    assert (draft.status, draft.starts_at, draft.revision) == ("draft", NOW + DAY, 5)
    waiting = _program("scheduled", DAY)
    assert rescheduled(waiting, NOW + 2 * DAY, None, NOW).status == "scheduled"
    assert rescheduled(waiting, NOW, None, NOW).status == "active"
    assert rescheduled(waiting, None, None, NOW).status == "active"
    running = rescheduled(_program("active", -DAY), NOW - DAY, NOW + DAY, NOW)
    assert (running.status, running.ends_at) == ("active", NOW + DAY)


@pytest.mark.parametrize("status", ["active", "paused"])
def test_what_has_begun_keeps_its_start(status: str) -> None:
    """Its customers were told when it began."""
    with pytest.raises(ProgramCannot) as refused:
        rescheduled(_program(status, -DAY), NOW, None, NOW)
    assert refused.value.sentence == "This program has begun already."
    assert refused.value.detail == {"status": status}


def test_what_ended_keeps_its_schedule() -> None:
    """It is over."""
    with pytest.raises(ProgramCannot) as refused:
        rescheduled(_program("ended"), None, NOW + DAY, NOW)
    assert refused.value.sentence == "A program that ended cannot be changed."
    assert refused.value.detail == {"status": "ended"}


def test_an_end_is_after_the_start_and_to_come() -> None:
    """An end that was reached already stays as it is, so that something else can be changed."""
    with pytest.raises(ConfigurationInvalid) as backwards:
        rescheduled(_program("draft"), NOW + DAY, NOW + DAY, NOW)
    assert backwards.value.faults == schedule_faults(NOW + DAY, NOW + DAY)
    assert backwards.value.faults == (Fault("/ends_at", "End date must be after start date"),)
    with pytest.raises(ConfigurationInvalid) as late:
        rescheduled(_program("draft"), None, NOW, NOW)
    assert late.value.faults == (
        Fault("/ends_at", "End date must be in the future. To end it now, end the program."),
    )
    past = _program("paused", ends=-DAY)
    assert rescheduled(past, None, NOW - DAY, NOW) == replace(past, revision=5)
    assert schedule_faults(None, NOW) == schedule_faults(NOW, None) == ()


@pytest.mark.parametrize("year", [1, 1999, 3000, 9999])
def test_a_program_begins_and_ends_in_years_that_clocks_know(year: int) -> None:
    """Others cannot be told in every time zone."""
    moment = datetime(year, 6, 1, tzinfo=UTC)
    sentence = "A year is between 2000 and 2999."
    assert schedule_faults(moment, None) == (Fault("/starts_at", sentence),)
    assert schedule_faults(NOW, moment) == (Fault("/ends_at", sentence),)
    kept = moment.replace(year=2000), moment.replace(year=2999)
    assert schedule_faults(*kept) == ()


def test_balances_are_handed_out_for_the_days_of_grace() -> None:
    """Counted from the moment of the end, in whole days of 24 hours."""
    assert redeemable_until(NOW, 90) == NOW + timedelta(days=90)
    assert redeemable_until(NOW, 0) == NOW
