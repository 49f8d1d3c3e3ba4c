"""Proof that a browser holds a card: a cookie that only we could have written."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from datetime import timedelta
from uuid import UUID

from aiohttp import web

from gateway.web import cookies
from gateway.web.keys import RESOURCES

HOLDING_LIFETIME = timedelta(days=400)
"""The longest browsers keep a cookie."""


def hold(request: web.Request, response: web.StreamResponse, slug: str, card_id: UUID) -> None:
    """Let the browser that gets this response show the card from now on.

    The proof is in the cookie and not in the address, which people share and which logs keep.
    """
    proof = _proof(request, slug, card_id)
    cookies.give(request, response, _name(card_id), proof, lifetime=HOLDING_LIFETIME)


def holds(request: web.Request, slug: str, card_id: UUID) -> bool:
    """Say whether the request comes from a browser that was given the card."""
    shown = cookies.read(request, _name(card_id)).encode("utf-8", "replace")
    return hmac.compare_digest(_proof(request, slug, card_id).encode(), shown)


def _proof(request: web.Request, slug: str, card_id: UUID) -> str:
    key = request.app[RESOURCES].keys.links
    message = f"holds a card|{slug}|{card_id}".encode()
    return urlsafe_b64encode(hmac.digest(key, message, hashlib.sha256)).rstrip(b"=").decode()


def _name(card_id: UUID) -> str:
    return f"passgate_card_{card_id.hex}"
