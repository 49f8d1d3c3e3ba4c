"""The cookies we set: sessions, the till a browser is, and the visit a form is bound to."""

from datetime import timedelta

from aiohttp import web

from gateway.web.keys import WIRING

SESSION = "passgate_session"
"""A merchant's session."""
STAFF = "passgate_staff"
"""A staff session on a till: a name of its own, as one browser may hold both."""
TILL = "passgate_till"
VISIT = "passgate_visit"
VISIT_LIFETIME = timedelta(hours=12)


def read(request: web.Request, name: str) -> str:
    """Return a cookie's value, or an empty string."""
    return request.cookies.get(_full_name(request, name), "")


def give(
    request: web.Request,
    response: web.StreamResponse,
    name: str,
    value: str,
    *,
    lifetime: timedelta,
) -> None:
    """Set a cookie that no script can read and no other site's form can bring along."""
    response.set_cookie(
        _full_name(request, name),
        value,
        max_age=int(lifetime.total_seconds()),
        path="/",
        secure=request.app[WIRING].is_https,
        httponly=True,
        samesite="Lax",
    )


def take_back(request: web.Request, response: web.StreamResponse, name: str) -> None:
    """Make the browser forget a cookie."""
    response.del_cookie(
        _full_name(request, name),
        path="/",
        secure=request.app[WIRING].is_https,
        httponly=True,
        samesite="Lax",
    )


def _full_name(request: web.Request, name: str) -> str:
    # `__Host-` makes the browser insist on Secure, no Domain and Path=/; it needs https.
    return f"__Host-{name}" if request.app[WIRING].is_https else name
