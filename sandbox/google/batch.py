"""Batches: many calls in one multipart body, each answered on its own.

https://developers.google.com/wallet/generic/use-cases/batching
"""

import json
from collections.abc import Callable, Mapping
from email import message_from_bytes, policy
from typing import Any

from sandbox.google.api import ApiCall
from sandbox.google.refusals import invalid

CALLS_MAX = 1_000
BOUNDARY = "batch_of_answers"

Answer = Callable[[ApiCall], tuple[int, Mapping[str, Any]]]


def parse_batch(content_type: str, body: bytes) -> list[tuple[str, ApiCall]]:
    """Read a batch's calls, each with its Content-ID."""
    whole = b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body
    message = message_from_bytes(whole, policy=policy.HTTP)
    if message.get_content_type() != "multipart/mixed":
        raise invalid("A batch is multipart/mixed.")
    parts = list(message.iter_parts())
    if len(parts) > CALLS_MAX:
        raise invalid(f"A batch has at most {CALLS_MAX} calls.")
    return [(str(part.get("Content-ID", "")), _call(part.get_content())) for part in parts]


def batch_answer(calls: list[tuple[str, ApiCall]], answer: Answer) -> tuple[str, bytes]:
    """Answer each call; returns the whole answer's content type and body."""
    parts = []
    for content_id, call in calls:
        status, content = answer(call)
        name = content_id.strip("<>")
        parts.append(
            f"--{BOUNDARY}\r\nContent-Type: application/http\r\n"
            f"Content-ID: <response-{name}>\r\n\r\n"
            f"HTTP/1.1 {status} Answer\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n"
            f"{json.dumps(content)}\r\n"
        )
    body = "".join((*parts, f"--{BOUNDARY}--\r\n"))
    return f"multipart/mixed; boundary={BOUNDARY}", body.encode()


def _call(part: object) -> ApiCall:
    """Read an application/http part: request line, headers, an empty line, body."""
    content = part if isinstance(part, bytes) else str(part).encode()
    head, _, body = content.replace(b"\r\n", b"\n").lstrip(b"\n").partition(b"\n\n")
    words = head.split(b"\n")[0].decode().split(" ")
    if len(words) < 2:  # noqa: PLR2004 -- a method and an address
        raise invalid("A part of the batch has no request line.")
    return ApiCall(words[0], words[1], body.strip())
