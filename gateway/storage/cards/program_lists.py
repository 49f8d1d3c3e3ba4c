"""The versions of a program as a list: what it promised over time, and who published it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.errors import NotFound
from gateway.domain.programs import ProgramVersion
from gateway.storage.cards.promises import version_of
from gateway.storage.tables import program_versions, staff

VERSIONS_PAGE_ROWS_MAX = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A version, when it was published and by whom; the name is None once somebody is gone."""

    version: ProgramVersion
    published_at: datetime
    published_by: UUID | None
    publisher: str | None


class ProgramLists:
    """The versions of the merchant's programs."""

    def __init__(self, connection: AsyncConnection, merchant_id: UUID) -> None:
        """Read for one merchant."""
        self._connection = connection
        self._merchant_id = merchant_id

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


def _published(row: Any) -> Published:  # noqa: ANN401 -- a row of `_versions`
    return Published(
        version=version_of(row),
        published_at=row.published_at,
        published_by=row.published_by,
        publisher=row.publisher,
    )
