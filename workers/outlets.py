"""Every way out of a worker, opened once: the channels to providers and their couriers."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from gateway.resources import Resources, new_id, now
from gateway.services.messages.links import MessageLinks
from gateway.settings import Settings
from gateway.storage.queues.budgets import ProviderBudgets
from workers.channels.apns.aioapns_alternative import AioapnsChannel
from workers.channels.apns.channel import ApnsChannel, Endpoint
from workers.channels.fallback import BoundedChannel
from workers.channels.google.client import GoogleWallet
from workers.channels.google.service_accounts import ServiceAccounts
from workers.channels.google.tokens import AccessTokens
from workers.channels.mail.channel import mail_channel
from workers.channels.mail.mail import Mail
from workers.channels.missing import MissingChannel
from workers.channels.picture.fetching import PictureFetcher
from workers.channels.sms.channel import sms_channel
from workers.channels.sms.sms import Sms
from workers.channels.stream.channel import StreamChannel
from workers.channels.webhook.channel import CONNECTIONS_MAX, WebhookChannel
from workers.couriers.apns import ApnsCourier
from workers.couriers.base import Courier
from workers.couriers.google.courier import GoogleCourier
from workers.couriers.google.pace import Pace
from workers.couriers.mail import mail_courier
from workers.couriers.messages import MessageCourier
from workers.couriers.sms import sms_courier
from workers.couriers.stream import StreamCourier
from workers.couriers.webhook import Signing, WebhookCourier
from workers.credentials import AppleCredentials

HTTPS_PORT = 443
# At Google's rate more than these would only wait for each other.
GOOGLE_AT_ONCE_MAX = 30
# Eight for each connection to a mail server: what is looked up and settled together is cheap, and
# a server that takes a second and a half for a mail still is quick enough for the last in line.
MAILS_AT_ONCE_MAX = 64
TEXTS_AT_ONCE_MAX = 20
EVENTS_AT_ONCE_MAX = 50
APNS_CLIENTS = {"own": ApnsChannel, "aioapns": AioapnsChannel}


@dataclass(frozen=True, slots=True)
class Outlets:
    """The couriers, each with how many of its deliveries may be under way at once."""

    couriers: tuple[tuple[Courier[Any], int], ...]
    apns: ApnsChannel
    apple_credentials: AppleCredentials
    pictures: PictureFetcher


@asynccontextmanager
async def open_outlets(resources: Resources) -> AsyncIterator[Outlets]:
    """Open every channel that the settings ask for, and close them in the opposite order."""
    settings = resources.settings
    apple_credentials = AppleCredentials(settings.apple_folder)
    open_apns = APNS_CLIENTS[settings.apns_client]
    async with AsyncExitStack() as stack:
        apns = open_apns(apple_credentials.of, _seconds, endpoint=_endpoint(settings))
        stack.push_async_callback(apns.close)
        session = await stack.enter_async_context(
            aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        )
        mail = mail_channel(settings) or MissingChannel()
        stack.push_async_callback(mail.close)
        sms = sms_channel(settings, session) or MissingChannel()
        stack.push_async_callback(sms.close)
        webhooks = WebhookChannel(local=settings.webhook_allow)
        stack.push_async_callback(webhooks.close)
        pictures = PictureFetcher()
        stack.push_async_callback(pictures.close)
        yield Outlets(
            couriers=(
                (ApnsCourier(resources.units, apns), settings.worker_concurrency),
                (_google(resources, session), GOOGLE_AT_ONCE_MAX),
                (_mail(resources, mail), MAILS_AT_ONCE_MAX),
                (_sms(resources, sms), TEXTS_AT_ONCE_MAX),
                (_webhooks(resources, webhooks), CONNECTIONS_MAX),
                *_stream(resources, stack),
            ),
            apns=apns,
            apple_credentials=apple_credentials,
            pictures=pictures,
        )


def _google(resources: Resources, session: aiohttp.ClientSession) -> GoogleCourier:
    settings = resources.settings
    tokens = AccessTokens(ServiceAccounts(settings.google_folder).of)
    wallet = GoogleWallet(session, settings.google_url, tokens)
    pace = Pace(ProviderBudgets(resources.database.engine))
    return GoogleCourier(resources.google, wallet, pace, new_id)


def _mail(resources: Resources, out: BoundedChannel[Mail]) -> MessageCourier[Mail]:
    links = MessageLinks(resources.keys.links, resources.settings.public_url)
    sender = resources.settings.mail_from or ""
    return mail_courier(resources.units, out, sender, links, new_id)


def _sms(resources: Resources, out: BoundedChannel[Sms]) -> MessageCourier[Sms]:
    links = MessageLinks(resources.keys.links, resources.settings.public_url)
    return sms_courier(resources.units, out, links, new_id)


def _webhooks(resources: Resources, out: WebhookChannel) -> WebhookCourier:
    signing = Signing(safe=resources.webhooks.safe, now=now, new_id=new_id)
    return WebhookCourier(resources.units, out, signing)


def _stream(resources: Resources, stack: AsyncExitStack) -> tuple[tuple[StreamCourier, int], ...]:
    """Return the courier of the event stream, if there is one."""
    settings = resources.settings
    if settings.nats_url is None:
        return ()
    stream = StreamChannel(settings.nats_url)
    stack.push_async_callback(stream.close)
    courier = StreamCourier(resources.units, stream, settings.public_url)
    return ((courier, EVENTS_AT_ONCE_MAX),)


def _endpoint(settings: Settings) -> Endpoint:
    """Return where APNs is and which roots are trusted there."""
    place = urlsplit(settings.apns_url)
    assert place.hostname is not None, "the settings check this"
    return Endpoint(place.hostname, place.port or HTTPS_PORT, _roots(settings.apns_ca))


def _roots(path: Path | None) -> bytes | None:
    return None if path is None else path.read_bytes()


def _seconds() -> float:
    return now().timestamp()
