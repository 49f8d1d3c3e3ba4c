"""The security headers of every answer (OWASP ASVS 5.0 §3.4)."""

from aiohttp import web

from gateway.web.keys import REQUEST_ID, ROUTE, WIRING
from gateway.web.routing import Route, Style

_NOTHING = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
_PAGE = (
    "default-src 'none'; script-src 'self'{wasm}; style-src 'self'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; media-src 'self' blob:; manifest-src 'self'; "
    "worker-src 'self'; frame-src 'self'; object-src 'none'; frame-ancestors 'none'; "
    "base-uri 'none'; form-action 'self'"
)
_COMMON = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_NO_DEVICES = "camera=(), microphone=(), geolocation=()"

PROGRAM_HEADERS = _COMMON | {
    "Content-Security-Policy": _NOTHING,
    "Referrer-Policy": "no-referrer",
}
PAGE_HEADERS = _COMMON | {
    # Under no-referrer a browser sends our own forms with `Origin: null`.
    "Referrer-Policy": "same-origin",
    "Content-Security-Policy": _PAGE.format(wasm=""),
    "Permissions-Policy": _NO_DEVICES,
}
# A WebAssembly decoder cannot start under script-src 'self' alone.
SCANNER_HEADERS = PAGE_HEADERS | {
    "Content-Security-Policy": _PAGE.format(wasm=" 'wasm-unsafe-eval'"),
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
}
# A mail has its styles in itself; nothing else in it may run, load or lead anywhere.
MAIL_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; sandbox; "
        "frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
    ),
    "Referrer-Policy": "no-referrer",
}
TRANSPORT_SECURITY = "max-age=31536000; includeSubDomains"


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Complete an answer as it leaves; what a handler has set stays."""
    headers = response.headers
    for name, value in _headers_for(request.get(ROUTE), response).items():
        headers.setdefault(name, value)
    headers.setdefault("Cache-Control", "no-store")
    headers["Server"] = "passgate"
    if request_id := request.get(REQUEST_ID):
        headers["X-Request-Id"] = request_id
    if request.app[WIRING].is_https:
        headers["Strict-Transport-Security"] = TRANSPORT_SECURITY


def _headers_for(route: Route | None, response: web.StreamResponse) -> dict[str, str]:
    if route is not None and route.uses_camera:
        return SCANNER_HEADERS
    is_page = response.content_type == "text/html" or (
        route is not None and route.style is Style.PAGE
    )
    return PAGE_HEADERS if is_page else PROGRAM_HEADERS
