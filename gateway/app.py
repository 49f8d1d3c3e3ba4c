"""Builds the web application, and serves it until it is asked to stop."""

import asyncio
import signal
from pathlib import Path

from aiohttp import web

from gateway.resources import Resources, now, open_resources
from gateway.settings import Settings
from gateway.storage.database import OUTAGES
from gateway.web.assets import load
from gateway.web.callbacks.google_keys import open_google_keys
from gateway.web.campaigns.surroundings import open_campaigns
from gateway.web.entrance import add_routes
from gateway.web.guard import guard_with
from gateway.web.headers import add_headers
from gateway.web.identity.guard_api import ApiGuard
from gateway.web.identity.token_cache import TokenCache
from gateway.web.identity.tokens import Mint, key_ring, signing_key
from gateway.web.keys import DRAIN, RESOURCES, TEMPLATES, WIRING
from gateway.web.middlewares import answer_refusals, tell
from gateway.web.pages.render import environment
from gateway.web.routes import ROUTES
from gateway.web.routing import Route
from gateway.web.wiring import Wiring

AUDIENCE = "passgate-api"
DRAIN_SECONDS = 3.0
"""How long a balancer may take to notice that we are no longer ready."""
SHUTDOWN_SECONDS_MAX = 10.0
KEEP_ALIVE_SECONDS = 75.0
LINGER_SECONDS_MAX = 2.0
"""How long the rest of a refused body is read, so that the client sees the refusal."""


def app_of(resources: Resources) -> web.Application:
    """Build the application that serves what was opened."""
    return create_app(wiring_of(resources), resources=resources)


def wiring_of(resources: Resources) -> Wiring:
    """Give the doors what they need of the opened resources."""
    settings = resources.settings
    mint = Mint(
        key_ring(signing_key(resources.keys.access_tokens)),
        issuer=settings.public_url,
        audience=AUDIENCE,
    )
    return Wiring(
        public_url=settings.public_url,
        csrf_key=resources.keys.forms,
        cursor_key=resources.keys.cursors,
        mint=mint,
        now=now,
        assets=load(),
        guard=guard_with(ApiGuard(resources.units, TokenCache(mint), now)),
        trusted_proxies=settings.trusted_proxies,
        outages=OUTAGES,
        pings={"database": resources.database.ping},
    )


def create_app(
    wiring: Wiring,
    routes: tuple[Route, ...] = ROUTES,
    *,
    templates: tuple[Path, ...] = (),
    resources: Resources | None = None,
) -> web.Application:
    """Put the doors into their frame; `templates` are more folders of pages, looked into first.

    Without `resources` only doors that need nothing opened can be used.
    """
    app = web.Application(middlewares=[tell, answer_refusals])
    app[WIRING] = wiring
    if resources is not None:
        app[RESOURCES] = resources
        app.cleanup_ctx.append(open_google_keys)
    app[TEMPLATES] = environment(*templates)
    app[DRAIN] = asyncio.Event()
    # Whoever runs us: an answer that goes on and on must hear of the end, or it is waited for.
    app.on_shutdown.append(_drain)
    open_campaigns(app)
    app.on_response_prepare.append(add_headers)
    add_routes(app, routes)
    return app


async def _drain(app: web.Application) -> None:
    app[DRAIN].set()


async def run(settings: Settings) -> None:
    """Open everything and serve until SIGTERM or SIGINT."""
    stop = stop_on_signals()
    async with open_resources(settings, url=settings.database_url) as resources:
        await serve(
            app_of(resources),
            host=settings.host,
            port=settings.port,
            stop=stop,
            # No balancer stands before a developer's machine.
            drain_seconds=DRAIN_SECONDS if settings.is_production else 0.0,
        )


async def serve(
    app: web.Application,
    *,
    host: str,
    port: int,
    stop: asyncio.Event,
    drain_seconds: float = DRAIN_SECONDS,
) -> None:
    """Serve until `stop`: first say that we are not ready, then finish what is under way."""
    runner = web.AppRunner(
        app,
        access_log=None,
        keepalive_timeout=KEEP_ALIVE_SECONDS,
        lingering_time=LINGER_SECONDS_MAX,
        shutdown_timeout=SHUTDOWN_SECONDS_MAX,
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        await stop.wait()
        app[DRAIN].set()
        await asyncio.sleep(drain_seconds)
    finally:
        await runner.cleanup()


def stop_on_signals() -> asyncio.Event:
    """Return an event that SIGTERM or SIGINT sets."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop
