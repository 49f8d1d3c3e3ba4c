"""What every command from a form on the merchant's pages is made of."""

from uuid import UUID

import msgspec
from aiohttp import web

from gateway.domain.errors import Invalid
from gateway.services.cards.commands import Answer, Asked
from gateway.web.keys import PRINCIPAL
from gateway.web.origins import origin
from gateway.web.parsing.bodies import Fields
from gateway.web.parsing.idempotency import KEY_CHARACTERS_MAX, fingerprint

FORM_KEY = "form_key"


class _Problem(msgspec.Struct):
    detail: str


def asked_by_form(request: web.Request, fields: Fields, card_id: UUID) -> Asked:
    """Return who asks for what card; a form that is sent twice is one request.

    Raises `Invalid` for a form without the key that its page gave it.
    """
    key = fields.get(FORM_KEY, "")
    if not key or len(key) > KEY_CHARACTERS_MAX:
        raise Invalid("Please load the page again.")
    return Asked(
        principal=request[PRINCIPAL],
        origin=origin(request),
        key=f"form:{key}",
        fingerprint=fingerprint(request.method, request.path, fields),
        card_id=card_id,
    )


def refusal_of(answer: Answer) -> str:
    """Return the sentence of an answer that is a refusal."""
    return msgspec.json.decode(answer.body, type=_Problem).detail
