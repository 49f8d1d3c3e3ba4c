"""Customers, found by a blind index and opened with their own key, and their consents."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.contacts import Contact, ContactKind
from gateway.storage.cards.vault import Vault
from gateway.storage.tables import consents, customers


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """A person with a card; `contact` is None once the person was erased."""

    id: UUID
    contact: Contact | None
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """A yes or no to one purpose on one channel, with the words that were agreed to."""

    id: UUID
    customer_id: UUID
    channel: str
    purpose: str
    granted: bool
    wording: str
    source: str
    remote_address: str | None


class Customers:
    """The merchant's customers."""

    def __init__(self, connection: AsyncConnection, merchant_id: UUID, vault: Vault) -> None:
        """Read and write for one merchant, with the keys of its customers' data."""
        self._connection = connection
        self._merchant_id = merchant_id
        self._vault = vault

    async def claim(self, customer: Customer, now: datetime) -> UUID:
        """Keep a new customer, sealed; return the id of who has this address, new or known.

        Two who come with the same address at once are one customer.
        """
        assert customer.contact is not None, "a new customer has an address"
        wrapped = self._vault.new_key(self._merchant_id, customer.id)
        index = self._vault.index(customer.contact.address, self._merchant_id)
        await self._connection.execute(
            insert(customers)
            .values(
                merchant_id=self._merchant_id,
                id=customer.id,
                wrapped_key=wrapped,
                contact_kind=customer.contact.kind,
                contact_sealed=self._vault.seal(
                    customer.contact.address, wrapped, self._merchant_id, customer.id
                ),
                contact_index=index,
                language=customer.language,
                created_at=now,
            )
            .on_conflict_do_nothing(index_elements=["merchant_id", "contact_index"])
        )
        found = await self._connection.execute(
            select(customers.c.id).where(
                customers.c.merchant_id == self._merchant_id, customers.c.contact_index == index
            )
        )
        customer_id: UUID = found.scalar_one()
        return customer_id

    async def many(self, customer_ids: list[UUID]) -> dict[UUID, Customer]:
        """Return the customers with these ids, opened."""
        found = await self._connection.execute(
            select(customers).where(
                customers.c.merchant_id == self._merchant_id, customers.c.id.in_(customer_ids)
            )
        )
        return {
            row.id: Customer(
                id=row.id,
                contact=Contact(
                    kind=ContactKind(row.contact_kind),
                    address=self._vault.open(
                        row.contact_sealed, row.wrapped_key, self._merchant_id, row.id
                    ),
                )
                if row.wrapped_key
                else None,
                language=row.language,
            )
            for row in found
        }

    async def add_consent(self, consent: Consent, now: datetime) -> None:
        """Append a yes or no; the newest per channel and purpose holds."""
        await self._connection.execute(
            insert(consents).values(
                merchant_id=self._merchant_id,
                id=consent.id,
                customer_id=consent.customer_id,
                channel=consent.channel,
                purpose=consent.purpose,
                granted=consent.granted,
                wording=consent.wording,
                source=consent.source,
                remote_address=consent.remote_address,
                given_at=now,
            )
        )

    async def consents(self, customer_id: UUID) -> dict[tuple[str, str], bool]:
        """Return what a customer agrees to now, by channel and purpose."""
        table = consents.c
        found = await self._connection.execute(
            select(table.channel, table.purpose, table.granted)
            .ext(distinct_on(table.channel, table.purpose))
            .where(table.merchant_id == self._merchant_id, table.customer_id == customer_id)
            .order_by(table.channel, table.purpose, table.given_at.desc(), table.id.desc())
        )
        return {(row.channel, row.purpose): row.granted for row in found}
