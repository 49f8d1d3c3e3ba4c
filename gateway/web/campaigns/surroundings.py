"""What the doors of campaigns keep in the application: counts, seats, turns."""

import time

from aiohttp import web

from gateway.web.campaigns.counting import COUNTING, Counting
from gateway.web.campaigns.estimates import ESTIMATING, Estimating
from gateway.web.campaigns.streams import SEATS, Seats


def open_campaigns(app: web.Application) -> None:
    """Give an application what campaigns need."""
    app[COUNTING] = Counting(time.monotonic)
    app[ESTIMATING] = Estimating()
    app[SEATS] = Seats()
