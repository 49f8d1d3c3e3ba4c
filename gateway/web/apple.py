"""The doors of Apple Wallet: the web service devices call, and the download of a pass.

Source: https://developer.apple.com/documentation/walletpasses/adding-a-web-service-to-update-passes
What a device accepts beyond the documented statuses was observed: it takes 204 for an error on
DELETE, and a `lastUpdated` that is no string makes it discard the whole list.
"""

from collections import Counter
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

import structlog
from aiohttp import web

from gateway.domain.errors import Invalid
from gateway.services.wallets import issuing, registering
from gateway.services.wallets.issuing import CannotSign, SignedPass
from gateway.services.wallets.pass_links import check_download
from gateway.services.wallets.registering import NotTheirs, PassClaim
from gateway.web.answers import json_answer
from gateway.web.keys import RESOURCES, WIRING
from gateway.web.parsing.queries import path_id
from gateway.web.refusals import BodyInvalid, Unavailable
from passes.apple.device_log import classify
from passes.apple.service import (
    PASS_MEDIA_TYPE,
    DeviceLog,
    Registration,
    http_date,
    is_not_modified,
    parse_authorization,
    parse_log,
    parse_registration,
    parse_tag,
)
from passes.apple.words import is_device_library_identifier

REGISTRATION_BYTES_MAX = 4 * 1024
LOG_BYTES_MAX = 32 * 1024
KEPT_LINES_MAX = 10
KEPT_LINE_CHARACTERS_MAX = 1_000

_log = structlog.get_logger("gateway.apple")

Handler = Callable[..., Awaitable[web.Response]]


def _as_devices_expect(handler: Handler) -> Handler:
    """Answer whoever may not with one 401 for all reasons, and a broken signer with 503."""

    @wraps(handler)
    async def answered(request: web.Request, *taken: object) -> web.Response:
        try:
            return await handler(request, *taken)
        except NotTheirs:
            return web.Response(status=401, headers={"WWW-Authenticate": "ApplePass"})
        except CannotSign as problem:
            _log.error("pass_not_signed", problem=str(problem))
            raise Unavailable from problem

    return answered


@_as_devices_expect
async def register_device(request: web.Request, body: dict[str, Any]) -> web.Response:
    """Register a device for updates of a pass: 201, or 200 when it already was."""
    device = request.match_info["device"]
    if not is_device_library_identifier(device):
        raise Invalid("This cannot be a device library identifier.")
    office = request.app[RESOURCES].passes
    is_new = await registering.register(office, _claim(request), device, _registration(body))
    return web.Response(status=201 if is_new else 200)


@_as_devices_expect
async def unregister_device(request: web.Request) -> web.Response:
    """Unregister a device from a pass: 200 without a body, however often."""
    office = request.app[RESOURCES].passes
    await registering.unregister(office, _claim(request), request.match_info["device"])
    return web.Response()


@_as_devices_expect
async def list_changed_passes(request: web.Request) -> web.Response:
    """List the serial numbers of a device's passes that changed since a tag, or answer 204."""
    changes = await registering.changes(
        request.app[RESOURCES].passes,
        request.match_info["pass_type"],
        request.match_info["device"],
        parse_tag(request.query.get("passesUpdatedSince")),
    )
    return json_answer(changes.body()) if changes else web.Response(status=204)


@_as_devices_expect
async def fetch_pass(request: web.Request) -> web.Response:
    """Return the newest version of a pass, or 304 when the device has it."""
    office = request.app[RESOURCES].passes
    if_modified_since = request.headers.get("If-Modified-Since")
    if request.method == "HEAD":
        return await _fetch_head(request, if_modified_since)
    signed = await registering.fetch(office, _claim(request), if_modified_since)
    return _pass_answer(signed) if signed else web.Response(status=304)


@_as_devices_expect
async def download_pass(request: web.Request) -> web.Response:
    """Hand a pass to its owner's phone, by the signed link on the card page."""
    resources, merchant = request.app[RESOURCES], request.match_info["merchant"]
    card_id = path_id(request, "card_id")
    now = request.app[WIRING].now()
    check_download(resources.keys.links, merchant, card_id, request.query, now)
    async with resources.database.directory() as directory:
        merchant_id = (await directory.merchant(merchant)).id
    answer = _pass_answer(await issuing.download(resources.passes, merchant_id, card_id))
    answer.headers["Content-Disposition"] = 'attachment; filename="card.pkpass"'
    return answer


async def log_complaints(_request: web.Request, body: dict[str, Any]) -> web.Response:
    """Take a device's complaints about us: counted by kind, a few lines kept for reading."""
    complaints = _device_log(body)
    kinds = Counter(f"{classify(line)}" for line in complaints.lines)
    kept = [line[:KEPT_LINE_CHARACTERS_MAX] for line in complaints.lines[:KEPT_LINES_MAX]]
    _log.warning("device_complained", kinds=dict(kinds), lines=kept)
    return web.Response()


async def _fetch_head(request: web.Request, if_modified_since: str | None) -> web.Response:
    """Answer HEAD as GET would, without the body's signature."""
    stored = await registering.last_change(request.app[RESOURCES].passes, _claim(request))
    if is_not_modified(if_modified_since, stored.changed_at):
        return web.Response(status=304)
    headers = {"Last-Modified": http_date(stored.changed_at)}
    return web.Response(content_type=PASS_MEDIA_TYPE, headers=headers)


def _claim(request: web.Request) -> PassClaim:
    return PassClaim(
        request.match_info["pass_type"],
        request.match_info["serial"],
        parse_authorization(request.headers.get("Authorization")),
    )


def _pass_answer(signed: SignedPass) -> web.Response:
    headers = {"Last-Modified": http_date(signed.changed_at)}
    return web.Response(body=signed.data, content_type=PASS_MEDIA_TYPE, headers=headers)


def _registration(body: dict[str, Any]) -> Registration:
    try:
        return parse_registration(body)
    except ValueError as problem:
        raise BodyInvalid(str(problem)) from None


def _device_log(body: dict[str, Any]) -> DeviceLog:
    try:
        return parse_log(body)
    except ValueError as problem:
        raise BodyInvalid(str(problem)) from None
