"""Caps: the most a card, or a whole program, can earn."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from gateway.domain.configurations.limits import Note, Positive
from gateway.domain.rules.keys import Key

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

    unit: Annotated[str, Note("point, stamp, or another unit that the plan's rules give.")]
    per: CapSpan
    amount: Annotated[int, Positive(CAP_MAX, "A cap must be greater than 0")]
    rule: Annotated[Key | None, Note("Only what this rule gives; otherwise all of the unit.")] = (
        None
    )
