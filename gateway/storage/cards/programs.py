"""Programs: where each stands, and which of its versions holds now."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    case,
    false,
    func,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from gateway.domain.errors import ChangedMeanwhile, NotFound
from gateway.domain.programs import Program, ProgramStatus
from gateway.storage.among import among
from gateway.storage.cards.promises import Promises
from gateway.storage.tables import program_versions, programs

PROGRAMS_MAX = 100


class Programs(Promises):
    """The merchant's programs.

    Where a program stands is read each time; only what its version promises is remembered, so
    what another process changed is seen at once.
    """

    async def add(self, program: Program, now: datetime) -> None:
        """Keep a new program; its version is added separately."""
        await self._connection.execute(
            insert(programs),
            {
                "merchant_id": self._merchant_id,
                "id": program.id,
                "status": program.status,
                "revision": program.revision,
                "current_number": program.version.number,
                "name": program.version.name,
                "rule_kinds": list(program.version.rule_types),
                "starts_at": program.starts_at,
                "ends_at": program.ends_at,
                "created_at": now,
            },
        )

    async def change(self, program: Program, *, revision: int) -> None:
        """Write where a program stands and its current version, if it still is at `revision`.

        Raises `ChangedMeanwhile` when somebody was faster.
        """
        is_new = programs.c.current_number != program.version.number
        changed = await self._connection.execute(
            update(programs)
            .where(
                programs.c.merchant_id == self._merchant_id,
                programs.c.id == program.id,
                programs.c.revision == revision,
            )
            .values(
                status=program.status,
                revision=program.revision,
                current_number=program.version.number,
                name=program.version.name,
                rule_kinds=list(program.version.rule_types),
                starts_at=program.starts_at,
                ends_at=program.ends_at,
                ended_at=program.ended_at,
                deleted_at=program.deleted_at,
                turns_at=case((is_new, null()), else_=programs.c.turns_at),
            )
        )
        if not changed.rowcount:
            raise ChangedMeanwhile

    async def all(self) -> list[Program]:
        """Return the merchant's programs, newest first; at most `PROGRAMS_MAX`."""
        found = await self._connection.execute(
            self.current().order_by(programs.c.created_at.desc()).limit(PROGRAMS_MAX)
        )
        return await self.of_rows(found.all())

    async def deleted(self) -> list[Program]:
        """Return programs that were deleted, the last one first; at most `PROGRAMS_MAX`."""
        found = await self._connection.execute(
            self._every()
            .where(programs.c.deleted_at.is_not(None))
            .order_by(programs.c.deleted_at.desc(), programs.c.id.desc())
            .limit(PROGRAMS_MAX)
        )
        return await self.of_rows(found.all())

    async def one(self, program_id: UUID) -> Program:
        """Return a program; raises `NotFound`, also for one that was deleted."""
        return await self._one(self.current(), program_id)

    async def even_deleted(self, program_id: UUID) -> Program:
        """Return a program, whether or not it was deleted; raises `NotFound`."""
        return await self._one(self._every(), program_id)

    async def _one(self, query: Select[Any], program_id: UUID) -> Program:
        found = await self._connection.execute(query.where(programs.c.id == program_id))
        row = found.first()
        if row is None:
            raise NotFound("This program does not exist.")
        (program,) = await self.of_rows([row])
        return program

    async def of_cards(self, program_ids: Collection[UUID]) -> dict[UUID, Program]:
        """Return the programs that cards belong to, those that were deleted too.

        What is on their cards is still shown and handed out.
        """
        found = await self._connection.execute(
            self._every().where(among(programs.c.id, program_ids))
        )
        return {program.id: program for program in await self.of_rows(found.all())}

    async def running(self, location_id: UUID | None = None) -> Program | None:
        """Return the newest program that runs, if given a location one that it takes part in."""
        query = self.current().where(programs.c.status == ProgramStatus.ACTIVE)
        if location_id is not None:
            query = query.where(takes_part(location_id))
        found = await self._connection.execute(
            query.order_by(programs.c.created_at.desc(), programs.c.id.desc()).limit(1)
        )
        running = await self.of_rows(found.all())
        return running[0] if running else None

    async def running_with(self, rule_kind: str, rows: int) -> list[Program]:
        """Return programs that run and have a rule of a kind, newest first."""
        found = await self._connection.execute(
            self.current()
            .where(
                programs.c.status == ProgramStatus.ACTIVE,
                programs.c.rule_kinds.contains([rule_kind]),
            )
            .order_by(programs.c.created_at.desc(), programs.c.id.desc())
            .limit(min(rows, PROGRAMS_MAX))
        )
        return await self.of_rows(found.all())

    def current(self) -> Select[Any]:
        """Return the query of programs with the id of the version that holds now."""
        return self._every().where(programs.c.deleted_at.is_(None))

    def _every(self) -> Select[Any]:
        return (
            select(
                programs.c.id,
                programs.c.status,
                programs.c.revision,
                programs.c.starts_at,
                programs.c.ends_at,
                programs.c.ended_at,
                programs.c.deleted_at,
                programs.c.name,
                programs.c.created_at,
                program_versions.c.id.label("version_id"),
            )
            .join_from(
                programs,
                program_versions,
                (program_versions.c.merchant_id == programs.c.merchant_id)
                & (program_versions.c.program_id == programs.c.id)
                & (program_versions.c.number == programs.c.current_number),
            )
            .where(programs.c.merchant_id == self._merchant_id)
        )

    async def of_rows(self, rows: Sequence[Row[Any]]) -> list[Program]:
        """Return the programs that rows of `current` are about, in their order."""
        known = await self.versions({row.version_id for row in rows})
        return [
            Program(
                id=row.id,
                status=ProgramStatus(row.status),
                revision=row.revision,
                version=known[row.version_id],
                starts_at=row.starts_at,
                ends_at=row.ends_at,
                ended_at=row.ended_at,
                deleted_at=row.deleted_at,
            )
            for row in rows
        ]


def takes_part(location_id: UUID) -> ColumnElement[bool]:
    """Return the condition that a location takes part in what a program's version promises."""
    locations = program_versions.c.plan["locations"]
    # Without `coalesce` PostgreSQL believes that hardly any does, and sorts them all.
    return func.coalesce(or_(locations == [], locations.has_key(str(location_id))), false())
