"""The APNs stand-in's page parts: pushes taken, and buttons that make it misbehave."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from aiohttp import web

from sandbox.apns.commands import Command, Drop, GoAway, Reset, Say, Silence, Slow
from sandbox.phone.surroundings import APNS, SHELF

PUSHES_SHOWN_MAX = 20
TIMES_MAX = 10_000

COMMANDS: Mapping[str, Callable[[], Command]] = {
    "too-many-requests": lambda: Say(429, "TooManyRequests"),
    "bad-device-token": lambda: Say(400, "BadDeviceToken"),
    "expired-token": lambda: Say(410, "ExpiredToken"),
    "bad-certificate": lambda: Say(403, "BadCertificate"),
    "internal-error": lambda: Say(500, "InternalServerError"),
    "unavailable": lambda: Say(503, "ServiceUnavailable"),
    "empty-error": lambda: Say(503, body=b""),
    "reset-stream": Reset,
    "go-away": GoAway,
    "silence": Silence,
    "drop-connection": Drop,
    "slow": lambda: Slow(2.0),
}


@dataclass(frozen=True, slots=True)
class ShownPush:
    """A push as the page shows it: whose phone it went to, never its token."""

    topic: str
    phone: str


def pushes_of(app: web.Application) -> list[ShownPush]:
    """The pushes taken last, newest first."""
    apns = app[APNS]
    if apns is None:
        return []
    newest = list(apns.accepted)[: -PUSHES_SHOWN_MAX - 1 : -1]
    shelf = app[SHELF]
    return [
        ShownPush(push.topic, shelf.owner_of(push.token) or "a device elsewhere")
        for push in newest
    ]


async def misbehave(request: web.Request) -> web.StreamResponse:
    """Do `command` with the next pushes (`times`, 1 when absent) instead of taking them."""
    apns, command = request.app[APNS], COMMANDS.get(request.match_info["command"])
    form = await request.post()
    times = str(form.get("times", "1"))
    if apns is None or command is None:
        raise web.HTTPNotFound
    if not times.isdigit() or not 1 <= int(times) <= TIMES_MAX:
        raise web.HTTPBadRequest(text=f"times: a number from 1 to {TIMES_MAX}")
    apns.next(command(), int(times))
    raise web.HTTPSeeOther("/")


def routes() -> list[web.RouteDef]:
    """Every address of the stand-in's control."""
    return [web.post("/apns/next/{command}", misbehave)]
