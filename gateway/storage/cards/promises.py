"""What programs promised over time: versions, which never change and so are read once."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.configurations.reading import read
from gateway.domain.configurations.writing import written
from gateway.domain.errors import NotFound
from gateway.domain.programs import Look, ProgramVersion
from gateway.domain.rules.budgets import program_budgets as budgets_of
from gateway.domain.rules.looking_back import look_back_days
from gateway.domain.rules.plan import Plan
from gateway.storage.among import among
from gateway.storage.cards.versions import Versions
from gateway.storage.tables import program_budgets, program_versions


class Promises:
    """The versions of the merchant's programs, and what caps on whole programs left of them."""

    def __init__(self, connection: AsyncConnection, merchant_id: UUID, versions: Versions) -> None:
        """Read and write for one merchant; `versions` holds those that were read before."""
        self._connection = connection
        self._merchant_id = merchant_id
        self._versions = versions

    async def add_version(self, version: ProgramVersion, by: UUID | None, now: datetime) -> None:
        """Keep a version for ever, and a budget for each cap on the whole program."""
        caps = budgets_of(version.plan)
        await self._connection.execute(
            insert(program_versions),
            {
                "merchant_id": self._merchant_id,
                "id": version.id,
                "program_id": version.program_id,
                "number": version.number,
                "name": version.name,
                "description": version.description,
                "plan": written(version.plan),
                "look": written(version.look),
                "look_back_days": look_back_days(version.plan),
                "has_budgets": bool(caps),
                "published_by": by,
                "published_at": now,
            },
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

    async def version(self, version_id: UUID) -> ProgramVersion:
        """Return a version; raises `NotFound`."""
        found = await self.versions([version_id])
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

    async def versions(self, version_ids: Collection[UUID]) -> dict[UUID, ProgramVersion]:
        """Return the versions with these ids, as far as there are any."""
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
