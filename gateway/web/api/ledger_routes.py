"""The API of the ledger, its settings and reports: method, path, handler, scope, and refusals."""

from gateway.domain.errors import NotFound
from gateway.domain.people import Permission
from gateway.domain.reports import PeriodInvalid
from gateway.web.api import ledger_settings, reports
from gateway.web.identity.access import Access, Door
from gateway.web.routing import Route

_SETTINGS = "/api/v1/ledger-settings"

LEDGER = (
    Route(
        "GET",
        _SETTINGS,
        ledger_settings.show_ledger_settings,
        Access(Door.API, Permission.PROGRAMS_READ),
        answers={200: ledger_settings.LedgerSettings},
    ),
    Route(
        "PUT",
        _SETTINGS,
        ledger_settings.replace_ledger_settings,
        # Not by who adjusts: nobody lifts their own limit.
        Access(Door.API, Permission.PROGRAMS_WRITE),
        takes=ledger_settings.LedgerSettings,
        answers={200: ledger_settings.LedgerSettings},
        is_conditional=True,
    ),
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
