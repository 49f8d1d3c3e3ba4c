"""The report of a program: what it issued, redeemed and owes over some days, with formulas."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from http import HTTPStatus
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from aiohttp import web

from gateway.domain.reports import FORMULAS, PeriodInvalid
from gateway.presenters.report_tables import deadline_rows, report_rows
from gateway.services.ledger.reporting import Report, report
from gateway.storage.unit import Unit
from gateway.web.keys import PRINCIPAL, RESOURCES
from gateway.web.pages.render import page
from gateway.web.parsing.queries import path_id

# What is asked for beyond these years is a slip of the finger.
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)


class ReportQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From the first to the last day, both counted; otherwise this month until today."""

    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class _Days:
    first: date
    last: date
    zone: ZoneInfo

    async def report(self, unit: Unit, program_id: UUID) -> Report:
        """Return the report of these days; they begin at midnight where the merchant is."""
        if self.first < FIRST_DAY or self.last > LAST_DAY:
            raise PeriodInvalid
        after = self.last + timedelta(days=1)
        begin, end = (datetime.combine(day, time(), self.zone) for day in (self.first, after))
        return await report(unit, program_id, begin, end)


async def program_report(request: web.Request, query: ReportQuery) -> web.Response:
    """Show a program's report, or say why there is none of these days."""
    mistake, found = "", None
    patient = request.app[RESOURCES].database.patient
    async with patient(request[PRINCIPAL].merchant_id) as unit:
        program = await unit.programs.one(path_id(request, "program_id"))
        merchant = await unit.merchants.me()
        zone = ZoneInfo(await unit.merchants.time_zone())
        today = unit.now.astimezone(zone).date()
        days = _Days(query.since or today.replace(day=1), query.until or today, zone)
        try:
            found = await days.report(unit, program.id)
        except PeriodInvalid as refusal:
            mistake = refusal.sentence
    columns = [(each.flow, each.valuation) for each in found.units] if found else []
    currency = program.version.plan.currency
    return page(
        request,
        "merchant/program_report.html",
        status=HTTPStatus.BAD_REQUEST if mistake else HTTPStatus.OK,
        merchant=merchant,
        program=program,
        days=days,
        mistake=mistake,
        units=[flow.unit for flow, _ in columns],
        rows=list(report_rows(columns, currency)) if columns else [],
        deadlines=deadline_rows(found.deadlines) if found else [],
        deadlines_formula=FORMULAS["deadlines"],
    )
