"""Expiry: when what was earned ends, if it is not used."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from gateway.domain.configurations.limits import Between, Items, Note

MONTHS_MAX = 120

Months = Annotated[int, Between(1, MONTHS_MAX, "Points expire after 1 to 120 months.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class NeverExpires:
    """What was earned stays."""

    kind: ClassVar[str] = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class RollingExpiry:
    """So many months after it was earned.

    `end_of_month` lets it live until that month is over: earned on 6 July 2020 with 12 months, it
    ends as 1 August 2021 begins (https://developer.squareup.com/docs/loyalty-api/loyalty-points).
    """

    kind: ClassVar[str] = "rolling"

    months: Months
    end_of_month: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class YearDay:
    """A day of every year; 29 February is 1 March where there is none."""

    month: Annotated[int, Between(1, 12, "A month is between 1 and 12.")]
    day: Annotated[int, Between(1, 31, "A day is between 1 and 31.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedExpiry:
    """On fixed days of the year, as the day after begins; but not before so many months."""

    kind: ClassVar[str] = "fixed_dates"

    dates: Annotated[tuple[YearDay, ...], Items(1, 12)]
    months_min: Annotated[
        int,
        Between(0, MONTHS_MAX, "Points are kept at least 0 to 120 months."),
        Note("What is earned later than this before a date lives until the next one."),
    ] = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SlidingExpiry:
    """So many months after the card was last used; whatever the card earns keeps all of it."""

    kind: ClassVar[str] = "sliding"

    months: Months


Expiry = NeverExpires | RollingExpiry | FixedExpiry | SlidingExpiry

NEVER = NeverExpires()
