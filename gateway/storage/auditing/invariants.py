"""What must always hold of a merchant's books: all invariants, and how to ask for violations."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.storage.auditing import double_entry, limits, lots, projections, sales

VIOLATIONS_ROWS_MAX = 20

QUERIES: Mapping[str, str] = {
    **double_entry.QUERIES,
    **limits.QUERIES,
    **lots.QUERIES,
    **projections.QUERIES,
    **sales.QUERIES,
}
"""By name, which begins with the invariant's number; each finds one row per violation."""


async def violations(
    connection: AsyncConnection, merchant_id: UUID, queries: Mapping[str, str] = QUERIES
) -> list[str]:
    """Return a sentence per violation, each beginning with the invariant's name.

    At most `VIOLATIONS_ROWS_MAX` of each. A published look counts up a card's version too, so a
    version may only be above its number of changes.
    """
    begin = text("SELECT set_config('app.merchant', :merchant, true)")
    await connection.execute(begin, {"merchant": str(merchant_id)})
    found = []
    for name, query in queries.items():
        limited = text(f"{query} LIMIT {VIOLATIONS_ROWS_MAX}")
        rows = await connection.execute(limited, {"merchant": merchant_id})
        found += [f"{name}: {row[0]}" for row in rows]
    return found
