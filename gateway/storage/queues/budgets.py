"""How fast a provider may be called, by all workers together: a slot for each call."""

from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

# A row holds the moment from which the lane is free. The generic cell rate algorithm without a
# burst, by the database's clock, so that workers whose clocks differ share one rate.
# https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm
_TAKE = text(
    """
    INSERT INTO provider_budgets AS budget (account, lane, free_at)
    VALUES (:account, :lane, clock_timestamp() + CAST(:every AS interval))
    ON CONFLICT (account, lane) DO UPDATE
    SET free_at = greatest(budget.free_at, clock_timestamp()) + CAST(:every AS interval)
    WHERE budget.free_at <= clock_timestamp() + CAST(:wait_max AS interval)
    RETURNING extract(epoch FROM budget.free_at - CAST(:every AS interval) - clock_timestamp())
    """
)


class ProviderBudgets:
    """Hands out slots, evenly spaced, per account and lane; needs the worker's role."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Take the engine that opens the transactions."""
        self._engine = engine

    async def take(
        self, account: str, lane: int, *, every: timedelta, wait_max: timedelta
    ) -> float | None:
        """Take the next slot of a lane that has one `every` so often.

        Return in how many seconds it is, None when that is further off than `wait_max`; then no
        slot was taken.
        """
        slot = {"account": account, "lane": lane, "every": every, "wait_max": wait_max}
        async with self._engine.begin() as connection:
            seconds = (await connection.execute(_TAKE, slot)).scalar()
        return None if seconds is None else max(0.0, float(seconds))
