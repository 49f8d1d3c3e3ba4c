"""Devices that keep passes: who registered for which, and what changed since they last asked."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Table,
    and_,
    delete,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.storage.tables import devices, passes, registrations
from gateway.storage.tables.passes import pass_tags
from gateway.storage.wallets.passes import StoredPass, shown_passes, stored_pass

REGISTRATIONS_PER_PASS_MAX = 50

_newest_tag = select(
    func.coalesce(func.pg_sequence_last_value(pass_tags.name), 0)
).scalar_subquery()


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A device as one pass type knows it; the token changes, the identifier may too."""

    pass_type_identifier: str
    identifier: str
    push_token: str = field(repr=False)
    registered_at: datetime


class Devices:
    """The devices that keep the merchant's passes."""

    def __init__(self, connection: AsyncConnection, merchant_id: UUID) -> None:
        """Read and write for one merchant."""
        self._connection = connection
        self._merchant_id = merchant_id

    async def register(self, device: Device, serial_number: str) -> bool:
        """Note that the device wants updates of a pass; return whether that is new.

        The push token is replaced: Apple rotates it, and the latest one is the one that works.
        """
        await self._connection.execute(
            insert(devices)
            .values(
                merchant_id=self._merchant_id,
                pass_type_identifier=device.pass_type_identifier,
                device_library_identifier=device.identifier,
                push_token=device.push_token,
                registered_at=device.registered_at,
            )
            .on_conflict_do_update(
                index_elements=[
                    "merchant_id",
                    "pass_type_identifier",
                    "device_library_identifier",
                ],
                set_={"push_token": device.push_token, "registered_at": device.registered_at},
            )
        )
        added = await self._connection.execute(
            insert(registrations)
            .values(
                merchant_id=self._merchant_id,
                pass_type_identifier=device.pass_type_identifier,
                device_library_identifier=device.identifier,
                serial_number=serial_number,
                registered_at=device.registered_at,
            )
            .on_conflict_do_nothing()
        )
        return added.rowcount == 1

    async def registrations_of(self, pass_type_identifier: str, serial_number: str) -> int:
        """Return how many devices want updates of a pass."""
        found = await self._connection.execute(
            select(func.count())
            .select_from(registrations)
            .where(
                registrations.c.merchant_id == self._merchant_id,
                registrations.c.pass_type_identifier == pass_type_identifier,
                registrations.c.serial_number == serial_number,
            )
        )
        count: int = found.scalar_one()
        return count

    async def unregister(
        self, pass_type_identifier: str, identifier: str, serial_number: str
    ) -> None:
        """Forget that the device wants updates of a pass; the device goes with its last one.

        The device's row is locked first, as a registration at the same moment does too: it can
        then neither lose its device nor leave one behind.
        """
        of_device = self._of_device(registrations, pass_type_identifier, identifier)
        await self._connection.execute(
            select(devices.c.registered_at)
            .where(self._of_device(devices, pass_type_identifier, identifier))
            .with_for_update()
        )
        await self._connection.execute(
            delete(registrations).where(of_device, registrations.c.serial_number == serial_number)
        )
        await self._connection.execute(
            delete(devices).where(
                self._of_device(devices, pass_type_identifier, identifier),
                ~exists(select(literal_column("1")).select_from(registrations).where(of_device)),
            )
        )

    async def forget(
        self, pass_type_identifier: str, push_token: str, before: datetime | None
    ) -> int:
        """Forget devices whose token is gone, unless they registered since; return how many.

        `before` is the moment Apple says the token stopped working; None means whenever.
        """
        gone = [
            devices.c.merchant_id == self._merchant_id,
            devices.c.pass_type_identifier == pass_type_identifier,
            devices.c.push_token == push_token,
        ]
        if before is not None:
            gone.append(devices.c.registered_at < before)
        found = await self._connection.execute(
            select(devices.c.device_library_identifier).where(*gone).with_for_update()
        )
        identifiers = list(found.scalars())
        for table in (registrations, devices):
            await self._connection.execute(
                delete(table).where(
                    table.c.merchant_id == self._merchant_id,
                    table.c.pass_type_identifier == pass_type_identifier,
                    table.c.device_library_identifier.in_(identifiers),
                )
            )
        return len(identifiers)

    async def is_registered(self, device: Device, serial_number: str) -> bool:
        """Whether the device wants updates of a pass already."""
        found = await self._connection.execute(
            select(registrations.c.serial_number).where(
                self._of_device(registrations, device.pass_type_identifier, device.identifier),
                registrations.c.serial_number == serial_number,
            )
        )
        return found.first() is not None

    async def changed_since(
        self, pass_type_identifier: str, identifier: str, tag: int | None
    ) -> list[StoredPass]:
        """Return the device's passes with a tag after the given one; without one, all.

        A tag we never gave out counts as none: after a restored backup a device would otherwise
        ask with a tag from the future and hear nothing for as long as it takes to get there.
        """
        query = (
            shown_passes()
            .join(registrations, self._same_pass())
            .where(self._of_device(registrations, pass_type_identifier, identifier))
            .order_by(passes.c.tag)
        )
        if tag is not None:
            is_unknown = literal(tag, BigInteger) > _newest_tag
            query = query.where(or_(passes.c.tag > tag, is_unknown))
        return [stored_pass(row) for row in await self._connection.execute(query)]

    async def keeping(self, card_id: UUID) -> list[Device]:
        """Return the devices that want updates of a card's passes."""
        found = await self._connection.execute(
            select(devices)
            .join(
                registrations,
                and_(
                    registrations.c.merchant_id == devices.c.merchant_id,
                    registrations.c.pass_type_identifier == devices.c.pass_type_identifier,
                    registrations.c.device_library_identifier
                    == devices.c.device_library_identifier,
                ),
            )
            .join(passes, self._same_pass())
            .where(devices.c.merchant_id == self._merchant_id, passes.c.card_id == card_id)
        )
        return [
            Device(
                pass_type_identifier=row.pass_type_identifier,
                identifier=row.device_library_identifier,
                push_token=row.push_token,
                registered_at=row.registered_at,
            )
            for row in found
        ]

    async def push_token(self, pass_type_identifier: str, identifier: str) -> str | None:
        """Return where to push to for a device, or None when it is gone."""
        found = await self._connection.execute(
            select(devices.c.push_token).where(
                self._of_device(devices, pass_type_identifier, identifier)
            )
        )
        token: str | None = found.scalar_one_or_none()
        return token

    def _same_pass(self) -> ColumnElement[bool]:
        return and_(
            registrations.c.merchant_id == passes.c.merchant_id,
            registrations.c.pass_type_identifier == passes.c.pass_type_identifier,
            registrations.c.serial_number == passes.c.serial_number,
        )

    def _of_device(
        self, table: Table, pass_type_identifier: str, identifier: str
    ) -> ColumnElement[bool]:
        return and_(
            table.c.merchant_id == self._merchant_id,
            table.c.pass_type_identifier == pass_type_identifier,
            table.c.device_library_identifier == identifier,
        )
