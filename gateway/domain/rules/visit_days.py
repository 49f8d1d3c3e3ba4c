"""Visits on so many business days within a sliding window, each counted for one reward."""

from bisect import bisect_right
from collections.abc import Collection
from dataclasses import replace
from datetime import date, timedelta

from gateway.domain.rules.outcomes import RuleMemory
from gateway.domain.rules.visits import VisitRule


def judge_days(
    rule: VisitRule, memory: RuleMemory, visited: Collection[date], today: date, *, is_visit: bool
) -> tuple[int, RuleMemory]:
    """Return what a day's visit, or its being taken back, gives, and what to remember.

    `visited` are the other days with a visit. Days up to `used_until` were counted for a reward,
    and those after the day in `period` for the last one. A day that a till reports late, when
    the reward of its time is already given, counts for none. A day taken back that counted for
    the last reward takes it back too, unless another day stands in, and sets the others free; a
    day of a reward before the last one changes nothing.
    """
    used_until = memory.used_until or date.min
    if is_visit:
        if today <= used_until:
            return 0, memory
        return _visited(rule, memory, _after(used_until, {*visited, today}), today)
    if today > used_until:
        return 0, replace(memory, count=_count(rule, _after(used_until, visited)))
    before = date.fromisoformat(memory.period) if memory.period else date.min
    if today <= before:
        return 0, memory
    return _taken_back(rule, memory, _after(before, visited))


def _visited(
    rule: VisitRule, memory: RuleMemory, unused: list[date], today: date
) -> tuple[int, RuleMemory]:
    reached = next((end for end in _complete(rule, unused) if end >= today), None)
    if reached is None:
        return 0, replace(memory, count=_count(rule, unused))
    return 1, replace(
        memory,
        count=_count(rule, _after(reached, unused)),
        granted=memory.granted + 1,
        used_until=reached,
        period=memory.used_until.isoformat() if memory.used_until else "",
    )


def _taken_back(rule: VisitRule, memory: RuleMemory, free: list[date]) -> tuple[int, RuleMemory]:
    """Let the first days stand in that leave no further reward, or take the reward back."""
    ends = _complete(rule, free)
    reached = next((end for end in ends if not _complete(rule, _after(end, free))), None)
    if reached is not None:
        count = _count(rule, _after(reached, free))
        return 0, replace(memory, count=count, used_until=reached)
    return -1, replace(
        memory,
        count=_count(rule, free),
        granted=memory.granted - 1,
        used_until=date.fromisoformat(memory.period) if memory.period else None,
        period="",
    )


def _complete(rule: VisitRule, days: list[date]) -> list[date]:
    """Return the days whose window has all the visits."""
    return [end for end in days if _within(rule, days, end) >= rule.visits_required]


def _after(day: date, days: Collection[date]) -> list[date]:
    return sorted(each for each in days if each > day)


def _count(rule: VisitRule, days: list[date]) -> int:
    """Return how many of the days are in the window of the last of them."""
    return _within(rule, days, days[-1]) if days else 0


def _within(rule: VisitRule, days: list[date], end: date) -> int:
    before = end - timedelta(days=rule.within_days)
    return bisect_right(days, end) - bisect_right(days, before)
