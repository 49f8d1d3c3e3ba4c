"""The API of reports on the ledger: method, path, handler, scope, and what each refuses."""

from gateway.domain.errors import NotFound
from gateway.domain.people import Permission
from gateway.domain.reports import PeriodInvalid
from gateway.web.api import reports
from gateway.web.identity.access import Access, Door
from gateway.web.routing import Route

LEDGER = (
    Route(
        "GET",
        "/api/v1/programs/{program_id}/report",
        reports.report_program,
        Access(Door.API, Permission.PROGRAMS_READ),
        takes=reports.ReportPeriod,
        answers={200: reports.Report},
        refuses=(NotFound, PeriodInvalid),
    ),
)
