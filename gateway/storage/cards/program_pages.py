"""Programs as they are asked for most: one, or a page of a list, in one round trip each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from gateway.domain.configurations.reading import read
from gateway.domain.errors import NotFound
from gateway.domain.programs import Look, Program, ProgramStatus, ProgramVersion
from gateway.domain.rules.plan import Plan
from gateway.storage.cards.ledger import Fetch, Row
from gateway.storage.cards.versions import Versions

PAGE_ROWS_MAX = 100

# Looked up fifty times a page: calling the enumeration costs four times as much.
_STATUSES = {status.value: status for status in ProgramStatus}


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


class ProgramPages:
    """Reads what was committed of merchants' programs, without a unit of work around it.

    Where a program stands is read each time; only what its version promises is remembered, so
    what another process changed is seen at once.
    """

    def __init__(self, fetch: Fetch, versions: Versions) -> None:
        """Take the driver's `fetch`, of the pool; `versions` holds those that were read before."""
        self._fetch = fetch
        self._versions = versions

    async def one(self, merchant_id: UUID, program_id: UUID) -> Program:
        """Return a program; raises `NotFound`, also for one that was deleted."""
        rows = await self._fetch("SELECT * FROM program_named($1, $2)", merchant_id, program_id)
        if not rows:
            raise NotFound("This program does not exist.")
        (version,) = await self._promised(merchant_id, rows)
        return _program(rows[0], version)

    async def page(
        self, merchant_id: UUID, search: ProgramSearch, rows: int, after: Place | None = None
    ) -> list[Listed]:
        """Return the programs asked for, after the last one seen; at most `PAGE_ROWS_MAX`."""
        found = await self._fetch(
            "SELECT * FROM programs_page($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            merchant_id,
            min(rows, PAGE_ROWS_MAX),
            search.order,
            search.status,
            search.rule_type,
            search.location_id,
            search.text,
            _id_in(search.text),
            str(after[0]) if after else None,
            after[1] if after else None,
        )
        versions = await self._promised(merchant_id, found)
        return [
            Listed(_program(row, version), row["created_at"])
            for row, version in zip(found, versions, strict=True)
        ]

    async def _promised(self, merchant_id: UUID, rows: Sequence[Row]) -> list[ProgramVersion]:
        """Return the version that holds for each row, remembered or read as a set."""
        known = [self._versions.numbered(merchant_id, row["id"], row["number"]) for row in rows]
        missing = [row for row, version in zip(rows, known, strict=True) if version is None]
        read_now = iter(await self._read(merchant_id, missing) if missing else ())
        return [version or next(read_now) for version in known]

    async def _read(self, merchant_id: UUID, rows: Sequence[Row]) -> list[ProgramVersion]:
        """Read the version that holds for each row, in their order, and remember it."""
        found = await self._fetch(
            "SELECT * FROM versions_numbered($1, $2, $3)",
            merchant_id,
            [row["id"] for row in rows],
            [row["number"] for row in rows],
        )
        versions = [_version(row) for row in found]
        for version in versions:
            self._versions.keep_committed(merchant_id, version)
        return versions


def _program(row: Row, version: ProgramVersion) -> Program:
    return Program(
        id=row["id"],
        status=_STATUSES[row["status"]],
        revision=row["revision"],
        version=version,
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        ended_at=row["ended_at"],
    )


def _version(row: Row) -> ProgramVersion:
    return ProgramVersion(
        id=row["id"],
        program_id=row["program_id"],
        number=row["number"],
        name=row["name"],
        plan=read(Plan, msgspec.json.decode(row["plan"])),
        look=msgspec.json.decode(row["look"], type=Look),
        description=row["description"],
    )


def _id_in(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
