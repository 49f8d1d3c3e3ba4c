"""Streaks: periods in a row with a visit in each, and a reward each time so many are full."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta

from gateway.domain.rules.outcomes import RuleMemory
from gateway.domain.rules.visits import Beat, VisitRule
from gateway.domain.rules.windows import Period, next_period

DAYS_OF_WEEK = 7
MONTHS_OF_YEAR = 12

_NO_PERIODS = range(0)


@dataclass(frozen=True, slots=True)
class _Calendar:
    """The periods known to have a visit, as numbers that follow each other.

    `visited` are those of the days read, `streak` those of the streak remembered.
    """

    visited: frozenset[int]
    streak: range

    def __contains__(self, period: int) -> bool:
        return period in self.visited or period in self.streak

    def before(self, period: int) -> int:
        """Return how many periods in a row have a visit up to this one, without it."""
        first = period
        while first - 1 in self:
            first = self.streak.start if first - 1 in self.streak else first - 1
        return period - first

    def after(self, period: int) -> int:
        """Return how many periods in a row have a visit from this one on, without it."""
        last = period
        while last + 1 in self:
            last = self.streak.stop - 1 if last + 1 in self.streak else last + 1
        return last - period

    def last(self, period: int) -> int:
        """Return the last period with a visit when this one has one too."""
        return max(self.visited | {period, self.streak.stop - 1 if self.streak else period})


def judge_streak(
    rule: VisitRule, memory: RuleMemory, visited: Collection[date], today: date, *, is_visit: bool
) -> tuple[int, RuleMemory]:
    """Return what a day's visit, or its being taken back, gives, and what to remember.

    `visited` are the other days with a visit, as far as the rule looks back. A day reported late
    joins the streaks beside it and a day taken back parts its streak; the rewards given or taken
    are the difference between what one long streak comes to and what its two parts do. The best
    streak is never made shorter. A rule whose beat changed counts its streak by the days read.
    """
    period = _period(rule.period, today)
    calendar = _Calendar(
        frozenset(_period(rule.period, day) for day in visited), _streak(rule.period, memory)
    )
    if period in calendar.visited or (is_visit and period in calendar.streak):
        return 0, memory
    before, after = calendar.before(period), calendar.after(period)
    length, required = before + 1 + after, rule.visits_required
    difference = length // required - before // required - after // required
    given = difference if is_visit else -difference
    counted = replace(memory, granted=memory.granted + given)
    is_current = period + after == calendar.last(period)
    if not is_visit:
        return given, _parted(rule, counted, calendar, period) if is_current else counted
    if not is_current:
        return given, replace(counted, best=max(memory.best, length))
    return given, _remember(rule, counted, length, period + after)


def is_broken(rule: VisitRule, memory: RuleMemory, today: date) -> bool:
    """Say whether a visit today would begin a new streak; of a rule without streaks never."""
    if not rule.consecutive_required:
        return False
    return _streak(rule.period, memory).stop < _period(rule.period, today)


def next_beat(beat: Beat, day: date) -> date:
    """Return the first day of the next period; a month's is the first, a week's a Monday."""
    match beat:
        case Beat.DAY:
            return day + timedelta(days=1)
        case Beat.WEEK:
            return day + timedelta(days=DAYS_OF_WEEK - day.weekday())
        case _:
            return next_period(Period.MONTHLY, day)


def _parted(rule: VisitRule, memory: RuleMemory, calendar: _Calendar, period: int) -> RuleMemory:
    """Return what remains of the current streak when a period is taken out of it."""
    after, before = calendar.after(period), calendar.before(period)
    if after:
        return _remember(rule, memory, after, period + after)
    if before:
        return _remember(rule, memory, before, period - 1)
    earlier = max((each for each in calendar.visited if each < period), default=None)
    if earlier is None:
        return replace(memory, count=0, streak=0, period="")
    return _remember(rule, memory, calendar.before(earlier) + 1, earlier)


def _remember(rule: VisitRule, memory: RuleMemory, streak: int, last: int) -> RuleMemory:
    return replace(
        memory,
        count=streak % rule.visits_required,
        streak=streak,
        best=max(memory.best, streak),
        period=_key(rule.period, last),
    )


def _streak(beat: Beat, memory: RuleMemory) -> range:
    """Return the periods of the streak remembered, or none when it had another beat."""
    suffix = {Beat.DAY: "", Beat.WEEK: "-1", Beat.MONTH: "-01"}[beat]
    try:
        last = _period(beat, date.fromisoformat(memory.period + suffix))
    except ValueError:
        return _NO_PERIODS
    if _key(beat, last) != memory.period:
        return _NO_PERIODS
    return range(last - memory.streak + 1, last + 1)


def _period(beat: Beat, day: date) -> int:
    match beat:
        case Beat.DAY:
            return day.toordinal()
        case Beat.WEEK:
            return (day.toordinal() - 1) // DAYS_OF_WEEK  # day 1 was a Monday
        case _:
            return day.year * MONTHS_OF_YEAR + day.month - 1


def _key(beat: Beat, period: int) -> str:
    """Return the name of a period, which is ISO 8601's: 2026-11-21, 2026-W47 or 2026-11."""
    match beat:
        case Beat.DAY:
            return date.fromordinal(period).isoformat()
        case Beat.WEEK:
            week = date.fromordinal(period * DAYS_OF_WEEK + 1).isocalendar()
            return f"{week.year:04}-W{week.week:02}"
        case _:
            return f"{period // MONTHS_OF_YEAR:04}-{period % MONTHS_OF_YEAR + 1:02}"
