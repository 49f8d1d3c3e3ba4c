"""Customers, found by a blind index and opened with their own key."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.contacts import Contact, ContactKind
from gateway.domain.errors import NotFound
from gateway.storage.among import among
from gateway.storage.cards.vault import Vault
from gateway.storage.tables import contacts, customers


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """A person with a card; without contacts once the person was erased.

    `time_zone` is where the customer lives by the clock: that of the shop they enrolled at.
    """

    id: UUID
    contacts: tuple[Contact, ...]
    language: str
    time_zone: str

    @property
    def contact(self) -> Contact | None:
        """The address people know the customer by: the mail address, or else the phone."""
        return min(self.contacts, key=lambda contact: contact.kind, default=None)

    def address(self, kind: ContactKind) -> str | None:
        """Return the customer's address of a kind, or None."""
        return next((each.address for each in self.contacts if each.kind is kind), None)


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
        known = await self.having(customer.contact)
        if known:
            return known
        async with self._connection.begin_nested() as attempt:
            await self._add(customer, now)
            if await self.add_contact(customer.id, customer.contact, now):
                return customer.id
            await attempt.rollback()
        claimed = await self.having(customer.contact)
        assert claimed is not None, "somebody was faster, and addresses are only removed by hand"
        return claimed

    async def having(self, contact: Contact) -> UUID | None:
        """Return the id of the customer with this address, or None."""
        found = await self._connection.execute(
            select(contacts.c.customer_id).where(
                contacts.c.merchant_id == self._merchant_id,
                contacts.c.contact_index == self.index(contact),
            )
        )
        customer_id: UUID | None = found.scalar()
        return customer_id

    def index(self, contact: Contact) -> bytes:
        """Return the blind index of an address, by which it is found and suppressed."""
        return self._vault.index(contact.address, self._merchant_id)

    async def add_contact(self, customer_id: UUID, contact: Contact, now: datetime) -> bool:
        """Keep a customer's address, sealed, in place of the one of its kind.

        Return False when it is somebody's already, who may be the same customer. Raises
        `NotFound` for a customer who was erased.
        """
        if await self.having(contact) is not None:
            return False
        wrapped = await self._wrapped_key(customer_id)
        async with self._connection.begin_nested() as attempt:
            await self._connection.execute(
                delete(contacts).where(
                    contacts.c.merchant_id == self._merchant_id,
                    contacts.c.customer_id == customer_id,
                    contacts.c.kind == contact.kind,
                )
            )
            added = await self._connection.execute(
                insert(contacts)
                .values(
                    merchant_id=self._merchant_id,
                    customer_id=customer_id,
                    kind=contact.kind,
                    sealed=self._vault.seal(
                        contact.address, wrapped, self._merchant_id, customer_id
                    ),
                    contact_index=self.index(contact),
                    added_at=now,
                )
                .on_conflict_do_nothing()
            )
            if not added.rowcount:
                await attempt.rollback()
        return bool(added.rowcount)

    async def remove_contact(self, customer_id: UUID, kind: ContactKind) -> bool:
        """Forget the customer's address of a kind; return whether there was one."""
        removed = await self._connection.execute(
            delete(contacts).where(
                contacts.c.merchant_id == self._merchant_id,
                contacts.c.customer_id == customer_id,
                contacts.c.kind == kind,
            )
        )
        return bool(removed.rowcount)

    async def hold(self, customer_id: UUID) -> Customer:
        """Return a customer about whom nobody else decides until this unit ends.

        Raises `NotFound`.
        """
        await self._connection.execute(
            select(customers.c.id)
            .where(customers.c.merchant_id == self._merchant_id, customers.c.id == customer_id)
            .with_for_update(key_share=True)
        )
        return await self.one(customer_id)

    async def speak(self, customer_id: UUID, language: str) -> None:
        """Keep the language (ISO 639) in which a customer is written to from now on."""
        await self._connection.execute(
            update(customers)
            .where(customers.c.merchant_id == self._merchant_id, customers.c.id == customer_id)
            .values(language=language)
        )

    async def language(self, customer_id: UUID) -> str:
        """Return the language a customer reads, such as `fr-LU`."""
        found = await self._connection.execute(
            select(customers.c.language).where(
                customers.c.merchant_id == self._merchant_id, customers.c.id == customer_id
            )
        )
        language: str = found.scalar_one()
        return language

    async def one(self, customer_id: UUID) -> Customer:
        """Return a customer, opened; raises `NotFound`."""
        found = await self.many([customer_id])
        if customer_id not in found:
            raise NotFound("This customer does not exist.")
        return found[customer_id]

    async def many(self, customer_ids: Sequence[UUID]) -> dict[UUID, Customer]:
        """Return the customers with these ids, opened."""
        people = await self._connection.execute(
            select(customers).where(
                customers.c.merchant_id == self._merchant_id, among(customers.c.id, customer_ids)
            )
        )
        rows = {row.id: row for row in people}
        addresses = await self._connection.execute(
            select(contacts)
            .where(
                contacts.c.merchant_id == self._merchant_id,
                among(contacts.c.customer_id, customer_ids),
            )
            .order_by(contacts.c.kind)
        )
        opened: dict[UUID, list[Contact]] = {customer_id: [] for customer_id in rows}
        for row in addresses:
            person = rows[row.customer_id]
            if person.wrapped_key is not None:
                address = self._vault.open(
                    row.sealed, person.wrapped_key, self._merchant_id, person.id
                )
                opened[person.id].append(Contact(kind=ContactKind(row.kind), address=address))
        return {
            row.id: Customer(
                id=row.id,
                contacts=tuple(opened[row.id]),
                language=row.language,
                time_zone=row.time_zone,
            )
            for row in rows.values()
        }

    async def _add(self, customer: Customer, now: datetime) -> None:
        await self._connection.execute(
            insert(customers).values(
                merchant_id=self._merchant_id,
                id=customer.id,
                wrapped_key=self._vault.new_key(self._merchant_id, customer.id),
                language=customer.language,
                time_zone=customer.time_zone,
                created_at=now,
            )
        )

    async def _wrapped_key(self, customer_id: UUID) -> bytes:
        found = await self._connection.execute(
            select(customers.c.wrapped_key).where(
                customers.c.merchant_id == self._merchant_id, customers.c.id == customer_id
            )
        )
        wrapped: bytes | None = found.scalar()
        if wrapped is None:
            raise NotFound("This customer does not exist.")
        return wrapped
