"""What Google Wallet holds of ours: classes, objects, and the notifications that are used up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.storage.among import among
from gateway.storage.tables import (
    google_callbacks,
    google_classes,
    google_issuers,
    google_notices,
    google_objects,
)

NOTICES_WINDOW = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class GoogleClass:
    """A program at Google; `written_digest` is of the body Google has, None before it has one."""

    program_id: UUID
    issuer_id: str
    class_id: str
    written_digest: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoogleObject:
    """A card at Google; `written_version` is of the card Google has, None before it has one."""

    card_id: UUID
    issuer_id: str
    object_id: str
    written_version: int | None
    written_balance: str | None
    saved_at: datetime | None
    removed_at: datetime | None

    @property
    def is_saved(self) -> bool:
        """Whether somebody has it in their wallet, as far as Google told us."""
        return self.saved_at is not None and self.removed_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What Google took: a card at a version, showing this balance."""

    card_id: UUID
    version: int
    balance: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackReceived:
    """A callback whose signature was found good; `nonce` is Google's name for it."""

    issuer_id: str
    nonce: str
    object_id: str
    event: str
    expires_at: datetime


class GoogleWallets:
    """The merchant's side of Google Wallet."""

    def __init__(self, connection: AsyncConnection, merchant_id: UUID) -> None:
        """Read and write for one merchant."""
        self._connection = connection
        self._merchant_id = merchant_id

    async def issuer(self) -> str | None:
        """Return the issuer new cards are made under, or None before Google is set up."""
        return next(iter(await self.issuers()), None)

    async def issuers(self) -> list[str]:
        """Return every issuer the merchant's cards may be under, in the order of their numbers."""
        found = await self._connection.execute(
            select(google_issuers.c.issuer_id)
            .where(google_issuers.c.merchant_id == self._merchant_id)
            .order_by(google_issuers.c.issuer_id)
        )
        return list(found.scalars())

    async def add_issuer(self, issuer_id: str) -> None:
        """Let the merchant's cards be made under an issuer."""
        await self._connection.execute(
            insert(google_issuers)
            .values(merchant_id=self._merchant_id, issuer_id=issuer_id)
            .on_conflict_do_nothing()
        )

    async def add_class(self, program_id: UUID, issuer_id: str, class_id: str) -> None:
        """Keep a program's class, which Google does not have yet; an earlier one stays."""
        await self._connection.execute(
            insert(google_classes)
            .values(
                merchant_id=self._merchant_id,
                program_id=program_id,
                issuer_id=issuer_id,
                class_id=class_id,
            )
            .on_conflict_do_nothing()
        )

    async def add_object(
        self, card_id: UUID, issuer_id: str, object_id: str, now: datetime
    ) -> None:
        """Keep a card's object, which Google does not have yet; an earlier one stays."""
        await self._connection.execute(
            insert(google_objects)
            .values(
                merchant_id=self._merchant_id,
                card_id=card_id,
                issuer_id=issuer_id,
                object_id=object_id,
                created_at=now,
            )
            .on_conflict_do_nothing()
        )

    async def classes(self, program_ids: Sequence[UUID]) -> dict[UUID, GoogleClass]:
        """Return the classes of these programs that have one, by program."""
        table = google_classes.c
        found = await self._connection.execute(
            select(table.program_id, table.issuer_id, table.class_id, table.written_digest).where(
                table.merchant_id == self._merchant_id, among(table.program_id, program_ids)
            )
        )
        return {row.program_id: GoogleClass(**row._mapping) for row in found}  # noqa: SLF001 -- SQLAlchemy's public name

    async def objects(self, card_ids: Sequence[UUID]) -> dict[UUID, GoogleObject]:
        """Return the objects of these cards that have one, by card."""
        found = await self._connection.execute(
            select(google_objects).where(
                google_objects.c.merchant_id == self._merchant_id,
                among(google_objects.c.card_id, card_ids),
            )
        )
        return {row.card_id: _object(row) for row in found}

    async def object_named(self, object_id: str) -> GoogleObject | None:
        """Return the object that Google knows by this name, or None."""
        found = await self._connection.execute(
            select(google_objects).where(
                google_objects.c.merchant_id == self._merchant_id,
                google_objects.c.object_id == object_id,
            )
        )
        row = found.first()
        return _object(row) if row else None

    async def class_written(self, program_id: UUID, digest: bytes, now: datetime) -> None:
        """Remember what Google has of a class."""
        await self._connection.execute(
            update(google_classes)
            .where(
                google_classes.c.merchant_id == self._merchant_id,
                google_classes.c.program_id == program_id,
            )
            .values(written_digest=digest, written_at=now)
        )

    async def object_written(self, written: Written, now: datetime) -> None:
        """Remember what Google has of a card; news of an older version change nothing."""
        table = google_objects.c
        await self._connection.execute(
            update(google_objects)
            .where(
                table.merchant_id == self._merchant_id,
                table.card_id == written.card_id,
                or_(table.written_version.is_(None), table.written_version <= written.version),
            )
            .values(
                written_version=written.version, written_balance=written.balance, written_at=now
            )
        )

    async def lost(self, program_id: UUID, card_id: UUID) -> None:
        """Forget what Google has of a card and its program, so that both are written anew."""
        await self._connection.execute(
            update(google_classes)
            .where(
                google_classes.c.merchant_id == self._merchant_id,
                google_classes.c.program_id == program_id,
            )
            .values(written_digest=None)
        )
        await self._connection.execute(
            update(google_objects)
            .where(
                google_objects.c.merchant_id == self._merchant_id,
                google_objects.c.card_id == card_id,
            )
            .values(written_version=None, written_balance=None)
        )

    async def notices(
        self, resource_ids: Sequence[str], kind: str, now: datetime
    ) -> Mapping[str, int]:
        """Return how many notifications of a kind each resource used up in the last 24 hours."""
        table = google_notices.c
        found = await self._connection.execute(
            select(table.resource_id, func.count())
            .where(
                table.merchant_id == self._merchant_id,
                table.resource_id.in_(resource_ids),
                table.kind == kind,
                table.notified_at > now - NOTICES_WINDOW,
            )
            .group_by(table.resource_id)
        )
        return {row[0]: row[1] for row in found}

    async def add_notice(
        self, notice_id: UUID, resource_id: str, kind: str, now: datetime
    ) -> None:
        """Count a notification; the same `notice_id` counts once."""
        await self._connection.execute(
            insert(google_notices)
            .values(
                merchant_id=self._merchant_id,
                id=notice_id,
                resource_id=resource_id,
                kind=kind,
                notified_at=now,
            )
            .on_conflict_do_nothing()
        )

    async def receive(self, callback: CallbackReceived, now: datetime) -> bool:
        """Keep a callback; False when it was received before."""
        kept = await self._connection.execute(
            insert(google_callbacks)
            .values(
                merchant_id=self._merchant_id,
                issuer_id=callback.issuer_id,
                nonce=callback.nonce,
                object_id=callback.object_id,
                event=callback.event,
                expires_at=callback.expires_at,
                received_at=now,
            )
            .on_conflict_do_nothing()
        )
        return bool(kept.rowcount)

    async def mark_saved(self, object_id: str, now: datetime) -> None:
        """Say that somebody has the object in their wallet from now on."""
        await self._mark(object_id, saved_at=now, removed_at=None)

    async def mark_removed(self, object_id: str, now: datetime) -> None:
        """Say that the object was taken out of the wallet; the card itself stays."""
        await self._mark(object_id, removed_at=now)

    async def _mark(self, object_id: str, **moments: datetime | None) -> None:
        await self._connection.execute(
            update(google_objects)
            .where(
                and_(
                    google_objects.c.merchant_id == self._merchant_id,
                    google_objects.c.object_id == object_id,
                )
            )
            .values(**moments)
        )


def _object(row: Row[Any]) -> GoogleObject:
    return GoogleObject(
        card_id=row.card_id,
        issuer_id=row.issuer_id,
        object_id=row.object_id,
        written_version=row.written_version,
        written_balance=row.written_balance,
        saved_at=row.saved_at,
        removed_at=row.removed_at,
    )
