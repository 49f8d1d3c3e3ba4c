"""The audit of a merchant's books as one store: violations, and projections computed anew."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.storage.auditing import invariants, projections, rebuilding


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
        return await invariants.violations(
            self._connection, self._merchant_id, projections.QUERIES
        )

    async def rebuild(self) -> dict[str, int]:
        """Compute what is kept anew from the transactions; return how many rows changed."""
        return await rebuilding.rebuild(self._connection, self._merchant_id)
