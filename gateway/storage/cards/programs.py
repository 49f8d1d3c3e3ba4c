"""Programs and their versions, which never change and so are read once per process."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, false, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.configurations.reading import read
from gateway.domain.configurations.writing import written
from gateway.domain.errors import ChangedMeanwhile, NotFound
from gateway.domain.programs import Look, Program, ProgramStatus, ProgramVersion
from gateway.domain.rules.budgets import program_budgets as budgets_of
from gateway.domain.rules.looking_back import look_back_days
from gateway.domain.rules.plan import Plan
from gateway.storage.among import among
from gateway.storage.cards.versions import Versions
from gateway.storage.tables import program_budgets, program_versions, programs

PROGRAMS_MAX = 100


class Programs:
    """The merchant's programs.

    Where a program stands is read each time; only what its version promises is remembered, so
    what another process changed is seen at once.
    """

    def __init__(self, connection: AsyncConnection, merchant_id: UUID, versions: Versions) -> None:
        """Read and write for one merchant; `versions` holds those that were read before."""
        self._connection = connection
        self._merchant_id = merchant_id
        self._versions = versions

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

    async def budgets(self, program_id: UUID) -> dict[str, int]:
        """Return what a whole program gave so far, by the name of each of its budgets."""
        found = await self._connection.execute(
            select(program_budgets.c.cap, program_budgets.c.given).where(
                program_budgets.c.merchant_id == self._merchant_id,
                program_budgets.c.program_id == program_id,
            )
        )
        return {row.cap: row.given for row in found}

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

    async def delete(self, program: Program, *, revision: int, now: datetime) -> None:
        """Put a program out of sight, if it still is at `revision`; its cards stay.

        Raises `ChangedMeanwhile` when somebody was faster.
        """
        await self.change(program, revision=revision)
        await self._connection.execute(
            update(programs)
            .where(programs.c.merchant_id == self._merchant_id, programs.c.id == program.id)
            .values(deleted_at=now)
        )

    async def all(self) -> list[Program]:
        """Return the merchant's programs, newest first; at most `PROGRAMS_MAX`."""
        found = await self._connection.execute(
            self.current().order_by(programs.c.created_at.desc()).limit(PROGRAMS_MAX)
        )
        return await self.of_rows(found.all())

    async def one(self, program_id: UUID) -> Program:
        """Return a program; raises `NotFound`."""
        found = await self._connection.execute(self.current().where(programs.c.id == program_id))
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

    async def version(self, version_id: UUID) -> ProgramVersion:
        """Return a version; raises `NotFound`."""
        found = await self._read_versions([version_id])
        if version_id not in found:
            raise NotFound("This program version does not exist.")
        return found[version_id]

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
        known = await self._read_versions({row.version_id for row in rows})
        return [
            Program(
                id=row.id,
                status=ProgramStatus(row.status),
                revision=row.revision,
                version=known[row.version_id],
                starts_at=row.starts_at,
                ends_at=row.ends_at,
                ended_at=row.ended_at,
            )
            for row in rows
        ]

    async def _read_versions(self, version_ids: Collection[UUID]) -> dict[UUID, ProgramVersion]:
        known = {
            version_id: version
            for version_id in version_ids
            if (version := self._versions.known(self._merchant_id, version_id))
        }
        missing = [version_id for version_id in version_ids if version_id not in known]
        if missing:
            found = await self._connection.execute(
                select(program_versions).where(
                    program_versions.c.merchant_id == self._merchant_id,
                    among(program_versions.c.id, missing),
                )
            )
            for row in found:
                known[row.id] = version_of(row)
                self._versions.keep(self._merchant_id, known[row.id])
        return known


def takes_part(location_id: UUID) -> ColumnElement[bool]:
    """Return the condition that a location takes part in what a program's version promises."""
    locations = program_versions.c.plan["locations"]
    # Without `coalesce` PostgreSQL believes that hardly any does, and sorts them all.
    return func.coalesce(or_(locations == [], locations.has_key(str(location_id))), false())


def version_of(row: Row[Any]) -> ProgramVersion:
    """Return the version that a row of `program_versions` is."""
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
