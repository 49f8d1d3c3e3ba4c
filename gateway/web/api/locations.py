"""Locations, for whoever needs to say where a visit took place."""

from uuid import UUID

import msgspec
from aiohttp import web

from gateway.web.answers import json_answer
from gateway.web.keys import PRINCIPAL, RESOURCES


class Location(msgspec.Struct, frozen=True):
    """An open location; its business day begins at `cutoff_hour` in its time zone."""

    id: UUID
    name: str
    code: str
    time_zone: str
    cutoff_hour: int


class Locations(msgspec.Struct, frozen=True):
    """The merchant's open locations."""

    items: list[Location]


async def list_locations(request: web.Request) -> web.Response:
    """List the open locations."""
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        locations = await unit.merchants.locations()
    items = [
        Location(
            id=location.id,
            name=location.name,
            code=location.code,
            time_zone=location.clock.time_zone,
            cutoff_hour=location.clock.cutoff_hour,
        )
        for location in locations
    ]
    return json_answer(Locations(items))
