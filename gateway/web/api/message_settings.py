"""A merchant's manners over the API: when, how often and about what customers are written to."""

from datetime import time
from typing import Annotated

import msgspec
from aiohttp import web

from gateway.domain.contacting import (
    CONTACTS_A_DAY_MAX,
    CONTACTS_A_WEEK_MAX,
    ContactBudget,
    ContactPolicy,
    QuietHours,
)
from gateway.domain.errors import Invalid
from gateway.domain.wording import MessageEvent
from gateway.resources import new_id
from gateway.services.cards.addresses import ADDRESS_CHARACTERS_MAX
from gateway.services.merchants.designing import Author
from gateway.services.messages.minding import write_manners
from gateway.storage.messages import manners
from gateway.web.answers import json_answer
from gateway.web.keys import PRINCIPAL, RESOURCES, REVISION
from gateway.web.origins import origin
from gateway.web.parsing.preconditions import etag
from gateway.web.refusals import BodyInvalid

SENDER_CHARACTERS_MAX = 16
_POINTERS = {"a_day": "/offers/a_day", "a_week": "/offers/a_week"}

Hour = Annotated[str, msgspec.Meta(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$", examples=["21:00"])]


class Quiet(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """When nothing rings, by the customer's own clock; `begins` equal to `ends` is never."""

    begins: Hour
    ends: Hour
    sundays: bool


class OfferLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How many offers one customer gets at most, over wallet, mail and SMS together."""

    a_day: Annotated[int, msgspec.Meta(ge=0, le=CONTACTS_A_DAY_MAX)]
    a_week: Annotated[int, msgspec.Meta(ge=0, le=CONTACTS_A_WEEK_MAX)]


class MessageSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A merchant's manners; nobody is written to about `silent_events`.

    Answers to a mail go to `reply_to`, the address with which one of your people logs in; null
    for nobody. `sms_sender` is assigned by whoever runs this installation and is given back as it
    was read; without one no SMS is sent.
    """

    quiet_hours: Quiet
    offers: OfferLimits
    silent_events: Annotated[list[MessageEvent], msgspec.Meta(max_length=len(MessageEvent))]
    reply_to: Annotated[str, msgspec.Meta(max_length=ADDRESS_CHARACTERS_MAX)] | None
    sms_sender: Annotated[str, msgspec.Meta(max_length=SENDER_CHARACTERS_MAX)] | None


async def show_message_settings(request: web.Request) -> web.Response:
    """Show the manners, with the ETag that a change of them must bring."""
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        settings = await unit.manners.read()
    return _answer(settings)


async def replace_message_settings(request: web.Request, asked: MessageSettings) -> web.Response:
    """Write the manners anew, all of them."""
    author = Author(principal=request[PRINCIPAL], origin=origin(request), new_id=new_id)
    try:
        async with request.app[RESOURCES].units(author.principal.merchant_id) as unit:
            written = await write_manners(unit, _read(asked, request[REVISION]), author)
    except Invalid as mistake:
        raise pointed(mistake, _POINTERS) from None
    return _answer(written)


def pointed(mistake: Invalid, pointers: dict[str, str]) -> BodyInvalid:
    """Return a mistake by field as one by JSON pointers, by default of the field's own name."""
    found = mistake.detail["errors"]
    assert isinstance(found, dict), "rules name their fields"
    faults = [
        {"pointer": pointers.get(name, f"/{name}"), "detail": sentence}
        for name, sentence in found.items()
    ]
    return BodyInvalid(mistake.sentence, errors=faults)


def _read(asked: MessageSettings, revision: int) -> manners.MessageSettings:
    quiet, offers = asked.quiet_hours, asked.offers
    return manners.MessageSettings(
        policy=ContactPolicy(
            quiet=QuietHours(
                begins=time.fromisoformat(quiet.begins),
                ends=time.fromisoformat(quiet.ends),
                sundays=quiet.sundays,
            ),
            budget=ContactBudget(a_day=offers.a_day, a_week=offers.a_week),
        ),
        silent_events=frozenset(asked.silent_events),
        reply_to=asked.reply_to,
        sms_sender=asked.sms_sender,
        revision=revision,
    )


def _answer(settings: manners.MessageSettings) -> web.Response:
    quiet, budget = settings.policy.quiet, settings.policy.budget
    shown = MessageSettings(
        quiet_hours=Quiet(
            begins=f"{quiet.begins:%H:%M}", ends=f"{quiet.ends:%H:%M}", sundays=quiet.sundays
        ),
        offers=OfferLimits(a_day=budget.a_day, a_week=budget.a_week),
        silent_events=[MessageEvent(each) for each in sorted(settings.silent_events)],
        reply_to=settings.reply_to,
        sms_sender=settings.sms_sender,
    )
    return json_answer(shown, headers={"ETag": etag(settings.revision)})
