"""What every command on a card is made of, and how its kept answer is given."""

from aiohttp import web

from gateway.services.cards.commands import Answer, Asked
from gateway.web.answers import stored_answer
from gateway.web.keys import PRINCIPAL, RETRY
from gateway.web.origins import origin
from gateway.web.parsing.queries import path_id


def asked(request: web.Request) -> Asked:
    """Return who asks for what card, with the key that makes a retry the same request."""
    return Asked(
        principal=request[PRINCIPAL],
        origin=origin(request),
        key=request[RETRY].key,
        fingerprint=request[RETRY].fingerprint,
        card_id=path_id(request, "card_id"),
    )


def given(answer: Answer) -> web.Response:
    """Answer with the bytes that are kept for the key."""
    return stored_answer(answer.body.encode(), status=answer.status, is_replay=answer.replayed)
