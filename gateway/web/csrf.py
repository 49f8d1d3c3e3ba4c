"""Proof that a form or a script's request was sent from our own page.

Two independent checks: what the browser says about the sender (Sec-Fetch-Site, Origin), and a
double-submitted token that is bound to the visit and the session by HMAC
(OWASP "Signed Double-Submit Cookie").
"""

import hashlib
import hmac
import secrets

from aiohttp import web

from gateway.web import cookies
from gateway.web.identity.access import Door
from gateway.web.keys import ROUTE, VISIT, WIRING
from gateway.web.refusals import CrossSite

FIELD = "csrf_token"
HEADER = "X-CSRF-Token"
VISIT_BYTES = 16
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def token(request: web.Request) -> str:
    """Return the token for a form on the page being made, beginning a visit when there is none."""
    visit = cookies.read(request, cookies.VISIT) or request.get(VISIT)
    if not visit:
        visit = request[VISIT] = secrets.token_urlsafe(VISIT_BYTES)
    return _sign(request, visit)


def remember_visit(request: web.Request, response: web.StreamResponse) -> None:
    """Set the cookie of a visit which `token` began while the page was made."""
    if visit := request.get(VISIT):
        cookies.give(request, response, cookies.VISIT, visit, lifetime=cookies.VISIT_LIFETIME)


def require_own_origin(request: web.Request) -> None:
    """Refuse what the browser says another site has sent."""
    sender = request.headers.get("Sec-Fetch-Site")
    if sender is not None:
        is_own = sender in {"same-origin", "none"}
    else:
        # Browsers send no Sec-Fetch-Site over plain http, and programs send neither.
        own = request.app[WIRING].origin
        is_own = request.headers.get("Origin", own) == own
    if not is_own:
        raise CrossSite


def require_token(request: web.Request, sent: str | None) -> None:
    """Refuse a request without the token of its visit and session."""
    visit = cookies.read(request, cookies.VISIT)
    if not visit or not sent:
        raise CrossSite
    expected = _sign(request, visit)
    if not hmac.compare_digest(expected.encode(), sent.encode("utf-8", "replace")):
        raise CrossSite


def _sign(request: web.Request, visit: str) -> str:
    route = request.get(ROUTE)
    is_till = route is not None and route.access.door is Door.STAFF
    session = cookies.read(request, cookies.STAFF if is_till else cookies.SESSION)
    message = f"{visit}\n{session}".encode("utf-8", "surrogateescape")
    return hmac.new(request.app[WIRING].csrf_key, message, hashlib.sha256).hexdigest()
