"""The whole surface on one page: method, path, handler, permission."""

from gateway.web.health import Alive, Ready, livez, readyz
from gateway.web.identity.access import PUBLIC
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

ROUTES: tuple[Route, ...] = FOUNDATION
