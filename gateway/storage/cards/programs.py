"""Programs, their versions, which never change, and their rewards."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.configurations.reading import read
from gateway.domain.configurations.writing import written
from gateway.domain.errors import ChangedMeanwhile, NotFound
from gateway.domain.programs import Look, Program, ProgramStatus, ProgramVersion
from gateway.domain.rules.budgets import program_budgets as budgets_of
from gateway.domain.rules.looking_back import look_back_days
from gateway.domain.rules.plan import Plan
from gateway.storage.tables import program_budgets, program_versions, programs

PROGRAMS_MAX = 100


class Programs:
    """The merchant's programs."""

    def __init__(self, connection: AsyncConnection, merchant_id: UUID) -> None:
        """Read and write for one merchant."""
        self._connection = connection
        self._merchant_id = merchant_id

    async def add(self, program: Program, now: datetime) -> None:
        """Keep a new program; its version is added separately."""
        await self._connection.execute(
            insert(programs).values(
                merchant_id=self._merchant_id,
                id=program.id,
                status=program.status,
                revision=program.revision,
                current_number=program.version.number,
                name=program.version.name,
                rule_kinds=_kinds(program.version.plan),
                starts_at=program.starts_at,
                ends_at=program.ends_at,
                created_at=now,
            )
        )

    async def add_version(self, version: ProgramVersion, by: UUID | None, now: datetime) -> None:
        """Keep a version for ever, and a budget for each cap on the whole program."""
        caps = budgets_of(version.plan)
        await self._connection.execute(
            insert(program_versions).values(
                merchant_id=self._merchant_id,
                id=version.id,
                program_id=version.program_id,
                number=version.number,
                name=version.name,
                description=version.description,
                plan=written(version.plan),
                look=written(version.look),
                look_back_days=look_back_days(version.plan),
                has_budgets=bool(caps),
                published_by=by,
                published_at=now,
            )
        )
        for cap in caps:
            await self._connection.execute(
                insert(program_budgets)
                .values(
                    merchant_id=self._merchant_id,
                    program_id=version.program_id,
                    cap=cap,
                    given=0,
                )
                .on_conflict_do_nothing()
            )

    async def change(self, program: Program, *, revision: int) -> None:
        """Write a program's status and current version, if it still is at `revision`.

        Raises `ChangedMeanwhile` when somebody was faster.
        """
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
                rule_kinds=_kinds(program.version.plan),
                starts_at=program.starts_at,
                ends_at=program.ends_at,
                ended_at=program.ended_at,
            )
        )
        if not changed.rowcount:
            raise ChangedMeanwhile

    async def all(self) -> list[Program]:
        """Return the merchant's programs, newest first; at most `PROGRAMS_MAX`."""
        found = await self._connection.execute(
            self._current().order_by(programs.c.created_at.desc()).limit(PROGRAMS_MAX)
        )
        return [_program(row) for row in found]

    async def one(self, program_id: UUID) -> Program:
        """Return a program; raises `NotFound`."""
        found = await self._connection.execute(self._current().where(programs.c.id == program_id))
        row = found.first()
        if row is None:
            raise NotFound("This program does not exist.")
        return _program(row)

    async def version(self, version_id: UUID) -> ProgramVersion:
        """Return a version; raises `NotFound`."""
        found = await self._connection.execute(
            select(program_versions).where(
                program_versions.c.merchant_id == self._merchant_id,
                program_versions.c.id == version_id,
            )
        )
        row = found.first()
        if row is None:
            raise NotFound("This program version does not exist.")
        return _version(row)

    async def look(self, background: str, label: str) -> Look:
        """Return a look with these colours that some version has or had; raises `NotFound`."""
        kept = program_versions.c.look
        found = await self._connection.execute(
            select(kept)
            .where(
                program_versions.c.merchant_id == self._merchant_id,
                kept["background"].astext == background,
                kept["label"].astext == label,
            )
            .limit(1)
        )
        row = found.first()
        if row is None:
            raise NotFound("No program looks like this.")
        return Look(**row.look)

    def _current(self) -> Select[Any]:
        return (
            select(
                programs.c.status,
                programs.c.revision,
                programs.c.starts_at,
                programs.c.ends_at,
                programs.c.ended_at,
                program_versions,
            )
            .join_from(
                programs,
                program_versions,
                (program_versions.c.merchant_id == programs.c.merchant_id)
                & (program_versions.c.program_id == programs.c.id)
                & (program_versions.c.number == programs.c.current_number),
            )
            .where(
                programs.c.merchant_id == self._merchant_id, programs.c.deleted_at.is_(None)
            )
        )


def _program(row: Row[Any]) -> Program:
    version = _version(row)
    return Program(
        id=version.program_id,
        status=ProgramStatus(row.status),
        revision=row.revision,
        version=version,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        ended_at=row.ended_at,
    )


def _version(row: Row[Any]) -> ProgramVersion:
    return ProgramVersion(
        id=row.id,
        program_id=row.program_id,
        number=row.number,
        name=row.name,
        plan=read(Plan, row.plan),
        look=Look(**row.look),
        description=row.description,
    )


def _kinds(plan: Plan) -> list[str]:
    return sorted({rule.kind for rule in plan.rules})
