"""Pictures of all merchants' rewards that are to be fetched."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from gateway.storage.tables import reward_pictures


@dataclass(frozen=True, slots=True, kw_only=True)
class DuePicture:
    """An address to ask, and how often it was asked in vain.

    Only the merchant is shown: an address may hold a password of the merchant's.
    """

    merchant_id: UUID
    address: str = field(repr=False)
    tries: int


class DuePictures:
    """Looks through every merchant's pictures; needs the worker's role."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Take the engine that opens the transactions."""
        self._engine = engine

    async def next(self, rows: int) -> list[DuePicture]:
        """Return those that have waited longest, of each merchant one before a second of any."""
        table = reward_pictures.c
        place = func.row_number().over(partition_by=table.merchant_id, order_by=table.due_at)
        due = (
            select(
                table.merchant_id, table.address, table.tries, table.due_at, place.label("place")
            )
            .where(table.due_at <= func.clock_timestamp())
            .subquery()
        )
        query = select(due).order_by(due.c.place, due.c.due_at).limit(rows)
        async with self._engine.connect() as connection:
            found = await connection.execute(query)
            return [
                DuePicture(merchant_id=row.merchant_id, address=row.address, tries=row.tries)
                for row in found
            ]
