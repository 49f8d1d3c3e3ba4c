"""A worker process whose leases are short, so that a test need not wait for long ones."""

import workers.deliveries
from workers.__main__ import main
from workers.couriers.apns import ApnsCourier

if __name__ == "__main__":
    workers.deliveries.LEASE_MARGIN_SECONDS = 1.5
    ApnsCourier.seconds_max = 1.5
    main()
