"""The Idempotency-Key header and the fingerprint that tells a retry from another request.

https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
"""

import hashlib
import re
from dataclasses import dataclass

import msgspec
from aiohttp import web

from gateway.web.refusals import IdempotencyKeyInvalid, IdempotencyKeyMissing

HEADER = "Idempotency-Key"
KEY_CHARACTERS_MAX = 255

# The draft wants a quoted string of RFC 8941; everybody sends it bare. We take both.
_BARE = re.compile(r"[!#-~][!-~]*")
_QUOTED = re.compile(r'"((?:[!#-\[\]-~]|\\["\\])+)"')


@dataclass(frozen=True, slots=True)
class Retry:
    """What makes a request the same request again."""

    key: str
    fingerprint: bytes
    """SHA-256 over method, path and canonical body."""


def retry(request: web.Request, body: object) -> Retry:
    """Read what identifies this request; `body` is the parsed JSON, or None without one.

    Raises IdempotencyKeyMissing or IdempotencyKeyInvalid.
    """
    return Retry(key=_key(request), fingerprint=fingerprint(request.method, request.path, body))


def fingerprint(method: str, path: str, body: object) -> bytes:
    """Hash what was asked, whatever the order of keys and the white space it was sent with."""
    canonical = msgspec.json.encode(body, order="sorted")
    return hashlib.sha256(f"{method}\n{path}\n".encode() + canonical).digest()


def _key(request: web.Request) -> str:
    sent = request.headers.getall(HEADER, [])
    if not sent:
        raise IdempotencyKeyMissing
    if len(sent) > 1:
        raise IdempotencyKeyInvalid
    key = _unquoted(sent[0].strip())
    if len(key) > KEY_CHARACTERS_MAX:
        raise IdempotencyKeyInvalid
    return key


def _unquoted(text: str) -> str:
    if quoted := _QUOTED.fullmatch(text):
        return re.sub(r"\\(.)", r"\1", quoted[1])
    if _BARE.fullmatch(text):
        return text
    raise IdempotencyKeyInvalid
