"""Query and path parameters: each at most once, known, and within its bounds."""

from typing import Annotated, TypeVar
from uuid import UUID

import msgspec
from aiohttp import web

from gateway.domain.errors import NotFound
from gateway.web.parsing.bodies import convert
from gateway.web.refusals import QueryInvalid

PAGE_ROWS_MAX = 100

PageRows = Annotated[
    int, msgspec.Meta(ge=1, le=PAGE_ROWS_MAX, description="How many rows at most.")
]

Parsed = TypeVar("Parsed")


def query(request: web.Request, shape: type[Parsed]) -> Parsed:
    """Turn the query string into `shape`; raises QueryInvalid with a pointer to the fault."""
    given: dict[str, str] = {}
    for name, value in request.query.items():
        if name in given:
            raise _fault(name, "This parameter may be given once.")
        if "\x00" in value:
            raise _fault(name, "Text must not hold NUL characters.")
        given[name] = value
    return convert(given, shape, strict=False, refusal=QueryInvalid)


def path_id(request: web.Request, name: str) -> UUID:
    """Read an id from the path; one that cannot exist is simply not found."""
    try:
        return UUID(request.match_info[name])
    except ValueError:
        raise NotFound from None


def _fault(name: str, detail: str) -> QueryInvalid:
    return QueryInvalid(errors=[{"pointer": f"/{name}", "detail": detail}])
