"""Answers of the API: typed values as JSON, and stored bytes again."""

from collections.abc import Mapping
from http import HTTPStatus

import msgspec
from aiohttp import web

from gateway.web.problems import CONTENT_TYPE as PROBLEM_TYPE

CONTENT_TYPE = "application/json"
REPLAYED = "Idempotency-Replayed"

_ENCODER = msgspec.json.Encoder()


def json_answer(
    value: object, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> web.Response:
    """Answer with a value that msgspec can write."""
    return web.Response(
        body=_ENCODER.encode(value), status=status, content_type=CONTENT_TYPE, headers=headers
    )


def stored_answer(body: bytes, *, status: int, is_replay: bool) -> web.Response:
    """Answer with the bytes kept for an idempotency key, and say so when it is a retry."""
    headers = {REPLAYED: "true"} if is_replay else None
    content_type = PROBLEM_TYPE if status >= HTTPStatus.BAD_REQUEST else CONTENT_TYPE
    return web.Response(body=body, status=status, content_type=content_type, headers=headers)
