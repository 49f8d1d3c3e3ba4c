"""A caller of the API whose every answer is held against the OpenAPI document."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any
from uuid import UUID

import jsonschema
from aiohttp import web
from aiohttp.test_utils import TestClient

from gateway.domain.people import Origin, Permission
from gateway.resources import Resources, new_id, new_secret
from gateway.services.people.api_keys import KeyMaker, issue_api_key, write_api_key
from gateway.web.reference.openapi import API_PREFIX, document
from gateway.web.routes import ROUTES

MAKER = KeyMaker(actor="test", origin=Origin(source="test"), new_id=new_id, new_secret=new_secret)
DESCRIBED = document(ROUTES, "http://127.0.0.1:8080")
_NUMBERS = count()


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back; `body` is the JSON, `raw` its bytes."""

    status: int
    headers: Mapping[str, str]
    raw: bytes
    body: Any

    @property
    def code(self) -> str | None:
        """The refusal's stable code."""
        return self.body.get("code") if isinstance(self.body, dict) else None


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody with a key."""

    client: TestClient[web.Request, web.Application]
    bearer: str = field(repr=False)

    async def get(self, path: str, **headers: str) -> Answered:
        """Read something."""
        return await self.call("GET", path, headers=headers)

    async def post(
        self, path: str, body: object = None, *, key: str | None = None, **headers: str
    ) -> Answered:
        """Change something; with a key of its own unless one is given."""
        headers = {"Idempotency-Key": key or f"key-{next(_NUMBERS)}"} | headers
        return await self.call("POST", path, body, headers=headers)

    async def put(self, path: str, body: object, **headers: str) -> Answered:
        """Replace something."""
        return await self.call("PUT", path, body, headers=headers)

    async def call(
        self, method: str, path: str, body: object = None, *, headers: dict[str, str]
    ) -> Answered:
        """Send a request, and see that the answer is what the document promises."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.bearer:
            sent["Authorization"] = f"Bearer {self.bearer}"
        content: dict[str, Any] = {} if body is None else {"json": body}
        async with self.client.request(
            method, API_PREFIX + path, headers=sent, allow_redirects=False, **content
        ) as response:
            raw = await response.read()
            decoded = await response.json(content_type=None) if raw else None
            answered = Answered(response.status, response.headers, raw, decoded)
            check_promise(method, path, answered, response.content_type)
        return answered

    def anonymous(self) -> "Caller":
        """The same caller without a key."""
        return replace(self, bearer="")


def check_promise(method: str, path: str, answered: Answered, content_type: str) -> None:
    """Assert that the operation documents this status with a schema the body fits."""
    operation = _operation(method, API_PREFIX + path.partition("?")[0])
    if operation is None:
        return
    assert str(answered.status) in operation["responses"] or answered.status == 304, (
        f"{method} {path} does not document {answered.status} {answered.body}"
    )
    if answered.status == 304:
        return
    content = operation["responses"][str(answered.status)]["content"]
    assert content_type in content, f"{method} {path}: {content_type}"
    schema = content[content_type]["schema"] | {"components": DESCRIBED["components"]}
    jsonschema.Draft202012Validator(schema).validate(answered.body)


def _operation(method: str, path: str) -> dict[str, Any] | None:
    for template, methods in DESCRIBED["paths"].items():
        if method.lower() in methods and re.fullmatch(re.sub(r"{\w+}", "[^/]+", template), path):
            found: dict[str, Any] = methods[method.lower()]
            return found
    return None


async def make_key(
    resources: Resources, merchant_id: UUID, scopes: frozenset[Permission] = frozenset(Permission)
) -> str:
    """Issue a key with these scopes."""
    async with resources.units(merchant_id) as unit:
        return write_api_key(await issue_api_key(unit, "test", scopes, MAKER))
