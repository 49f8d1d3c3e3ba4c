"""Reports over the API: what a program issued, redeemed and owes, with every formula."""

from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

import msgspec
from aiohttp import web

from gateway.domain.reports import FORMULAS
from gateway.services.ledger import reporting
from gateway.web.answers import json_answer
from gateway.web.keys import PRINCIPAL, RESOURCES
from gateway.web.parsing.queries import path_id


class ReportPeriod(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """From when until before when, as moments with their offset from UTC."""

    since: Annotated[datetime, msgspec.Meta(tz=True)]
    until: Annotated[datetime, msgspec.Meta(tz=True)]


class UnitReport(msgspec.Struct, frozen=True, kw_only=True):
    """One unit's numbers; `formulas` of the report says how each is computed."""

    unit: str
    issued: int
    reversed: int
    redeemed: int
    expired: int
    adjusted: int
    transferred: int
    opening: int
    closing: int
    owed: int
    cohort_issued: int
    cohort_expired: int
    value_per_unit: Decimal | None
    liability: int | None
    redemption_rate: Decimal | None
    breakage: Decimal | None
    cohort_breakage: Decimal | None


class Deadline(msgspec.Struct, frozen=True):
    """How much of a unit expires on a day; null is never."""

    unit: str
    day: date | None
    amount: int


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A program's report; money in minor units of `currency`."""

    program_id: UUID
    since: datetime
    until: datetime
    currency: str
    units: list[UnitReport]
    deadlines: list[Deadline]
    formulas: dict[str, str]


async def report_program(request: web.Request, period: ReportPeriod) -> web.Response:
    """Report what a program issued, redeemed, let expire and owes, with formulas."""
    patient = request.app[RESOURCES].database.patient
    async with patient(request[PRINCIPAL].merchant_id) as unit:
        found = await reporting.report(
            unit, path_id(request, "program_id"), period.since, period.until
        )
    return json_answer(
        Report(
            program_id=found.program.id,
            since=found.since,
            until=found.until,
            currency=found.program.version.plan.currency,
            units=[
                UnitReport(**asdict(each.flow), **asdict(each.valuation)) for each in found.units
            ],
            deadlines=[Deadline(each.unit, each.day, each.amount) for each in found.deadlines],
            formulas=dict(FORMULAS),
        )
    )
