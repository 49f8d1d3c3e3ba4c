"""The API reference as a page, drawn from the OpenAPI document that programs read."""

from collections.abc import Iterator

from aiohttp import web

from gateway.domain.errors import Refusal
from gateway.web.keys import ROUTES, WIRING
from gateway.web.pages.render import page
from gateway.web.problems import status_of
from gateway.web.reference.openapi import Json, document


async def api_reference(request: web.Request) -> web.Response:
    """Show the API to a person."""
    described = document(request.app[ROUTES], request.app[WIRING].public_url)
    return page(
        request,
        "api_reference.html",
        introduction=described["info"]["description"],
        public_url=request.app[WIRING].public_url,
        groups=_groups(described),
        shapes=described["components"]["schemas"],
        refusals=_refusals(),
    )


def _groups(described: Json) -> dict[str, list[Json]]:
    """Sort the operations by their first path segment."""
    groups: dict[str, list[Json]] = {}
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            entry = operation | {"method": method.upper(), "path": path}
            groups.setdefault(operation["tags"][0], []).append(entry)
    return groups


def _refusals() -> list[Json]:
    """List every refusal the surface can give, by code."""
    known = {refusal.code: refusal for refusal in _subclasses(Refusal)}
    return [
        {
            "code": code,
            "status": int(status_of(refusal)),
            "sentence": (refusal.__doc__ or "").strip(),
        }
        for code, refusal in sorted(known.items())
    ]


def _subclasses(refusal: type[Refusal]) -> Iterator[type[Refusal]]:
    for narrower in refusal.__subclasses__():
        yield narrower
        yield from _subclasses(narrower)
