"""Schedules: on which days and at which hours something holds, by the location's clock."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated

from gateway.domain.configurations.limits import Items
from gateway.domain.rules.stamps import ValidHours


class Weekday(StrEnum):
    """A day of the week, as a business day."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Days from the first to the last, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When something holds: these weekdays and hours (empty means all), never on blackout days."""

    weekdays: Annotated[tuple[Weekday, ...], Items(0, 7)] = ()
    hours: Annotated[tuple[ValidHours, ...], Items(0, 10)] = ()
    blackout_dates: Annotated[tuple[Span, ...], Items(0, 100)] = ()


ALWAYS = Schedule()
