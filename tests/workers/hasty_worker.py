"""A worker process whose leases are short, so that a test need not wait for long ones."""

from datetime import timedelta

import workers.deliveries
from workers.__main__ import main

if __name__ == "__main__":
    workers.deliveries.LEASE = timedelta(seconds=3)
    workers.deliveries.SEND_SECONDS_MAX = 1.5
    main()
