"""Locations that are kept: read once in a while, and never for another merchant."""

from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from gateway.domain.business_day import BusinessClock
from gateway.domain.errors import NotFound
from gateway.storage.people import locations
from gateway.storage.people.locations import Locations
from gateway.storage.people.merchants import Location

MERCHANT, OTHER_MERCHANT = uuid7(), uuid7()
HERE = Location(
    id=uuid7(),
    name="Here",
    code="HERE",
    clock=BusinessClock(time_zone="Europe/Luxembourg", cutoff_hour=4),
)


class _Shelf:
    """Holds one merchant's location until it is closed, and counts who looks."""

    def __init__(self) -> None:
        self.is_open = True
        self.looks = 0

    async def __call__(self, merchant_id: UUID, location_id: UUID) -> Location:
        self.looks += 1
        if not self.is_open or (merchant_id, location_id) != (MERCHANT, HERE.id):
            raise NotFound
        return HERE


async def test_a_location_is_read_once() -> None:
    """A thousand stamps do not ask the database a thousand times where they were given."""
    shelf = _Shelf()
    kept = Locations(shelf)
    assert {await kept.of(MERCHANT, HERE.id) for _ in range(3)} == {HERE}
    assert shelf.looks == 1


async def test_a_closed_location_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was kept is read anew after its time, and a closed location is not found."""
    monkeypatch.setattr(locations, "KEPT_SECONDS", -1.0)
    shelf = _Shelf()
    kept = Locations(shelf)
    await kept.of(MERCHANT, HERE.id)
    shelf.is_open = False
    with pytest.raises(NotFound):
        await kept.of(MERCHANT, HERE.id)


async def test_a_location_belongs_to_its_merchant() -> None:
    """That one merchant's location is kept opens it to nobody else."""
    kept = Locations(_Shelf())
    await kept.of(MERCHANT, HERE.id)
    with pytest.raises(NotFound):
        await kept.of(OTHER_MERCHANT, HERE.id)


async def test_no_more_are_kept_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory is bounded: the one kept longest makes room."""
    monkeypatch.setattr(locations, "LOCATIONS_MAX", 0)
    shelf = _Shelf()
    kept = Locations(shelf)
    await kept.of(MERCHANT, HERE.id)
    await kept.of(MERCHANT, HERE.id)
    assert shelf.looks == 2
