"""People who work for a merchant: staff, their sessions, and the keys of programs."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.errors import NotFound
from gateway.domain.people import Permission, Role
from gateway.storage.among import among
from gateway.storage.tables import api_keys, sessions, staff, tills


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A member of staff; the hashes are what a PIN or password is checked against."""

    id: UUID
    name: str
    role: Role
    email: str | None = None
    pin_hash: str | None = field(default=None, repr=False)
    password_hash: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A member of staff who signed in, on a paired till or on the merchant's pages."""

    id: UUID
    secret_hash: bytes = field(repr=False)
    member: Member
    till_id: UUID | None
    location_id: UUID | None
    seen_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSession:
    """What a session begins with."""

    id: UUID
    secret_hash: bytes = field(repr=False)
    staff_id: UUID
    till_id: UUID | None
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A program's key and what it may do."""

    id: UUID
    name: str
    secret_hash: bytes = field(repr=False)
    scopes: frozenset[Permission]
    expires_at: datetime | None


class Staff:
    """The merchant's active staff."""

    def __init__(self, connection: AsyncConnection, merchant_id: UUID) -> None:
        """Read and write for one merchant."""
        self._connection = connection
        self._merchant_id = merchant_id

    async def add(self, member: Member, now: datetime) -> None:
        """Keep a new member of staff."""
        await self._connection.execute(
            insert(staff).values(
                merchant_id=self._merchant_id,
                id=member.id,
                name=member.name,
                role=member.role,
                pin_hash=member.pin_hash,
                email=member.email,
                password_hash=member.password_hash,
                active=True,
                created_at=now,
            )
        )

    async def all(self) -> list[Member]:
        """Return everybody active, by name."""
        found = await self._connection.execute(self._active().order_by(staff.c.name))
        return [_member(row) for row in found]

    async def names(self, staff_ids: Collection[UUID]) -> dict[UUID, str]:
        """Return what people are called, those who left too."""
        found = await self._connection.execute(
            select(staff.c.id, staff.c.name).where(
                staff.c.merchant_id == self._merchant_id, among(staff.c.id, staff_ids)
            )
        )
        return {row.id: row.name for row in found}

    async def one(self, staff_id: UUID) -> Member:
        """Return a member; raises `NotFound`."""
        row = (
            await self._connection.execute(self._active().where(staff.c.id == staff_id))
        ).first()
        if row is None:
            raise NotFound("This person does not work here.")
        return _member(row)

    async def by_email(self, email: str) -> Member | None:
        """Return the member who signs in with this address, or None."""
        row = (
            await self._connection.execute(self._active().where(staff.c.email == email))
        ).first()
        return _member(row) if row else None

    async def deactivate(self, staff_id: UUID, now: datetime) -> None:
        """Let a member go, and end their sessions."""
        await self._connection.execute(
            update(staff)
            .where(staff.c.merchant_id == self._merchant_id, staff.c.id == staff_id)
            .values(active=False)
        )
        await self._connection.execute(
            update(sessions)
            .where(sessions.c.merchant_id == self._merchant_id, sessions.c.staff_id == staff_id)
            .values(ended_at=now)
        )

    def _active(self) -> Select[Any]:
        return select(staff).where(
            staff.c.merchant_id == self._merchant_id, staff.c.active.is_(True)
        )


class Sessions:
    """Who is signed in at a merchant's."""

    def __init__(self, connection: AsyncConnection, merchant_id: UUID) -> None:
        """Read and write for one merchant."""
        self._connection = connection
        self._merchant_id = merchant_id

    async def add(self, session: NewSession, now: datetime) -> None:
        """Begin a session."""
        await self._connection.execute(
            insert(sessions).values(
                merchant_id=self._merchant_id,
                id=session.id,
                secret_hash=session.secret_hash,
                staff_id=session.staff_id,
                till_id=session.till_id,
                created_at=now,
                seen_at=now,
                expires_at=session.expires_at,
            )
        )

    async def one(self, session_id: UUID, now: datetime) -> Session | None:
        """Return a session that still holds, or None.

        It does not once it ended or ran out, its person left, or its till was unpaired.
        """
        found = await self._connection.execute(
            select(sessions, staff.c.name, staff.c.role, tills.c.location_id)
            .join(
                staff,
                and_(
                    staff.c.merchant_id == sessions.c.merchant_id,
                    staff.c.id == sessions.c.staff_id,
                ),
            )
            .join(
                tills,
                and_(
                    tills.c.merchant_id == sessions.c.merchant_id,
                    tills.c.id == sessions.c.till_id,
                ),
                isouter=True,
            )
            .where(
                sessions.c.merchant_id == self._merchant_id,
                sessions.c.id == session_id,
                sessions.c.ended_at.is_(None),
                sessions.c.expires_at > now,
                staff.c.active.is_(True),
                tills.c.revoked_at.is_(None),
            )
        )
        row = found.first()
        if row is None:
            return None
        return Session(
            id=row.id,
            secret_hash=row.secret_hash,
            member=Member(id=row.staff_id, name=row.name, role=Role(row.role)),
            till_id=row.till_id,
            location_id=row.location_id,
            seen_at=row.seen_at,
            expires_at=row.expires_at,
        )

    async def seen(self, session_id: UUID, now: datetime) -> None:
        """Remember that the session is in use."""
        await self._set(session_id, {"seen_at": now})

    async def end(self, session_id: UUID, now: datetime) -> None:
        """Sign out."""
        await self._set(session_id, {"ended_at": now})

    async def _set(self, session_id: UUID, values: dict[str, datetime]) -> None:
        await self._connection.execute(
            update(sessions)
            .where(sessions.c.merchant_id == self._merchant_id, sessions.c.id == session_id)
            .values(**values)
        )


class ApiKeys:
    """The merchant's API keys."""

    def __init__(self, connection: AsyncConnection, merchant_id: UUID) -> None:
        """Read and write for one merchant."""
        self._connection = connection
        self._merchant_id = merchant_id

    async def add(self, key: ApiKey, now: datetime) -> None:
        """Keep a new key."""
        await self._connection.execute(
            insert(api_keys).values(
                merchant_id=self._merchant_id,
                id=key.id,
                name=key.name,
                secret_hash=key.secret_hash,
                scopes=sorted(key.scopes),
                created_at=now,
                expires_at=key.expires_at,
            )
        )

    async def one(self, key_id: UUID, now: datetime) -> ApiKey | None:
        """Return a key that still holds, or None."""
        table = api_keys.c
        found = await self._connection.execute(
            select(api_keys).where(
                table.merchant_id == self._merchant_id,
                table.id == key_id,
                table.revoked_at.is_(None),
                table.expires_at.is_(None) | (table.expires_at > now),
            )
        )
        row = found.first()
        if row is None:
            return None
        return ApiKey(
            id=row.id,
            name=row.name,
            secret_hash=row.secret_hash,
            scopes=frozenset(Permission(scope) for scope in row.scopes),
            expires_at=row.expires_at,
        )

    async def revoke(self, key_id: UUID, now: datetime) -> None:
        """Let a key hold no longer."""
        await self._connection.execute(
            update(api_keys)
            .where(api_keys.c.merchant_id == self._merchant_id, api_keys.c.id == key_id)
            .values(revoked_at=now)
        )


def _member(row: Row[Any]) -> Member:
    return Member(
        id=row.id,
        name=row.name,
        role=Role(row.role),
        email=row.email,
        pin_hash=row.pin_hash,
        password_hash=row.password_hash,
    )
