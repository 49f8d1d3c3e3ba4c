"""A worker process that takes small steps and gives up its leases soon, for tests that kill it."""

from datetime import timedelta

import gateway.services.campaigns.releasing
from gateway.storage.queues.delivery_queue import Lease
from workers.__main__ import main
from workers.couriers.google import pace
from workers.deliveries import Deliverer

LEASE = timedelta(seconds=3)


def _lease(self: Deliverer[object]) -> Lease:
    return Lease(self._tools.new_id(), LEASE)


if __name__ == "__main__":
    Deliverer._lease = _lease  # type: ignore[method-assign, assignment]
    pace.EVERY = pace.BULK_EVERY = timedelta(milliseconds=5)
    gateway.services.campaigns.releasing.RELEASE_ROWS_MAX = 20
    gateway.services.campaigns.releasing.OUTSTANDING_MAX = 40
    main()
