"""The list of programs with its filters, and the history of one."""

from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from aiohttp import web

from gateway.domain.programs import NAME_CHARACTERS_MAX, ProgramCommand, ProgramStatus
from gateway.presenters.program_words import COMMAND_LABELS, RULE_LABELS, STATUS_LABELS
from gateway.storage.cards.program_pages import ProgramOrder, ProgramSearch
from gateway.web.api.pages import cursor_of, position_of
from gateway.web.api.program_lists import RuleType, changes, compared
from gateway.web.keys import PRINCIPAL, RESOURCES
from gateway.web.merchant.program_steering import CHOSEN_PREFIX
from gateway.web.pages.render import page
from gateway.web.parsing.bodies import convert
from gateway.web.parsing.queries import path_id
from gateway.web.refusals import QueryInvalid

PAGE_ROWS = 50
VERSION_NUMBER_MAX = 10**9
BULK = (ProgramCommand.ACTIVATE, ProgramCommand.PAUSE, ProgramCommand.RESUME, ProgramCommand.END)

Number = Annotated[int, msgspec.Meta(ge=1, le=VERSION_NUMBER_MAX)]


class ListQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which programs; what is empty is not looked at."""

    status: str = ""
    type: str = ""
    location: str = ""
    q: Annotated[str, msgspec.Meta(max_length=NAME_CHARACTERS_MAX)] = ""
    cursor: str | None = None

    def search(self) -> ProgramSearch:
        """Return what to look for; raises `QueryInvalid` for a filter that was never offered."""
        chosen = {"status": self.status, "rule_type": self.type, "location_id": self.location}
        found = convert(
            {name: text for name, text in chosen.items() if text},
            _Filters,
            strict=False,
            refusal=QueryInvalid,
        )
        return ProgramSearch(
            status=found.status,
            rule_type=found.rule_type,
            location_id=found.location_id,
            text=self.q.strip() or None,
            order=ProgramOrder.NEWEST,
        )


class _Filters(msgspec.Struct, frozen=True):
    status: ProgramStatus | None = None
    rule_type: RuleType | None = None
    location_id: UUID | None = None


class HistoryQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which two versions to compare; otherwise the newest with the one before."""

    before: Number | None = None
    after: Number | None = None


async def programs_page(request: web.Request, query: ListQuery) -> web.Response:
    """Show the programs asked for, a page at a time."""
    after = position_of(request, "programs-page", query.cursor)
    merchant_id, resources = request[PRINCIPAL].merchant_id, request.app[RESOURCES]
    pages = resources.database.program_pages
    listed = await pages.page(merchant_id, query.search(), PAGE_ROWS, after)
    async with resources.units(merchant_id) as unit:
        merchant = await unit.merchants.me()
        locations = await unit.merchants.locations()
    next_cursor = None
    if len(listed) == PAGE_ROWS:
        last = listed[-1].created_at, listed[-1].program.id
        next_cursor = cursor_of(request, "programs-page", last)
    return page(
        request,
        "merchant/programs.html",
        merchant=merchant,
        programs=[each.program for each in listed],
        query=query,
        next_cursor=next_cursor,
        locations=locations,
        status_labels=STATUS_LABELS,
        rule_labels=RULE_LABELS,
        bulk={command: COMMAND_LABELS[command] for command in BULK},
        chosen_prefix=CHOSEN_PREFIX,
    )


async def program_history(request: web.Request, query: HistoryQuery) -> web.Response:
    """Show every version of a program, and what changed between two."""
    program_id = path_id(request, "program_id")
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        program = await unit.programs.one(program_id)
        versions = await unit.program_lists.versions(program_id)
        before, after = await compared(unit, program_id, query.before, query.after)
        merchant = await unit.merchants.me()
        zone = await unit.merchants.time_zone()
    return page(
        request,
        "merchant/program_history.html",
        merchant=merchant,
        program=program,
        versions=versions,
        before=before,
        after=after,
        changes=changes(before, after),
        zone=ZoneInfo(zone),
    )
