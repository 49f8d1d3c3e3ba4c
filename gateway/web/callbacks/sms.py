"""The doors at which providers of text messages report, and hand on what people answer.

Sources: https://www.twilio.com/docs/usage/security#validating-requests and
https://developer.vonage.com/en/getting-started/concepts/webhooks
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl
from uuid import UUID

import structlog
from aiohttp import web

from gateway.domain.errors import NotFound, NotSignedIn
from gateway.domain.messages import MessageState
from gateway.resources import new_id
from gateway.services.messages.reporting import Report, take_report
from gateway.services.messages.stopping import hear, number
from gateway.services.people.inviting import find_merchant
from gateway.web.keys import RESOURCES, WIRING
from gateway.web.parsing.bodies import FORM_FIELDS_MAX
from gateway.web.parsing.names import path_name
from gateway.web.providers import twilio, vonage
from gateway.web.providers.reports import DeliveryReport, InboundSms

SMS_CALLBACK_BYTES_MAX = 16 * 1024

_log = structlog.get_logger("gateway.sms")


class Forged(NotSignedIn):
    """This was not signed by the provider."""

    code = "forged"


@dataclass(frozen=True, slots=True)
class _Provider:
    """How a provider's callbacks are checked and read."""

    is_signed: Callable[[web.Request, bytes], bool]
    parse_report: Callable[[bytes], DeliveryReport | None]
    parse_inbound: Callable[[bytes], InboundSms | None]


async def hear_sms_status(request: web.Request, body: bytes) -> web.Response:
    """Take a signed report; 200 also for a message that nobody here knows."""
    provider = _checked(request, body)
    resources = request.app[RESOURCES]
    merchant = await find_merchant(resources.database, path_name(request, "merchant"))
    said = provider.parse_report(body)
    if said is None:
        return web.Response()
    report = Report(
        provider=said.provider,
        reference=said.reference,
        state=MessageState(said.state.value),
        reason=said.reason,
        message_id=_message_id(request),
    )
    async with resources.units(merchant.id) as unit:
        is_news = await take_report(unit, report)
    _log.info("sms_reported", provider=said.provider, state=report.state, is_news=is_news)
    return web.Response()


async def hear_sms_answer(request: web.Request, body: bytes) -> web.Response:
    """Take what a person wrote to the merchant's number, and do what it asks for.

    What was written to another number is passed over: not every provider signs the address, so
    that a message to one merchant could be brought to the door of another.
    """
    provider = _checked(request, body)
    resources = request.app[RESOURCES]
    merchant = await find_merchant(resources.database, path_name(request, "merchant"))
    said = provider.parse_inbound(body)
    if said is None:
        return web.Response()
    async with resources.units(merchant.id) as unit:
        is_ours = said.recipient == (await unit.manners.read()).sms_sender
    if is_ours:
        asked = await hear(resources.units, merchant.id, number(said.sender), said.text, new_id)
        _log.info("sms_heard", provider=said.provider, keyword=asked)
    else:
        _log.warning("sms_for_another_number", provider=said.provider)
    return web.Response()


def _checked(request: web.Request, body: bytes) -> _Provider:
    """Return the provider of the address; raises `Forged`, or `NotFound` for one without."""
    provider = _PROVIDERS.get(request.match_info["provider"])
    if provider is None:
        raise NotFound
    if not provider.is_signed(request, body):
        _log.warning("sms_callback_forged", provider=request.match_info["provider"])
        raise Forged
    return provider


def _by_twilio(request: web.Request, body: bytes) -> bool:
    token = request.app[RESOURCES].settings.twilio_token
    if token is None:
        raise NotFound
    # Our public address and not the Host header, which anybody may write.
    url = request.app[WIRING].public_url + request.raw_path
    signature = request.headers.get("X-Twilio-Signature", "")
    return twilio.is_signed(url, _form(body), signature, token)


def _by_vonage(request: web.Request, body: bytes) -> bool:
    secret = request.app[RESOURCES].settings.vonage_signature_secret
    if secret is None:
        raise NotFound
    authorization = request.headers.get("Authorization", "")
    return vonage.is_signed(authorization, body, secret, request.app[WIRING].now())


def _form(body: bytes) -> list[tuple[str, str]]:
    """Read a form with every repetition, since each is signed; an unreadable one has nothing."""
    try:
        return parse_qsl(
            body.decode(), keep_blank_values=True, errors="strict", max_num_fields=FORM_FIELDS_MAX
        )
    except ValueError:
        return []


def _message_id(request: web.Request) -> UUID | None:
    try:
        return UUID(request.query.get("message", ""))
    except ValueError:
        return None


_PROVIDERS: Mapping[str, _Provider] = {
    twilio.NAME: _Provider(
        _by_twilio,
        lambda body: twilio.parse_report(dict(_form(body))),
        lambda body: twilio.parse_inbound(dict(_form(body))),
    ),
    vonage.NAME: _Provider(_by_vonage, vonage.parse_report, vonage.parse_inbound),
}
