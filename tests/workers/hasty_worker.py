"""A worker process whose sends and leases are short, so that tests need not wait for long ones."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import workers.deliveries
import workers.main
from gateway.resources import Resources
from workers.__main__ import main
from workers.outlets import Outlets, open_outlets

SEND_SECONDS_MAX = 2.0
LEASE_MARGIN_SECONDS = 2.0


@asynccontextmanager
async def _hasty_outlets(resources: Resources) -> AsyncIterator[Outlets]:
    async with open_outlets(resources) as outlets:
        for courier, _ in outlets.couriers:
            courier.seconds_max = SEND_SECONDS_MAX
        yield outlets


if __name__ == "__main__":
    workers.deliveries.LEASE_MARGIN_SECONDS = LEASE_MARGIN_SECONDS
    workers.main.open_outlets = _hasty_outlets  # type: ignore[attr-defined]
    main()
