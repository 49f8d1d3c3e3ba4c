"""Rewards: those of a version, which never change, and the catalogue with its stock."""

from collections.abc import Callable, Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, insert, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.claims import SoldOut
from gateway.domain.errors import ChangedMeanwhile, NotFound
from gateway.domain.programs import ProgramVersion
from gateway.domain.rewards import Promised, Reward, promised
from gateway.storage.cards.reward_rows import columns_of, reward_of, written_promise
from gateway.storage.tables import program_versions, rewards

CATALOGUE_REWARDS_MAX = 200

# Of two who add at once the second counts the first one's.
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:program, 5))")


class Rewards:
    """The merchant's rewards, without those that were archived."""

    def __init__(self, connection: AsyncConnection, merchant_id: UUID) -> None:
        """Read and write for one merchant."""
        self._connection = connection
        self._merchant_id = merchant_id

    async def add_promised(
        self, version: ProgramVersion, new_id: Callable[[], UUID], now: datetime
    ) -> list[Reward]:
        """Keep for ever what a version promises; return it."""
        added = [_promised(new_id(), version, each) for each in promised(version)]
        for reward in added:
            await self._insert(reward, now)
        return added

    async def add(self, reward: Reward, now: datetime) -> bool:
        """Keep a reward of the catalogue; False when its program has as many as it may."""
        await self._connection.execute(_LOCK, {"program": str(reward.program_id)})
        counted = await self._connection.execute(
            select(func.count()).select_from(rewards).where(self._catalogue(reward.program_id))
        )
        if counted.scalar_one() >= CATALOGUE_REWARDS_MAX:
            return False
        await self._insert(reward, now)
        return True

    async def one(self, reward_id: UUID) -> Reward:
        """Return a reward; raises `NotFound`."""
        found = await self._some(rewards.c.id == reward_id, rewards.c.deleted_at.is_(None))
        if not found:
            raise NotFound("This reward does not exist.")
        return found[0]

    async def of_program(self, program_id: UUID, version_id: UUID) -> list[Reward]:
        """Return what a version promises and then the catalogue, each as it was added."""
        is_promised = rewards.c.program_version_id == version_id
        return await self._some(or_(is_promised, self._catalogue(program_id)))

    async def no_longer_promised(self, program_id: UUID, units: Collection[str]) -> list[Reward]:
        """Return, for each of these units, what the latest version promised that had the unit.

        So that what a customer earned under a version that is gone is still worth its reward.
        """
        ranked = (
            select(
                rewards.c.id,
                func.rank()
                .over(partition_by=rewards.c.unit, order_by=program_versions.c.number.desc())
                .label("age"),
            )
            .join(
                program_versions,
                and_(
                    program_versions.c.merchant_id == rewards.c.merchant_id,
                    program_versions.c.id == rewards.c.program_version_id,
                ),
            )
            .where(
                program_versions.c.merchant_id == self._merchant_id,
                program_versions.c.program_id == program_id,
                rewards.c.unit.in_(units),
            )
            .subquery()
        )
        latest = select(ranked.c.id).where(ranked.c.age == 1)
        return await self._some(rewards.c.id.in_(latest))

    async def change(self, reward: Reward, *, revision: int) -> None:
        """Write what its merchant changed of a reward, if it still is at `revision`.

        Not its stock. Raises `ChangedMeanwhile`.
        """
        await self._write(reward.id, revision, **columns_of(reward.design))

    async def restock(self, reward_id: UUID, stock: int | None, *, revision: int) -> None:
        """Count a reward's stock from now on, or no longer; raises `ChangedMeanwhile`."""
        await self._write(reward_id, revision, stock=stock)

    async def archive(self, reward_id: UUID, now: datetime, *, revision: int) -> None:
        """Take a reward off the shelf for good; raises `ChangedMeanwhile`."""
        await self._write(reward_id, revision, deleted_at=now)

    async def stock_locked(self, reward_id: UUID) -> int | None:
        """Return the stock, which nobody else changes until the unit ends."""
        found = await self._connection.execute(
            select(rewards.c.stock).where(self._is(reward_id)).with_for_update(key_share=True)
        )
        stock: int | None = found.scalar_one()
        return stock

    async def take_stock(self, reward_id: UUID) -> int | None:
        """Take one piece of a reward whose stock is counted; return how many are left.

        Checked where it is counted down, so that of many at once no more get one than there are.
        None when it is no longer counted. Raises `SoldOut`.
        """
        taken = await self._connection.execute(
            update(rewards)
            .where(self._is(reward_id), or_(rewards.c.stock > 0, rewards.c.stock.is_(None)))
            .values(stock=rewards.c.stock - 1)
            .returning(rewards.c.stock)
        )
        row = taken.first()
        if row is None:
            raise SoldOut
        left: int | None = row.stock
        return left

    async def return_stock(self, reward_id: UUID) -> None:
        """Put one piece back, unless the stock is not counted any more."""
        await self._connection.execute(
            update(rewards).where(self._is(reward_id)).values(stock=rewards.c.stock + 1)
        )

    async def _insert(self, reward: Reward, now: datetime) -> None:
        await self._connection.execute(
            insert(rewards),
            {
                "merchant_id": self._merchant_id,
                "id": reward.id,
                "program_id": reward.program_id,
                "program_version_id": reward.program_version_id,
                "key": reward.key,
                "promise": written_promise(reward.promise),
                "stock": reward.stock,
                "revision": reward.revision,
                "created_at": now,
                **columns_of(reward.design),
            },
        )

    async def _write(self, reward_id: UUID, revision: int, **values: object) -> None:
        changed = await self._connection.execute(
            update(rewards)
            .where(
                self._is(reward_id),
                rewards.c.revision == revision,
                rewards.c.deleted_at.is_(None),
            )
            .values(revision=revision + 1, **values)
        )
        if not changed.rowcount:
            raise ChangedMeanwhile

    async def _some(self, *conditions: ColumnElement[bool]) -> list[Reward]:
        found = await self._connection.execute(
            select(rewards)
            .where(rewards.c.merchant_id == self._merchant_id, *conditions)
            .order_by(rewards.c.program_version_id.is_(None), rewards.c.created_at, rewards.c.id)
        )
        return [reward_of(row) for row in found]

    def _is(self, reward_id: UUID) -> ColumnElement[bool]:
        return and_(rewards.c.merchant_id == self._merchant_id, rewards.c.id == reward_id)

    def _catalogue(self, program_id: UUID) -> ColumnElement[bool]:
        return and_(
            rewards.c.merchant_id == self._merchant_id,
            rewards.c.program_id == program_id,
            rewards.c.program_version_id.is_(None),
            rewards.c.deleted_at.is_(None),
        )


def _promised(reward_id: UUID, version: ProgramVersion, each: Promised) -> Reward:
    return Reward(
        id=reward_id,
        program_id=version.program_id,
        program_version_id=version.id,
        key=each.key,
        design=each.design,
        promise=each.promise,
    )
