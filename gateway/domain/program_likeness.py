"""Likeness: two programs that ask the same of the same customers, which their merchant is told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from gateway.domain.programs import Program, ProgramStatus
from gateway.domain.progress import leading
from gateway.domain.rules.plan import Plan
from gateway.domain.rules.schedules import Weekday
from gateway.domain.rules.stamps import PunchRule, ValidHours

CAUTIONS_MAX = 5

_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
_HOURS = frozenset(range(24))


@dataclass(frozen=True, slots=True)
class Caution:
    """Something worth a second look, which keeps nobody from anything.

    `code` is stable, `pointer` leads into the program as it is sent, and `sentence` is for people.
    """

    code: str
    pointer: str
    sentence: str


def cautions(program: Program, running: Iterable[Program]) -> tuple[Caution, ...]:
    """Return a caution for each program that runs and is much like this one.

    At most `CAUTIONS_MAX`; a program is not like itself.
    """
    rules = program.version.plan.rules
    pointer = f"/plan/rules/{rules.index(leading(program.version.plan))}"
    alike = (
        Caution("much_like_another", pointer, _sentence(other))
        for other in running
        if other.id != program.id and are_alike(program, other)
    )
    return tuple(islice(alike, CAUTIONS_MAX))


def are_alike(one: Program, other: Program) -> bool:
    """Say whether a customer at the counter could be asked for either card.

    The leading rule of both is of the same kind, and there are a place, a day and an hour at which
    both hold: never with a program that ended or was deleted. It does not matter which is asked
    about first. Blackout dates are not looked at, and weekdays and hours each on their own.
    """
    here, there = one.version.plan, other.version.plan
    return (
        all(_may_run(each) for each in (one, other))
        and leading(here).kind == leading(there).kind
        and _share_a_place(here, there)
        and not _weekdays(here).isdisjoint(_weekdays(there))
        and not _hours(here).isdisjoint(_hours(there))
        and max(each.starts_at or _FIRST for each in (one, other))
        < min(each.ends_at or _LAST for each in (one, other))
    )


def _may_run(program: Program) -> bool:
    return program.status is not ProgramStatus.ENDED and program.deleted_at is None


def _share_a_place(here: Plan, there: Plan) -> bool:
    is_everywhere = not here.locations or not there.locations
    return is_everywhere or not set(here.locations).isdisjoint(there.locations)


def _weekdays(plan: Plan) -> frozenset[Weekday]:
    return frozenset(plan.schedule.weekdays or Weekday)


def _hours(plan: Plan) -> frozenset[int]:
    """Return the hours of the day at which the leading rule gives anything."""
    rule = leading(plan)
    hours = frozenset[int]().union(*map(_hours_of, plan.schedule.hours)) or _HOURS
    if isinstance(rule, PunchRule) and rule.valid_hours:
        hours &= _hours_of(rule.valid_hours)
    return hours


def _hours_of(hours: ValidHours) -> frozenset[int]:
    if hours.start < hours.end:
        return frozenset(range(hours.start, hours.end))
    return _HOURS - frozenset(range(hours.end, hours.start))


def _sentence(other: Program) -> str:
    return (
        f"“{other.version.name}” runs at the same places and times and counts the same way. "
        "Customers may not know which card to show."
    )
