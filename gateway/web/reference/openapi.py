"""The OpenAPI 3.1 document, made from the same routes and types that parse the requests."""

import re
from typing import Any

import msgspec
from aiohttp import web

from gateway.domain.configurations.describing import definitions
from gateway.domain.errors import ChangedMeanwhile, NotAllowed, NotSignedIn, Refusal
from gateway.domain.rewards import RewardDesign
from gateway.domain.rules.plan import Plan
from gateway.web.answers import json_answer
from gateway.web.identity.access import Door
from gateway.web.keys import ROUTES, WIRING
from gateway.web.parsing import idempotency, preconditions
from gateway.web.problems import CONTENT_TYPE as PROBLEM_TYPE
from gateway.web.problems import status_of
from gateway.web.refusals import (
    BodyInvalid,
    IdempotencyKeyMissing,
    IfMatchMissing,
    IfMatchOfAnything,
    QueryInvalid,
)
from gateway.web.routing import Route

API_PREFIX = "/api/v1/"
VERSION = "3.1.0"

Json = dict[str, Any]

_PARAMETER = re.compile(r"{(?P<name>\w+)}")
_REFERENCE = "#/components/schemas/{name}"


class Fault(msgspec.Struct, frozen=True):
    """One thing that is wrong, and a JSON pointer to it."""

    pointer: str
    detail: str


class Problem(msgspec.Struct, frozen=True):
    """Why a request was refused (RFC 9457); `code` is stable, `detail` is for people."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str = ""
    errors: list[Fault] = []


async def openapi(request: web.Request) -> web.Response:
    """Describe this API as an OpenAPI 3.1 document."""
    return json_answer(document(request.app[ROUTES], request.app[WIRING].public_url))


def document(routes: tuple[Route, ...], public_url: str) -> Json:
    """Build the document of all routes under `/api/v1/`."""
    listed = [route for route in routes if route.path.startswith(API_PREFIX)]
    schemas, components = _schemas(listed)
    for route in listed:
        if route.takes is not None:
            schemas[route.takes] = _alone(route.takes, schemas[route.takes], components)
    paths: dict[str, Json] = {}
    for route in listed:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, schemas)
    return {
        "openapi": VERSION,
        "info": {"title": "passgate", "version": "1", "description": _INTRODUCTION},
        "servers": [{"url": public_url}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    }


_INTRODUCTION = (
    "Send an API key or an access token as `Authorization: Bearer …`. A request that changes a "
    "balance needs an `Idempotency-Key`; sent again with the same key it has one effect and the "
    "same answer. Refusals are `application/problem+json` with a stable `code`."
)


_IF_MATCH = (
    "The `ETag` of what you saw. `*` is refused: it matches whatever is there, so a change that "
    "you never saw would be lost."
)


def _schemas(routes: list[Route]) -> tuple[dict[type[Any], Json], Json]:
    """Return the schema of each type in use, and the components they refer to."""
    types: dict[type[Any], None] = {Problem: None}
    for route in routes:
        for of_route in (route.takes, *route.answers.values()):
            if of_route is not None:
                types[of_route] = None
    schemas, components = msgspec.json.schema_components(types, ref_template=_REFERENCE)
    configurations = definitions(Plan, _REFERENCE) | definitions(RewardDesign, _REFERENCE)
    for name in set(components) & set(configurations):
        assert "enum" in components[name], "a name describes one type"
    return dict(zip(types, schemas, strict=True)), components | configurations


def _alone(shape: type[Any], schema: Json, components: Json) -> Json:
    """Return the schema of what a door takes: what it is among others need not be said there."""
    described = msgspec.inspect.type_info(shape)
    if not isinstance(described, msgspec.inspect.StructType) or described.tag_field is None:
        return schema
    component = components[shape.__name__]
    required = [name for name in component["required"] if name != described.tag_field]
    return {**component, "required": required}


def _operation(route: Route, schemas: dict[type[Any], Json]) -> Json:
    operation: Json = {
        "operationId": route.name,
        "summary": route.summary,
        "tags": [re.split(r"[/.]", route.path.removeprefix(API_PREFIX))[0]],
        "parameters": _parameters(route),
        "responses": _answers(route, schemas) | _refusals(route),
    }
    if route.description:
        operation["description"] = route.description
    if route.takes is not None and not route.is_safe:
        content = {"application/json": {"schema": schemas[route.takes]}}
        operation["requestBody"] = {"required": True, "content": content}
    if route.access.door is Door.API:
        operation["security"] = [{"bearer": []}]
    if route.access.permission is not None:
        operation["x-permission"] = route.access.permission
    return operation


def _parameters(route: Route) -> list[Json]:
    parameters = [_path_parameter(found["name"]) for found in _PARAMETER.finditer(route.path)]
    if route.takes is not None and route.is_safe:
        parameters += _query_parameters(route.takes)
    if route.is_idempotent:
        limits = {"minLength": 1, "maxLength": idempotency.KEY_CHARACTERS_MAX}
        parameters.append(_header(idempotency.HEADER, limits))
    if route.is_conditional:
        parameters.append(
            _header(preconditions.HEADER, {"examples": ['"3"']}) | {"description": _IF_MATCH}
        )
    return parameters


def _header(name: str, limits: Json) -> Json:
    schema = {"type": "string"} | limits
    return {"name": name, "in": "header", "required": True, "schema": schema}


def _path_parameter(name: str) -> Json:
    schema = {"type": "string"} | ({"format": "uuid"} if name.endswith("_id") else {})
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _query_parameters(shape: type[Any]) -> list[Json]:
    _, components = msgspec.json.schema_components([shape], ref_template=_REFERENCE)
    described = components[shape.__name__]
    required = set(described.get("required", ()))
    return [
        {"name": name, "in": "query", "required": name in required, "schema": schema}
        for name, schema in described["properties"].items()
    ]


def _answers(route: Route, schemas: dict[type[Any], Json]) -> Json:
    answers: Json = {}
    for status, shape in (route.answers or {200: None}).items():
        answers[str(status)] = {"description": "Done."}
        if shape is not None:
            description = (shape.__doc__ or "Done.").strip().partition("\n")[0]
            content = {"application/json": {"schema": schemas[shape]}}
            answers[str(status)] = {"description": description, "content": content}
    return answers


def _refusals(route: Route) -> Json:
    """Group a route's refusals by status, each with its code and its sentence."""
    sentences: dict[str, list[str]] = {}
    for refusal in refusals_of(route):
        line = f"`{refusal.code}`: {(refusal.__doc__ or '').strip()}"
        sentences.setdefault(str(int(status_of(refusal))), []).append(line)
    content = {PROBLEM_TYPE: {"schema": {"$ref": _REFERENCE.format(name=Problem.__name__)}}}
    return {
        status: {"description": "\n\n".join(lines), "content": content}
        for status, lines in sorted(sentences.items())
    }


def refusals_of(route: Route) -> tuple[type[Refusal], ...]:
    """Return what a route can refuse: what it says itself, and what its entrance does."""
    entrance: list[type[Refusal]] = []
    if route.access.door is Door.API:
        entrance.append(NotSignedIn)
    if route.access.permission is not None:
        entrance.append(NotAllowed)
    if route.takes is not None:
        entrance.append(QueryInvalid if route.is_safe else BodyInvalid)
    if route.is_idempotent:
        entrance.append(IdempotencyKeyMissing)
    if route.is_conditional:
        entrance += (IfMatchMissing, IfMatchOfAnything, ChangedMeanwhile)
    return tuple(dict.fromkeys((*entrance, *route.refuses)))
