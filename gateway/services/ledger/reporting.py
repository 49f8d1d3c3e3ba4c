"""Reporting: what a program issued, redeemed, let expire and owes, over a period."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from gateway.domain.errors import NotFound
from gateway.domain.programs import Program
from gateway.domain.reports import Deadline, Flow, PeriodInvalid, Valuation, valuation
from gateway.storage.unit import Unit

PERIOD_MAX = timedelta(days=3 * 366)


@dataclass(frozen=True, slots=True)
class UnitReport:
    """One unit's flow and what it comes to."""

    flow: Flow
    valuation: Valuation


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A program's report; deadlines are those of this moment, whatever the period."""

    program: Program
    since: datetime
    until: datetime
    units: Sequence[UnitReport]
    deadlines: Sequence[Deadline]


async def report(unit: Unit, program_id: UUID, since: datetime, until: datetime) -> Report:
    """Return a program's report from `since` until before `until`, of one that was deleted too.

    Raises `NotFound`, or `PeriodInvalid` for one that ends before it begins or is too long.
    """
    if not timedelta(0) < until - since <= PERIOD_MAX:
        raise PeriodInvalid
    # What its cards hold is owed for as long as it can be redeemed, so an auditor asks for it.
    program = (await unit.programs.of_cards([program_id])).get(program_id)
    if program is None:
        raise NotFound("This program does not exist.")
    flows = await unit.reports.flows(program_id, since, until)
    deadlines = await unit.reports.deadlines(program_id, await unit.merchants.time_zone())
    return Report(
        program=program,
        since=since,
        until=until,
        units=[UnitReport(flow, valuation(flow, program.version.plan)) for flow in flows],
        deadlines=deadlines,
    )
