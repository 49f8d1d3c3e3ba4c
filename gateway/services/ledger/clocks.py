"""The clock by which a merchant's books are kept where no location is at hand."""

from gateway.domain.business_day import BusinessClock
from gateway.storage.unit import Unit

UTC = BusinessClock(time_zone="UTC")


async def house_clock(unit: Unit) -> BusinessClock:
    """Return the clock of the merchant's first location by name, or UTC without one."""
    locations = await unit.merchants.locations()
    return locations[0].clock if locations else UTC
