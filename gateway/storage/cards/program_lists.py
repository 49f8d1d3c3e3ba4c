"""Lists of programs, filtered and a page at a time, and the versions of one."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.errors import NotFound
from gateway.domain.programs import Program, ProgramStatus, ProgramVersion
from gateway.storage.cards.programs import Programs, takes_part
from gateway.storage.cards.promises import version_of
from gateway.storage.tables import program_versions, programs, staff

PAGE_ROWS_MAX = 100
VERSIONS_PAGE_ROWS_MAX = 100


class ProgramOrder(StrEnum):
    """How a list of programs is sorted."""

    NEWEST = "newest"
    OLDEST = "oldest"
    NAME = "name"


Place = tuple[datetime | str, UUID]
"""Where a page ended: the moment the last program was made, or its name, and its id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramSearch:
    """Which programs to list; what is None is not looked at.

    `location_id` asks for those that take part there, `text` for a part of the name, or the id.
    """

    status: ProgramStatus | None = None
    rule_type: str | None = None
    location_id: UUID | None = None
    text: str | None = None
    order: ProgramOrder = ProgramOrder.NEWEST


@dataclass(frozen=True, slots=True)
class Listed:
    """A program on a list, with when it was made."""

    program: Program
    created_at: datetime

    def place(self, order: ProgramOrder) -> Place:
        """Return the place after which a list in this order goes on."""
        name = self.program.version.name
        return (name if order is ProgramOrder.NAME else self.created_at, self.program.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A version, when it was published and by whom; the name is None once somebody is gone."""

    version: ProgramVersion
    published_at: datetime
    published_by: UUID | None
    publisher: str | None


class ProgramLists:
    """The merchant's programs and versions, as lists."""

    def __init__(self, connection: AsyncConnection, merchant_id: UUID, programs: Programs) -> None:
        """Read for one merchant."""
        self._connection = connection
        self._merchant_id = merchant_id
        self._programs = programs

    async def page(
        self, search: ProgramSearch, rows: int, after: Place | None = None
    ) -> list[Listed]:
        """Return the programs asked for, after the last one seen; at most `PAGE_ROWS_MAX`."""
        found = await self._connection.execute(self.query(search, rows, after))
        listed = found.all()
        read = await self._programs.of_rows(listed)
        return [Listed(program, row.created_at) for program, row in zip(read, listed, strict=True)]

    async def versions(self, program_id: UUID, before: int | None = None) -> list[Published]:
        """Return a program's versions, newest first, those numbered below `before`.

        At most `VERSIONS_PAGE_ROWS_MAX`.
        """
        query = self._versions(program_id).order_by(program_versions.c.number.desc())
        if before is not None:
            query = query.where(program_versions.c.number < before)
        found = await self._connection.execute(query.limit(VERSIONS_PAGE_ROWS_MAX))
        return [_published(row) for row in found]

    async def version(self, program_id: UUID, number: int) -> Published:
        """Return a version of a program by its number; raises `NotFound`."""
        found = await self._connection.execute(
            self._versions(program_id).where(program_versions.c.number == number)
        )
        row = found.first()
        if row is None:
            raise NotFound("This program version does not exist.")
        return _published(row)

    def query(self, search: ProgramSearch, rows: int, after: Place | None) -> Select[Any]:
        """Return the query of a page; its indexes hold however many programs there are."""
        query = self._programs.current().where(*_wanted(search))
        key, descends = _ORDERS[search.order]
        place = tuple_(key, programs.c.id)
        if after:
            query = query.where(place < tuple_(*after) if descends else place > tuple_(*after))
        columns = (key, programs.c.id)
        query = query.order_by(*(each.desc() if descends else each.asc() for each in columns))
        return query.limit(min(rows, PAGE_ROWS_MAX))

    def _versions(self, program_id: UUID) -> Select[Any]:
        return (
            select(program_versions, staff.c.name.label("publisher"))
            .join_from(
                program_versions,
                staff,
                (staff.c.merchant_id == program_versions.c.merchant_id)
                & (staff.c.id == program_versions.c.published_by),
                isouter=True,
            )
            .where(
                program_versions.c.merchant_id == self._merchant_id,
                program_versions.c.program_id == program_id,
            )
        )


_ORDERS: dict[ProgramOrder, tuple[ColumnElement[Any], bool]] = {
    ProgramOrder.NEWEST: (programs.c.created_at, True),
    ProgramOrder.OLDEST: (programs.c.created_at, False),
    ProgramOrder.NAME: (programs.c.name, False),
}


def _wanted(search: ProgramSearch) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if search.status is not None:
        wanted.append(programs.c.status == search.status)
    if search.rule_type is not None:
        wanted.append(programs.c.rule_kinds.contains([search.rule_type]))
    if search.location_id is not None:
        wanted.append(takes_part(search.location_id))
    if search.text is not None:
        wanted.append(_named(search.text))
    return wanted


def _named(text: str) -> ColumnElement[bool]:
    named = programs.c.name.icontains(text, autoescape=True)
    try:
        return or_(named, programs.c.id == UUID(text))
    except ValueError:
        return named


def _published(row: Any) -> Published:  # noqa: ANN401 -- a row of `_versions`
    return Published(
        version=version_of(row),
        published_at=row.published_at,
        published_by=row.published_by,
        publisher=row.publisher,
    )
