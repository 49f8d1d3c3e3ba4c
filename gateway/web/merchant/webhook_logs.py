"""An endpoint's page: how it stands, and its delivery log page by page."""

from typing import Annotated
from uuid import UUID

import msgspec
from aiohttp import web

from gateway.presenters.webhook_words import disabled_words, outcome_words
from gateway.web.api.pages import cursor_of, position_of
from gateway.web.keys import PRINCIPAL, RESOURCES
from gateway.web.merchant.webhook_forms import EndpointForm, form_of
from gateway.web.pages.render import page

CURSOR_CHARACTERS_MAX = 200
LOG_ROWS = 50


class LogQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which part of the log."""

    after: Annotated[str, msgspec.Meta(max_length=CURSOR_CHARACTERS_MAX)] = ""


FIRST_PAGE = LogQuery()


async def show_endpoint(
    request: web.Request,
    endpoint_id: UUID,
    *,
    asked: LogQuery = FIRST_PAGE,
    form: EndpointForm | None = None,
) -> web.Response:
    """Show an endpoint; with a `form`, because there was a mistake in it."""
    name = f"webhook log|{endpoint_id}"
    before = position_of(request, name, asked.after or None)
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        merchant = await unit.merchants.me()
        endpoint = await unit.webhook_endpoints.one(endpoint_id)
        attempts = await unit.webhook_attempts.page(endpoint_id, LOG_ROWS, before)
    is_full = len(attempts) == LOG_ROWS
    last = (attempts[-1].attempted_at, attempts[-1].id) if is_full else None
    return page(
        request,
        "merchant/webhook.html",
        status=400 if form else 200,
        merchant=merchant,
        endpoint=endpoint,
        form=form or form_of(endpoint),
        attempts=attempts,
        next_page=cursor_of(request, name, last) if last else None,
        is_first_page=before is None,
        outcome_words=outcome_words,
        disabled_words=disabled_words,
    )
