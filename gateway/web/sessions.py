"""Who is signed in: sessions on a till and on the merchant's pages, found by their cookies."""

from aiohttp import web

from gateway.domain.errors import NotSignedIn
from gateway.domain.people import Principal
from gateway.services.people.credentials import Credential, read_credential
from gateway.services.people.signing_in import find_session, find_till, principal_of
from gateway.storage.people.people import Session
from gateway.storage.people.tills import Till
from gateway.web import cookies
from gateway.web.keys import RESOURCES

SESSION = web.RequestKey("session", Session)


async def staff_principal(request: web.Request) -> Principal:
    """Return the person at a till; raises `NotSignedIn`, also once the till is not theirs."""
    credential, session = await _session(request, cookies.STAFF)
    till = till_credential(request)
    is_here = till is not None and session.till_id == till.id
    if not is_here:
        raise NotSignedIn
    return _enter(request, session, credential)


async def merchant_principal(request: web.Request) -> Principal:
    """Return who is signed in on the merchant's pages; raises `NotSignedIn`."""
    credential, session = await _session(request, cookies.SESSION)
    if session.till_id is not None:
        raise NotSignedIn
    return _enter(request, session, credential)


def till_credential(request: web.Request) -> Credential | None:
    """Return what the till's own cookie says; nothing in it is believed yet."""
    return read_credential(cookies.read(request, cookies.TILL))


async def paired_till(request: web.Request) -> tuple[Till, Credential] | None:
    """Return the till this browser is, or None."""
    credential = till_credential(request)
    if credential is None:
        return None
    till = await find_till(request.app[RESOURCES].units, credential)
    return None if till is None else (till, credential)


async def _session(request: web.Request, name: str) -> tuple[Credential, Session]:
    credential = read_credential(cookies.read(request, name))
    if credential is None:
        raise NotSignedIn
    session = await find_session(request.app[RESOURCES].units, credential)
    if session is None:
        raise NotSignedIn
    return credential, session


def _enter(request: web.Request, session: Session, credential: Credential) -> Principal:
    request[SESSION] = session
    return principal_of(session, credential.merchant_id)
