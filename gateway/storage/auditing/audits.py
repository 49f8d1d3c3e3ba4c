"""The audit of a merchant's books as one store: violations, and projections computed anew."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.storage.auditing import invariants, projections, rebuilding

KEPT = {
    name: query
    for name, query in invariants.QUERIES.items()
    if name in projections.QUERIES
    or name
    in {
        "I2_accounts_equal_their_entries",
        "I9_chains_have_no_gap",
        "I20_lots_are_what_was_not_taken",
    }
}
"""The invariants about what is kept for speed, which `rebuild` would mend."""


class Audits:
    """What the merchant's books show that should never be."""

    def __init__(self, connection: AsyncConnection, merchant_id: UUID) -> None:
        """Read and mend for one merchant."""
        self._connection = connection
        self._merchant_id = merchant_id

    async def violations(self) -> list[str]:
        """Return a sentence per violation of any invariant, which begins with its name."""
        return await invariants.violations(self._connection, self._merchant_id)

    async def differences(self) -> list[str]:
        """Return a sentence for everything kept that differs from what the transactions say."""
        return await invariants.violations(self._connection, self._merchant_id, KEPT)

    async def rebuild(self) -> dict[str, int]:
        """Compute what is kept anew from the transactions; return how many rows changed."""
        return await rebuilding.rebuild(self._connection, self._merchant_id)
