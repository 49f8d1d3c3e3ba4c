"""The keys under which the application and a request carry what handlers need."""

import asyncio

import jinja2
from aiohttp import web

from gateway.domain.people import Principal
from gateway.resources import Resources
from gateway.web.parsing.idempotency import Retry
from gateway.web.routing import Route
from gateway.web.wiring import Wiring

WIRING = web.AppKey("wiring", Wiring)
TEMPLATES = web.AppKey("templates", jinja2.Environment)
DRAIN = web.AppKey("drain", asyncio.Event)
"""Set when this process should get no more requests."""
RESOURCES = web.AppKey("resources", Resources)
ROUTES = web.AppKey("routes", tuple[Route, ...])

ROUTE = web.RequestKey("route", Route)
REQUEST_ID = web.RequestKey("request_id", str)
CLIENT_ADDRESS = web.RequestKey("client_address", str)
PRINCIPAL = web.RequestKey("principal", Principal)
RETRY = web.RequestKey("retry", Retry)
REVISION = web.RequestKey("revision", int)
VISIT = web.RequestKey("visit", str)
