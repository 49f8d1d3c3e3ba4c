"""The whole surface on one page: method, path, handler, permission."""

from gateway.web import apple
from gateway.web.health import Alive, Ready, livez, readyz
from gateway.web.identity.access import DEVICE, PUBLIC
from gateway.web.key_set import jwks
from gateway.web.pages.static_files import static_file
from gateway.web.reference.openapi import openapi
from gateway.web.reference.page import api_reference
from gateway.web.routing import Route, Style

FOUNDATION = (
    Route("GET", "/livez", livez, PUBLIC, answers={200: Alive}),
    Route("GET", "/readyz", readyz, PUBLIC, answers={200: Ready, 503: Ready}),
    Route("GET", "/.well-known/jwks.json", jwks, PUBLIC),
    Route("GET", "/api", api_reference, PUBLIC, style=Style.PAGE),
    Route("GET", "/api/v1/openapi.json", openapi, PUBLIC),
    Route("GET", "/static/{digest}/{path:.+}", static_file, PUBLIC),
)

_REGISTRATIONS = "/apple/v1/devices/{device}/registrations/{pass_type}"
_REGISTRATION = f"{_REGISTRATIONS}/{{serial}}"

APPLE = (
    Route(
        "POST",
        _REGISTRATION,
        apple.register_device,
        DEVICE,
        takes=dict,
        body_bytes_max=apple.REGISTRATION_BYTES_MAX,
    ),
    Route("DELETE", _REGISTRATION, apple.unregister_device, DEVICE),
    Route("GET", _REGISTRATIONS, apple.list_changed_passes, DEVICE),
    Route("GET", "/apple/v1/passes/{pass_type}/{serial}", apple.fetch_pass, DEVICE),
    Route(
        "POST",
        "/apple/v1/log",
        apple.log_complaints,
        DEVICE,
        takes=dict,
        body_bytes_max=apple.LOG_BYTES_MAX,
    ),
    Route(
        "GET",
        "/card/{merchant}/{card_id}/pass.pkpass",
        apple.download_pass,
        PUBLIC,
        style=Style.PAGE,
    ),
)

ROUTES: tuple[Route, ...] = (*FOUNDATION, *APPLE)
