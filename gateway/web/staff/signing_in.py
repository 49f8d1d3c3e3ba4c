"""Signing in at the till: a person and their PIN."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from aiohttp import web

from gateway.domain.errors import NotFound, NotSignedIn, PinLocked, WrongPin
from gateway.domain.people import PIN_DIGITS_MAX, PIN_DIGITS_MIN
from gateway.resources import new_id, new_secret
from gateway.services.people.credentials import Credential, read_credential
from gateway.services.people.signing_in import TILL_SESSION_HOURS, Desk, sign_in_with_pin
from gateway.services.people.signing_out import sign_out
from gateway.storage.people.merchants import Merchant
from gateway.storage.people.people import Member
from gateway.storage.people.tills import Till
from gateway.web import cookies
from gateway.web.keys import RESOURCES
from gateway.web.pages.redirects import see_other
from gateway.web.pages.render import page
from gateway.web.parsing.bodies import Fields
from gateway.web.problems import status_of
from gateway.web.sessions import paired_till, staff_principal


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """A till, whose it is, and who may stand at it."""

    till: Till
    merchant: Merchant
    members: list[Member]


async def till(request: web.Request) -> web.Response:
    """Ask who is at the till."""
    counter = await _counter(request)
    if counter is None:
        return page(request, "staff/not_paired.html", status=401)
    try:
        await staff_principal(request)
    except NotSignedIn:
        return _form(request, counter)
    return see_other("/till/scan")


async def enter_pin(request: web.Request, fields: Fields) -> web.Response:
    """Let a person with their PIN to the till."""
    counter = await _counter(request)
    if counter is None:
        return page(request, "staff/not_paired.html", status=401)
    chosen = fields.get("person", "")
    try:
        credential = await _sign_in(request, counter, chosen, fields.get("pin", ""))
    except (WrongPin, PinLocked) as refusal:
        return _form(request, counter, chosen, refusal)
    response = see_other("/till/scan")
    lifetime = timedelta(hours=TILL_SESSION_HOURS)
    cookies.give(request, response, cookies.STAFF, credential.written(), lifetime=lifetime)
    return response


async def leave_till(request: web.Request) -> web.Response:
    """Sign the person at the till out."""
    credential = read_credential(cookies.read(request, cookies.STAFF))
    if credential is not None:
        await sign_out(request.app[RESOURCES].units, credential)
    response = see_other("/till")
    cookies.take_back(request, response, cookies.STAFF)
    return response


async def _sign_in(request: web.Request, counter: Counter, chosen: str, pin: str) -> Credential:
    """Check a PIN; a person who does not work here is a wrong PIN, and is counted as one."""
    resources = request.app[RESOURCES]
    desk = Desk(
        units=resources.units, hasher=resources.hasher, new_id=new_id, new_secret=new_secret
    )
    try:
        staff_id = UUID(chosen)
    except ValueError:
        raise WrongPin("Please choose your name.") from None
    try:
        return await sign_in_with_pin(desk, counter.merchant.id, counter.till, staff_id, pin)
    except NotFound:
        raise WrongPin from None


async def _counter(request: web.Request) -> Counter | None:
    found = await paired_till(request)
    if found is None:
        return None
    paired, credential = found
    async with request.app[RESOURCES].units(credential.merchant_id) as unit:
        members = [member for member in await unit.staff.all() if member.pin_hash]
        return Counter(till=paired, merchant=await unit.merchants.me(), members=members)


def _form(
    request: web.Request,
    counter: Counter,
    chosen: str = "",
    refusal: WrongPin | PinLocked | None = None,
) -> web.Response:
    return page(
        request,
        "staff/pin.html",
        status=200 if refusal is None else status_of(refusal),
        counter=counter,
        chosen=chosen or (str(counter.members[0].id) if len(counter.members) == 1 else ""),
        mistake=refusal.sentence if refusal else None,
        pin_digits_min=PIN_DIGITS_MIN,
        pin_digits_max=PIN_DIGITS_MAX,
    )
