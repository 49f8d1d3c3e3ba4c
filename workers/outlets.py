"""Every way out of a worker, opened once: the channels to providers and their couriers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from gateway.resources import Resources, now
from gateway.settings import Settings
from gateway.storage.queues.budgets import ProviderBudgets
from workers.channels.apns.aioapns_alternative import AioapnsChannel
from workers.channels.apns.channel import ApnsChannel, Endpoint
from workers.channels.google.client import GoogleWallet
from workers.channels.google.service_accounts import ServiceAccounts
from workers.channels.google.tokens import AccessTokens
from workers.couriers.apns import ApnsCourier
from workers.couriers.base import Courier
from workers.couriers.google.courier import GoogleCourier
from workers.couriers.google.pace import Pace
from workers.credentials import AppleCredentials

HTTPS_PORT = 443
# At Google's rate more than these would only wait for each other.
GOOGLE_AT_ONCE_MAX = 30
APNS_CLIENTS = {"own": ApnsChannel, "aioapns": AioapnsChannel}


@dataclass(frozen=True, slots=True)
class Outlets:
    """The couriers, each with how many of its deliveries may be under way at once."""

    couriers: tuple[tuple[Courier[Any], int], ...]
    apns: ApnsChannel
    apple_credentials: AppleCredentials


@asynccontextmanager
async def open_outlets(resources: Resources) -> AsyncIterator[Outlets]:
    """Open every channel that the settings ask for, and close it at the end."""
    settings = resources.settings
    apple_credentials = AppleCredentials(settings.apple_folder)
    open_apns = APNS_CLIENTS[settings.apns_client]
    apns = open_apns(apple_credentials.of, _seconds, endpoint=_endpoint(settings))
    try:
        async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
            yield Outlets(
                couriers=(
                    (ApnsCourier(resources.units, apns), settings.worker_concurrency),
                    (_google(resources, session), GOOGLE_AT_ONCE_MAX),
                ),
                apns=apns,
                apple_credentials=apple_credentials,
            )
    finally:
        await apns.close()


def _google(resources: Resources, session: aiohttp.ClientSession) -> GoogleCourier:
    settings = resources.settings
    tokens = AccessTokens(ServiceAccounts(settings.google_folder).of)
    wallet = GoogleWallet(session, settings.google_url, tokens)
    return GoogleCourier(
        resources.google, wallet, Pace(ProviderBudgets(resources.database.engine))
    )


def _endpoint(settings: Settings) -> Endpoint:
    """Return where APNs is and which roots are trusted there."""
    place = urlsplit(settings.apns_url)
    assert place.hostname is not None, "the settings check this"
    return Endpoint(place.hostname, place.port or HTTPS_PORT, _roots(settings.apns_ca))


def _roots(path: Path | None) -> bytes | None:
    return None if path is None else path.read_bytes()


def _seconds() -> float:
    return now().timestamp()
