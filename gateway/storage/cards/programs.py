"""Programs, their versions, which never change, and their rewards."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.errors import ChangedMeanwhile, NotFound
from gateway.domain.ledger import STAMP
from gateway.domain.programs import Look, Program, ProgramStatus, ProgramVersion, StampRule
from gateway.domain.redemptions import Reward
from gateway.storage.tables import program_versions, programs, rewards

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
                created_at=now,
            )
        )

    async def add_version(
        self, version: ProgramVersion, reward: Reward, by: UUID | None, now: datetime
    ) -> None:
        """Keep a version and its reward for ever."""
        await self._connection.execute(
            insert(program_versions).values(
                merchant_id=self._merchant_id,
                id=version.id,
                program_id=version.program_id,
                number=version.number,
                name=version.name,
                rule_kind=version.rule.kind,
                rule=_rule_columns(version.rule),
                look=_look_columns(version.look),
                published_by=by,
                published_at=now,
            )
        )
        await self._connection.execute(
            insert(rewards).values(
                merchant_id=self._merchant_id,
                id=reward.id,
                program_version_id=version.id,
                name=reward.name,
                unit=STAMP,
                cost=reward.cost,
            )
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

    async def rewards(self, version_id: UUID) -> list[Reward]:
        """Return what a version's cards can be redeemed for, cheapest first."""
        found = await self._connection.execute(
            select(rewards)
            .where(
                rewards.c.merchant_id == self._merchant_id,
                rewards.c.program_version_id == version_id,
            )
            .order_by(rewards.c.cost)
        )
        return [Reward(id=row.id, name=row.name, cost=row.cost) for row in found]

    def _current(self) -> Select[Any]:
        return (
            select(programs.c.status, programs.c.revision, program_versions)
            .join_from(
                programs,
                program_versions,
                (program_versions.c.merchant_id == programs.c.merchant_id)
                & (program_versions.c.program_id == programs.c.id)
                & (program_versions.c.number == programs.c.current_number),
            )
            .where(programs.c.merchant_id == self._merchant_id)
        )


def _program(row: Row[Any]) -> Program:
    version = _version(row)
    return Program(
        id=version.program_id,
        status=ProgramStatus(row.status),
        revision=row.revision,
        version=version,
    )


def _version(row: Row[Any]) -> ProgramVersion:
    return ProgramVersion(
        id=row.id,
        program_id=row.program_id,
        number=row.number,
        name=row.name,
        rule=StampRule(
            target=row.rule["target"],
            reward=row.rule["reward"],
            cooldown=timedelta(seconds=row.rule["cooldown_seconds"]),
            daily_limit=row.rule["daily_limit"],
        ),
        look=Look(**row.look),
    )


def _rule_columns(rule: StampRule) -> dict[str, object]:
    return {
        "target": rule.target,
        "reward": rule.reward,
        "cooldown_seconds": int(rule.cooldown.total_seconds()),
        "daily_limit": rule.daily_limit,
    }


def _look_columns(look: Look) -> dict[str, str]:
    return {"background": look.background, "foreground": look.foreground, "label": look.label}
