"""What phones ask most often, read in one round trip before any unit of work is opened."""

from uuid import UUID

from gateway.storage.cards.ledger import Fetch, Row
from gateway.storage.wallets.passes import StoredPass


class PassLookups:
    """Reads passes with their card's version; whoever finds one behind publishes it in a unit."""

    def __init__(self, fetch: Fetch) -> None:
        """Take the driver's `fetch`, of the pool."""
        self._fetch = fetch

    async def named(
        self, merchant_id: UUID, pass_type_identifier: str, serial_number: str
    ) -> StoredPass | None:
        """Return a pass by the two names Apple knows it by, or None."""
        rows = await self._fetch(
            "SELECT * FROM pass_named($1, $2, $3)",
            merchant_id,
            pass_type_identifier,
            serial_number,
        )
        return _stored_pass(rows[0]) if rows else None

    async def changed_since(
        self, merchant_id: UUID, pass_type_identifier: str, device: str, tag: int | None
    ) -> list[StoredPass]:
        """Return a device's passes with a tag after the given one, or with none for a change yet.

        Without a tag, or with one that was never given out, all of them.
        """
        rows = await self._fetch(
            "SELECT * FROM passes_changed($1, $2, $3, $4)",
            merchant_id,
            pass_type_identifier,
            device,
            tag,
        )
        return [_stored_pass(row) for row in rows]


def _stored_pass(row: Row) -> StoredPass:
    return StoredPass(
        pass_type_identifier=row["pass_type_identifier"],
        serial_number=row["serial_number"],
        card_id=row["card_id"],
        card_version=row["card_version"],
        published_version=row["published_version"],
        tag=row["tag"],
        changed_at=row["changed_at"],
    )
