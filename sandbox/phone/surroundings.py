"""What the sandbox's pages share, under typed keys."""

from collections.abc import Callable
from datetime import datetime

from aiohttp import web
from jinja2 import Environment

from sandbox.apns.stand_in import ApnsStandIn
from sandbox.google.stand_in import GoogleStandIn
from sandbox.phone.shelf import PhoneShelf

SHELF = web.AppKey("SHELF", PhoneShelf)
CLOCK: web.AppKey[Callable[[], datetime]] = web.AppKey("CLOCK")
PAGES = web.AppKey("PAGES", Environment)
APNS: web.AppKey[ApnsStandIn | None] = web.AppKey("APNS")
GOOGLE: web.AppKey[GoogleStandIn | None] = web.AppKey("GOOGLE")
