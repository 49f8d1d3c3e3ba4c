"""Lists of programs and of a program's versions over the API."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from aiohttp import web

from gateway.domain.configurations.writing import written
from gateway.domain.programs import NAME_CHARACTERS_MAX, ProgramStatus
from gateway.domain.rules.diffs import diff
from gateway.storage.cards.program_lists import VERSIONS_PAGE_ROWS_MAX, Published
from gateway.storage.cards.program_pages import Place, ProgramOrder, ProgramSearch
from gateway.storage.unit import Unit
from gateway.web.answers import json_answer
from gateway.web.api.program_shapes import Look, Program, ShownPlan, shown, shown_look
from gateway.web.keys import PRINCIPAL, RESOURCES, WIRING
from gateway.web.parsing import cursors
from gateway.web.parsing.queries import PageRows, path_id
from gateway.web.refusals import CursorInvalid

PAGE_ROWS = 50
VERSION_NUMBER_MAX = 10**9

RuleType = Literal[
    "points_based", "punch_card", "amount_spent", "tier_based", "visit_frequency", "stamp_card"
]
Number = Annotated[int, msgspec.Meta(ge=1, le=VERSION_NUMBER_MAX)]


class ProgramsQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which programs: `location_id` asks for those that take part there."""

    status: ProgramStatus | None = None
    rule_type: RuleType | None = None
    location_id: UUID | None = None
    q: Annotated[str, msgspec.Meta(min_length=1, max_length=NAME_CHARACTERS_MAX)] | None = None
    sort: ProgramOrder = ProgramOrder.NEWEST
    limit: PageRows = PAGE_ROWS
    cursor: str | None = None

    def search(self) -> ProgramSearch:
        """Return what to look for."""
        return ProgramSearch(
            status=self.status,
            rule_type=self.rule_type,
            location_id=self.location_id,
            text=self.q,
            order=self.sort,
        )


class Programs(msgspec.Struct, frozen=True):
    """A page of programs; `next_cursor` is null on the last one."""

    items: list[Program]
    next_cursor: str | None = None


class VersionsQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which versions: those before this number."""

    before: Number | None = None


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """What a program promised from `published_at` on, until the next version; never changed."""

    id: UUID
    number: int
    name: str
    description: str
    plan: ShownPlan
    look: Look
    published_at: datetime
    published_by: UUID | None


class Versions(msgspec.Struct, frozen=True):
    """A program's versions, newest first, a hundred at most."""

    items: list[Version]


class DiffQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which two versions to compare: otherwise the newest with the one before."""

    before: Number | None = None
    after: Number | None = None


class Change(msgspec.Struct, frozen=True):
    """A value that differs; null stands for nothing."""

    pointer: str
    before: Any
    after: Any


class Changes(msgspec.Struct, frozen=True):
    """Everything in which two versions differ."""

    items: list[Change]


async def list_programs(request: web.Request, query: ProgramsQuery) -> web.Response:
    """List the programs asked for."""
    after = _place(request, query)
    pages = request.app[RESOURCES].database.program_pages
    merchant_id = request[PRINCIPAL].merchant_id
    listed = await pages.page(merchant_id, query.search(), query.limit, after)
    items = [shown(each.program) for each in listed]
    if len(listed) < query.limit:
        return json_answer(Programs(items))
    return json_answer(Programs(items, _cursor(request, query, listed[-1].place(query.sort))))


async def list_program_versions(request: web.Request, query: VersionsQuery) -> web.Response:
    """List what a program promised over time, with who published it and when."""
    program_id = path_id(request, "program_id")
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        await unit.programs.one(program_id)
        versions = await unit.program_lists.versions(program_id, query.before)
    assert len(versions) <= VERSIONS_PAGE_ROWS_MAX
    return json_answer(Versions([_version(each) for each in versions]))


async def show_program_version(request: web.Request) -> web.Response:
    """Show a version of a program by its number."""
    number = _number(request)
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        version = await unit.program_lists.version(path_id(request, "program_id"), number)
    return json_answer(_version(version))


async def compare_program_versions(request: web.Request, query: DiffQuery) -> web.Response:
    """Show what changed between two versions, value by value."""
    program_id = path_id(request, "program_id")
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        before, after = await compared(unit, program_id, query.before, query.after)
    return json_answer(Changes(list(changes(before, after))))


async def compared(
    unit: Unit, program_id: UUID, before: int | None, after: int | None
) -> tuple[Published, Published]:
    """Return two versions of a program, the newest and the one before it unless told otherwise.

    Raises `NotFound`.
    """
    program = await unit.programs.one(program_id)
    newer = await unit.program_lists.version(program_id, after or program.version.number)
    older = before or max(1, newer.version.number - 1)
    return await unit.program_lists.version(program_id, older), newer


def changes(before: Published, after: Published) -> tuple[Change, ...]:
    """Return in what two versions differ, by pointers into a program's body."""
    found = diff(_compared(before), _compared(after))
    return tuple(Change(each.pointer, each.before, each.after) for each in found)


def _compared(published: Published) -> dict[str, object]:
    version = published.version
    return {
        "name": version.name,
        "description": version.description,
        "plan": written(version.plan),
        "look": written(version.look),
    }


def _version(published: Published) -> Version:
    version = published.version
    return Version(
        id=version.id,
        number=version.number,
        name=version.name,
        description=version.description,
        plan=msgspec.Raw(version.plan_json),
        look=shown_look(version.look),
        published_at=published.published_at,
        published_by=published.published_by,
    )


def _number(request: web.Request) -> int:
    text = request.match_info["number"]
    is_number = text.isascii() and text.isdecimal() and len(text) < len(str(VERSION_NUMBER_MAX))
    # Nothing has the number zero.
    return int(text) if is_number else 0


def _purpose(request: web.Request, query: ProgramsQuery) -> str:
    return f"programs|{query.sort}|{request[PRINCIPAL].merchant_id}"


def _cursor(request: web.Request, query: ProgramsQuery, place: Place) -> str:
    key, program_id = place
    written_key = key.isoformat() if isinstance(key, datetime) else key
    return cursors.encode(
        f"{program_id}|{written_key}",
        key=request.app[WIRING].cursor_key,
        purpose=_purpose(request, query),
    )


def _place(request: web.Request, query: ProgramsQuery) -> Place | None:
    if query.cursor is None:
        return None
    text = cursors.decode(
        query.cursor, key=request.app[WIRING].cursor_key, purpose=_purpose(request, query)
    )
    program_id, _, key = text.partition("|")
    try:
        is_name = query.sort is ProgramOrder.NAME
        return (key if is_name else datetime.fromisoformat(key)), UUID(program_id)
    except ValueError:
        raise CursorInvalid from None
