"""Two proofs in a browser: one to show a card, and one to choose for its customer."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from aiohttp import web

from gateway.web import cookies
from gateway.web.keys import RESOURCES

HOLDING_LIFETIME = timedelta(days=400)
"""The longest browsers keep a cookie."""


class _Right(StrEnum):
    """What a proof allows: its name in the cookie's name. Each is signed over words of its own."""

    SHOW = "card"
    CHOOSE = "choices"


_SIGNED = {_Right.SHOW: "holds a card", _Right.CHOOSE: "chooses for a card"}


def hold(
    request: web.Request,
    response: web.StreamResponse,
    slug: str,
    card_id: UUID,
    *,
    may_choose: bool,
) -> None:
    """Let the browser that gets this response show the card from now on, and perhaps choose.

    Who only knows an address may not choose. A browser that may already keeps that: the proofs
    are two cookies, so that an answer that comes late takes nothing back. They are in cookies and
    not in the address, which people share and which logs keep.
    """
    for right in (_Right.SHOW, _Right.CHOOSE) if may_choose else (_Right.SHOW,):
        proof = _proof(request, right, slug, card_id)
        cookies.give(request, response, _name(right, card_id), proof, lifetime=HOLDING_LIFETIME)


def holds(request: web.Request, slug: str, card_id: UUID) -> bool:
    """Say whether the request comes from a browser that was given the card."""
    return _proves(request, _Right.SHOW, slug, card_id)


def may_choose(request: web.Request, slug: str, card_id: UUID) -> bool:
    """Say whether the browser may see and change what the card's customer chose."""
    return _proves(request, _Right.CHOOSE, slug, card_id)


def _proves(request: web.Request, right: _Right, slug: str, card_id: UUID) -> bool:
    shown = cookies.read(request, _name(right, card_id)).encode("utf-8", "replace")
    return hmac.compare_digest(_proof(request, right, slug, card_id).encode(), shown)


def _proof(request: web.Request, right: _Right, slug: str, card_id: UUID) -> str:
    key = request.app[RESOURCES].keys.links
    message = f"{_SIGNED[right]}|{slug}|{card_id}".encode()
    return urlsafe_b64encode(hmac.digest(key, message, hashlib.sha256)).rstrip(b"=").decode()


def _name(right: _Right, card_id: UUID) -> str:
    return f"passgate_{right}_{card_id.hex}"
