"""Merchants and their locations, as the directory and the merchant itself see them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.business_day import BusinessClock
from gateway.domain.errors import NotFound
from gateway.storage.among import among
from gateway.storage.tables import apple_pass_types, locations, merchants

UTC = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class Merchant:
    """A merchant as everybody may know it."""

    id: UUID
    slug: str
    name: str
    country: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A place where cards are opened and stamped; `code` is on its poster."""

    id: UUID
    name: str
    code: str
    clock: BusinessClock


@dataclass(frozen=True, slots=True, kw_only=True)
class PassType:
    """An Apple pass type identifier, and the one merchant it belongs to."""

    identifier: str
    merchant_id: UUID
    team_identifier: str
    organization_name: str


class Directory:
    """What can be found before a merchant is known: public facts only."""

    def __init__(self, connection: AsyncConnection) -> None:
        """Read on the given connection."""
        self._connection = connection

    async def merchant(self, slug: str) -> Merchant:
        """Return the merchant with this name in addresses; raises `NotFound`."""
        found = await self._connection.execute(select(merchants).where(merchants.c.slug == slug))
        return _merchant(found.first())

    async def merchant_ids(self) -> list[UUID]:
        """Return every merchant of the installation."""
        found = await self._connection.execute(select(merchants.c.id).order_by(merchants.c.id))
        return list(found.scalars())

    async def pass_type(self, identifier: str) -> PassType | None:
        """Return the pass type, or None when nobody has it."""
        table = apple_pass_types
        found = await self._connection.execute(
            select(table).where(table.c.pass_type_identifier == identifier)
        )
        row = found.first()
        return _pass_type(row) if row else None


class Merchants:
    """The merchant's own row, locations and pass types."""

    def __init__(self, connection: AsyncConnection, merchant_id: UUID) -> None:
        """Read and write for one merchant."""
        self._connection = connection
        self._merchant_id = merchant_id

    async def me(self) -> Merchant:
        """Return the merchant of this unit; raises `NotFound`."""
        found = await self._connection.execute(
            select(merchants).where(merchants.c.id == self._merchant_id)
        )
        return _merchant(found.first())

    async def add(self, merchant: Merchant, now: datetime) -> None:
        """Keep a new merchant, whose id is the unit's."""
        await self._connection.execute(
            insert(merchants).values(
                id=self._merchant_id,
                slug=merchant.slug,
                name=merchant.name,
                country=merchant.country,
                language=merchant.language,
                created_at=now,
            )
        )

    async def add_location(self, location: Location, now: datetime) -> None:
        """Keep a new location."""
        await self._connection.execute(
            insert(locations).values(
                merchant_id=self._merchant_id,
                id=location.id,
                name=location.name,
                code=location.code,
                time_zone=location.clock.time_zone,
                cutoff_hour=location.clock.cutoff_hour,
                created_at=now,
            )
        )

    async def locations(self) -> list[Location]:
        """Return the open locations by name."""
        found = await self._connection.execute(
            select(locations)
            .where(locations.c.merchant_id == self._merchant_id, locations.c.closed_at.is_(None))
            .order_by(locations.c.name)
        )
        return [_location(row) for row in found]

    async def locations_among(self, location_ids: Collection[UUID]) -> frozenset[UUID]:
        """Return which of these are locations of the merchant, open or closed."""
        if not location_ids:
            return frozenset()
        found = await self._connection.execute(
            select(locations.c.id).where(
                locations.c.merchant_id == self._merchant_id,
                among(locations.c.id, location_ids),
            )
        )
        return frozenset(found.scalars())

    async def time_zone(self) -> str:
        """Return the clock the merchant lives by: that of its first location, or UTC."""
        found = await self._connection.execute(
            select(locations.c.time_zone)
            .where(locations.c.merchant_id == self._merchant_id)
            .order_by(locations.c.created_at, locations.c.id)
            .limit(1)
        )
        return found.scalar() or UTC

    async def clock(self, location_id: UUID | None) -> BusinessClock:
        """Return the clock of a location, or else of the merchant's first one, or UTC's."""
        is_it = locations.c.id == location_id
        found = await self._connection.execute(
            select(locations.c.time_zone, locations.c.cutoff_hour)
            .where(locations.c.merchant_id == self._merchant_id)
            .order_by(is_it.desc().nulls_last(), locations.c.created_at, locations.c.id)
            .limit(1)
        )
        row = found.first()
        return (
            BusinessClock(time_zone=row[0], cutoff_hour=row[1])
            if row
            else BusinessClock(time_zone=UTC)
        )

    async def location(self, location_id: UUID) -> Location:
        """Return an open location; raises `NotFound`."""
        return await self._one_location(locations.c.id == location_id)

    async def location_by_code(self, code: str) -> Location:
        """Return the open location with this code on its poster; raises `NotFound`."""
        return await self._one_location(locations.c.code == code)

    async def _one_location(self, condition: ColumnElement[bool]) -> Location:
        found = await self._connection.execute(
            select(locations).where(
                locations.c.merchant_id == self._merchant_id,
                locations.c.closed_at.is_(None),
                condition,
            )
        )
        row = found.first()
        if row is None:
            raise NotFound("This location does not exist.")
        return _location(row)

    async def add_pass_type(self, pass_type: PassType) -> None:
        """Keep a pass type as the merchant's own."""
        await self._connection.execute(
            insert(apple_pass_types).values(
                merchant_id=self._merchant_id,
                pass_type_identifier=pass_type.identifier,
                team_identifier=pass_type.team_identifier,
                organization_name=pass_type.organization_name,
            )
        )

    async def pass_type(self) -> PassType | None:
        """Return the pass type new passes are made with, or None before Apple is set up."""
        table = apple_pass_types
        found = await self._connection.execute(
            select(table)
            .where(table.c.merchant_id == self._merchant_id)
            .order_by(table.c.pass_type_identifier)
            .limit(1)
        )
        row = found.first()
        return _pass_type(row) if row else None


def _merchant(row: Row[Any] | None) -> Merchant:
    if row is None:
        raise NotFound("This merchant does not exist.")
    return Merchant(
        id=row.id, slug=row.slug, name=row.name, country=row.country, language=row.language
    )


def _location(row: Row[Any]) -> Location:
    return Location(
        id=row.id,
        name=row.name,
        code=row.code,
        clock=BusinessClock(time_zone=row.time_zone, cutoff_hour=row.cutoff_hour),
    )


def _pass_type(row: Row[Any]) -> PassType:
    return PassType(
        identifier=row.pass_type_identifier,
        merchant_id=row.merchant_id,
        team_identifier=row.team_identifier,
        organization_name=row.organization_name,
    )
