"""Caps: the most a card, or a whole program, can earn."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated

from gateway.domain.configurations.limits import Note, Positive
from gateway.domain.rules.keys import Key
from gateway.domain.rules.outcomes import Day

CAP_MAX = 10**9


class CapSpan(StrEnum):
    """Over what a cap counts, by business day; a week begins on Monday."""

    TRANSACTION = "transaction"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    PROGRAM = "program"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """At most `amount` of a unit: per purchase, per card and span, or for the whole program."""

    unit: Annotated[Key, Note("point, stamp, or another unit that the plan's rules give.")]
    per: CapSpan
    amount: Annotated[int, Positive(CAP_MAX, "A cap must be greater than 0")]
    rule: Annotated[Key | None, Note("Only what this rule gives; otherwise all of the unit.")] = (
        None
    )


def headroom_key(cap: Cap) -> str:
    """Return a cap's name among a plan's: what it counts, and over what."""
    return f"{cap.unit}:{cap.rule or ''}:{cap.per}"


def covers(cap: Cap, rule: str, unit: str) -> bool:
    """Say whether what a rule gives of a unit counts towards a cap."""
    return cap.unit == unit and cap.rule in {None, rule}


def headroom(cap: Cap, today: date, counted: Iterable[Day], rules: Collection[str]) -> int:
    """Return how much a cap per card lets it still earn, after what these days gave already.

    `rules` are the keys of the plan's rules that give the cap's unit.
    """
    counting = {cap.rule} if cap.rule else set(rules)
    given = sum(
        amount
        for day in counted
        if _is_within(cap.per, day.day, today)
        for rule, amount in day.given.items()
        if rule in counting
    )
    return max(cap.amount - given, 0)


def _is_within(span: CapSpan, day: date, today: date) -> bool:
    match span:
        case CapSpan.DAY:
            return day == today
        case CapSpan.WEEK:
            return day.isocalendar()[:2] == today.isocalendar()[:2]
        case CapSpan.MONTH:
            return (day.year, day.month) == (today.year, today.month)
        case _:
            return False
