"""A customer's consents over the API: what holds now, the log behind it, and one more line."""

from datetime import datetime
from itertools import product
from typing import Annotated
from uuid import UUID

import msgspec
from aiohttp import web

from gateway.domain.consents import Consents, Medium, Purpose, agrees
from gateway.resources import new_id
from gateway.services.messages.preferring import Choice, Chooser, choose
from gateway.storage.messages.consents import Given
from gateway.storage.unit import Unit
from gateway.web.answers import json_answer
from gateway.web.api.cards import WORDING_CHARACTERS_MAX
from gateway.web.keys import PRINCIPAL, RESOURCES
from gateway.web.parsing.queries import path_id

SOURCE_CHARACTERS_MAX = 100


class NewConsent(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a customer said yes or no to: the very words, and where it was said."""

    channel: Medium
    purpose: Purpose
    granted: bool
    wording: Annotated[str, msgspec.Meta(min_length=1, max_length=WORDING_CHARACTERS_MAX)]
    source: Annotated[
        str,
        msgspec.Meta(
            min_length=1, max_length=SOURCE_CHARACTERS_MAX, examples=["till, paper form 2026-11"]
        ),
    ]


class ConsentState(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a customer may be written to by this way for this purpose."""

    channel: Medium
    purpose: Purpose
    granted: bool


class ConsentLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the log."""

    id: UUID
    channel: Medium
    purpose: Purpose
    granted: bool
    wording: str
    source: str
    given_at: datetime


class CustomerConsents(msgspec.Struct, frozen=True, kw_only=True):
    """What a customer agrees to now, and the latest lines of the log, newest first."""

    customer_id: UUID
    consents: list[ConsentState]
    log: list[ConsentLine]


async def show_consents(request: web.Request) -> web.Response:
    """Show what a customer agrees to, and how it came to that."""
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        shown = await _shown(unit, path_id(request, "customer_id"))
    return json_answer(shown)


async def append_consent(request: web.Request, asked: NewConsent) -> web.Response:
    """Append what a customer said elsewhere; what they said already is not appended again."""
    customer_id = path_id(request, "customer_id")
    choice = Choice(
        medium=asked.channel,
        purpose=asked.purpose,
        granted=asked.granted,
        wording=asked.wording,
    )
    # Where the program that tells us runs is not where the customer was.
    chooser = Chooser(
        source=f"api: {asked.source}", remote_address=None, new_id=new_id, is_proven=False
    )
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        changes = await choose(unit, customer_id, [choice], chooser)
        shown = await _shown(unit, customer_id)
    return json_answer(shown, status=201 if changes else 200)


async def _shown(unit: Unit, customer_id: UUID) -> CustomerConsents:
    await unit.customers.one(customer_id)
    return CustomerConsents(
        customer_id=customer_id,
        consents=_states(await unit.consents.of(customer_id)),
        log=[_line(given) for given in await unit.consents.log(customer_id)],
    )


def _states(consents: Consents) -> list[ConsentState]:
    return [
        ConsentState(channel=medium, purpose=purpose, granted=agrees(consents, medium, purpose))
        for medium, purpose in product(Medium, Purpose)
    ]


def _line(given: Given) -> ConsentLine:
    consent = given.consent
    return ConsentLine(
        id=consent.id,
        channel=consent.medium,
        purpose=consent.purpose,
        granted=consent.granted,
        wording=consent.wording,
        source=consent.source,
        given_at=given.given_at,
    )
