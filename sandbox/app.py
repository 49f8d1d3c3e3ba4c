"""The sandbox's web application: the phones, the APNs stand-in's control, and a page of both."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
from aiohttp import web
from cryptography.x509 import Certificate
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from yarl import URL

from sandbox import apns_pages, google_pages
from sandbox.apns.stand_in import ApnsStandIn
from sandbox.google.stand_in import GoogleStandIn
from sandbox.opened_pass import open_pass
from sandbox.phone import pages as phone_pages
from sandbox.phone.files import PhoneFiles
from sandbox.phone.phone import FORGIVEN_FOR, PhoneSurroundings
from sandbox.phone.requests import WebServiceRequests
from sandbox.phone.shelf import PhoneShelf
from sandbox.phone.surroundings import APNS, CLOCK, GOOGLE, PAGES, SHELF
from sandbox.phone.tasks import RETRY_DELAYS_S

REQUEST_TIMEOUT_S = 30.0
BODY_BYTES_MAX = 64 * 1024
_HERE = Path(__file__).parent
_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def _system_clock() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class SandboxConfig:
    """What the sandbox needs to know.

    `public_url` is the only place its phones may speak to, `roots` are the certificates they
    trust instead of Apple's. `forgiven_for` and `retry_delays_s` are a device's patience, which
    tests shorten.
    """

    public_url: str
    data_directory: Path
    roots: Sequence[Certificate]
    forgiven_for: timedelta = FORGIVEN_FOR
    retry_delays_s: Sequence[float] = RETRY_DELAYS_S
    clock: Callable[[], datetime] = _system_clock


def create_sandbox(
    config: SandboxConfig, apns: ApnsStandIn | None = None, google: GoogleStandIn | None = None
) -> web.Application:
    """Put the application together; the stand-ins already run, and reach its phones."""
    app = web.Application(middlewares=[_guard], client_max_size=BODY_BYTES_MAX)
    app[CLOCK] = config.clock
    app[APNS] = apns
    app[GOOGLE] = google
    app[PAGES] = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    app.cleanup_ctx.append(_phones(config, apns, google))
    app.on_shutdown.append(_put_to_sleep)
    app.add_routes(
        [
            web.get("/", _index),
            *phone_pages.routes(),
            *apns_pages.routes(),
            *google_pages.routes(),
        ]
    )
    app.router.add_static("/static/", _HERE / "static")
    return app


def _phones(
    config: SandboxConfig, apns: ApnsStandIn | None, google: GoogleStandIn | None
) -> Callable[[web.Application], AsyncIterator[None]]:
    async def opened(app: web.Application) -> AsyncIterator[None]:
        timeout = aiohttp.ClientTimeout(total=REQUEST_TIMEOUT_S)
        # A device keeps no cookies with a web service.
        jar = aiohttp.DummyCookieJar()
        async with aiohttp.ClientSession(timeout=timeout, cookie_jar=jar) as session:
            around = PhoneSurroundings(
                files=PhoneFiles(config.data_directory / "phones"),
                requests=WebServiceRequests(session, URL(config.public_url)),
                opener=lambda data: open_pass(data, config.roots, config.clock()),
                clock=config.clock,
                forgiven_for=config.forgiven_for,
                retry_delays_s=config.retry_delays_s,
            )
            app[SHELF] = PhoneShelf(around)
            app[SHELF].open()
            if apns is not None:
                apns.on_push(app[SHELF].on_push)
            if google is not None:
                google_pages.follow_changes(app, google)
            yield

    return opened


async def _put_to_sleep(app: web.Application) -> None:
    with suppress(KeyError):
        await app[SHELF].close()


async def _index(request: web.Request) -> web.StreamResponse:
    page = request.app[PAGES].get_template("index.html.jinja")
    html = page.render(
        phones=[phone.state for phone in request.app[SHELF]],
        pushes=apns_pages.pushes_of(request.app),
        commands=list(apns_pages.COMMANDS) if request.app[APNS] else [],
        google=google_pages.panel_of(request.app),
    )
    return web.Response(text=html, content_type="text/html")


@web.middleware
async def _guard(request: web.Request, handler: _Handler) -> web.StreamResponse:
    """Keep other sites' pages away from this machine's sandbox, and our own pages plain."""
    if request.url.host not in _HOSTS:
        # A name that was made to point here (DNS rebinding) is somebody else's page.
        raise web.HTTPMisdirectedRequest(text="The sandbox answers on this machine only.")
    site = request.headers.get("Sec-Fetch-Site", "none")
    if request.method == "POST" and site not in {"same-origin", "none"}:
        raise web.HTTPForbidden(text="This form was sent from another site.")
    try:
        response = await handler(request)
    except web.HTTPException as error:
        error.headers.update(_HEADERS)
        raise
    if not response.prepared:
        # A page that shows what strangers wrote has a policy of its own.
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
    return response
