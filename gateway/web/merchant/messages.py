"""What a merchant's customers are written about, and with which manners."""

from enum import StrEnum

import msgspec
from aiohttp import web

from gateway.domain.errors import ChangedMeanwhile, Invalid
from gateway.services.messages.minding import write_manners
from gateway.web.authors import author_of
from gateway.web.keys import PRINCIPAL, RESOURCES
from gateway.web.merchant.message_forms import (
    EVENT_TITLES,
    MannersForm,
    corrected,
    form_of,
    read_manners,
)
from gateway.web.pages.redirects import see_other
from gateway.web.pages.render import page
from gateway.web.parsing.bodies import Fields

LATE_STATUS = 409
"""Somebody else was faster: nothing was kept, and the page shows what holds now."""


class Done(StrEnum):
    """What was just done, said on top of the page that follows a form."""

    SAVED = "saved"
    RESET = "reset"
    TESTED = "tested"


class MessagesQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the page has to say first."""

    done: Done | None = None


async def messages(request: web.Request, asked: MessagesQuery) -> web.Response:
    """Show what customers are written about."""
    return await _page(request, done=asked.done)


async def change_messages(request: web.Request, fields: Fields) -> web.Response:
    """Keep which events are written about, and the manners."""
    try:
        async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
            settings = read_manners(fields, (await unit.manners.read()).sms_sender)
            await write_manners(unit, settings, author_of(request))
    except Invalid as mistake:
        return await _page(request, corrected(fields, mistake), status=400)
    except ChangedMeanwhile:
        return await _page(request, status=LATE_STATUS)
    return see_other(f"/merchant/messages?done={Done.SAVED}")


async def _page(
    request: web.Request,
    form: MannersForm | None = None,
    *,
    status: int = 200,
    done: Done | None = None,
) -> web.Response:
    """Draw the page: what was typed, or what holds now."""
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        merchant = await unit.merchants.me()
        settings = await unit.manners.read()
        own = await unit.wordings.all()
    return page(
        request,
        "merchant/messages.html",
        status=status,
        merchant=merchant,
        form=form or form_of(settings),
        sms_sender=settings.sms_sender,
        titles=EVENT_TITLES,
        own_events={each.event for each in own},
        is_late=status == LATE_STATUS,
        done=done,
    )
