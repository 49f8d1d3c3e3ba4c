"""Cards over the API: opening one, finding it, and the list of members."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec
from aiohttp import web

from gateway.domain.business_day import business_day
from gateway.domain.cards import CardStatus
from gateway.domain.consents import Purpose
from gateway.domain.contacts import Contact as CustomerContact
from gateway.domain.errors import NotAllowed
from gateway.domain.ledger import Account, balance
from gateway.domain.people import Permission
from gateway.domain.programs import ProgramVersion
from gateway.domain.progress import progress_of
from gateway.domain.rules.keys import REMAINDER_PREFIX
from gateway.presenters.answers import CardProgress, shown
from gateway.presenters.rule_progress import RuleProgress, rules_progress
from gateway.resources import new_code, new_id
from gateway.services.cards.addresses import ADDRESS_CHARACTERS_MAX, parse_contact
from gateway.services.cards.enrolling import Enrolment, Makers, enrol
from gateway.storage.cards import cards as stored
from gateway.storage.cards.customers import Customer
from gateway.storage.unit import Unit
from gateway.web.answers import json_answer
from gateway.web.api.pages import cursor_of, position_of
from gateway.web.keys import PRINCIPAL, RESOURCES
from gateway.web.origins import origin
from gateway.web.parsing.queries import PageRows, path_id

CODE_CHARACTERS_MAX = 64
WORDING_CHARACTERS_MAX = 1_000
PAGE_ROWS = 50

Contact = Annotated[
    str,
    msgspec.Meta(
        min_length=3,
        max_length=ADDRESS_CHARACTERS_MAX,
        description="A mail address or a mobile number; one without a country code is local.",
        examples=["ana@example.com", "+352621123456"],
    ),
]


class Consent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A box that the customer ticked, with the words beside it, which are kept."""

    wording: Annotated[str, msgspec.Meta(min_length=1, max_length=WORDING_CHARACTERS_MAX)]


class NewCard(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whom to give a card of which program; leave out each consent that was not given.

    `consent` is to offers, `news_consent` to being written to about the card itself.
    """

    program_id: UUID
    contact: Contact
    language: Annotated[str, msgspec.Meta(pattern="^[a-z]{2}$")] | None = None
    consent: Consent | None = None
    news_consent: Consent | None = None


class CardSearch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One card by its scanned code, or a page of all cards, newest first."""

    code: Annotated[str, msgspec.Meta(min_length=1, max_length=CODE_CHARACTERS_MAX)] | None = None
    program_id: UUID | None = None
    limit: PageRows = PAGE_ROWS
    cursor: str | None = None


class Balance(msgspec.Struct, frozen=True, kw_only=True):
    """What a card has of a unit: to spend, not yet to spend, and set aside for rewards.

    `available` is below zero when what was spent was earned by a purchase refunded since.
    """

    unit: str
    available: int
    pending: int
    reserved: int


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """A card as it stands; `contact` is masked, and null once the customer was erased.

    `tier` is the key of the one it has. `progress` is that of the rule it shows first, `rules`
    that of each.
    """

    id: UUID
    code: str
    status: CardStatus
    program_id: UUID
    customer_id: UUID
    contact: str | None
    progress: CardProgress
    rules: tuple[RuleProgress, ...]
    balances: tuple[Balance, ...]
    tier: str | None
    opened_at: datetime
    last_earned_at: datetime | None


class Cards(msgspec.Struct, frozen=True):
    """A page of cards; `next_cursor` is null on the last one."""

    items: list[Card]
    next_cursor: str | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    """Cards and whose they are, as read in one unit."""

    cards: Sequence[stored.Card]
    customers: Mapping[UUID, Customer]
    today: date


async def open_card(request: web.Request, asked: NewCard) -> web.Response:
    """Give a customer their card; who has one gets the same again."""
    served = request.app[RESOURCES].settings.sms_countries
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        merchant = await unit.merchants.me()
        enrolment = Enrolment(
            program_id=asked.program_id,
            contact=parse_contact(asked.contact, merchant.country, served),
            language=asked.language or merchant.language,
            time_zone=await unit.merchants.time_zone(),
            agreed=_agreed(asked),
            origin=origin(request),
        )
        enrolled = await enrol(
            unit,
            enrolment,
            Makers(
                new_id=new_id,
                new_code=new_code,
                experiment_key=request.app[RESOURCES].keys.experiments,
            ),
        )
        found = await _with_customers(unit, [enrolled.card])
    (card,) = await _shown(request, found)
    headers = {"Location": f"/api/v1/cards/{card.id}"}
    return json_answer(card, status=201 if enrolled.is_new else 200, headers=headers)


def _agreed(asked: NewCard) -> dict[Purpose, str]:
    given = {Purpose.MARKETING: asked.consent, Purpose.SERVICE: asked.news_consent}
    return {purpose: consent.wording for purpose, consent in given.items() if consent}


async def find_cards(request: web.Request, search: CardSearch) -> web.Response:
    """Find a card by its code, or list all members' cards."""
    if search.code is None:
        return await _list(request, search)
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        found = await _with_customers(unit, [await unit.cards.by_code(search.code)])
    return json_answer(Cards(await _shown(request, found)))


async def show_card(request: web.Request) -> web.Response:
    """Show a card."""
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        card_id = path_id(request, "card_id")
        found = await _with_customers(unit, [await unit.cards.one(card_id)])
    (card,) = await _shown(request, found)
    return json_answer(card)


async def _list(request: web.Request, search: CardSearch) -> web.Response:
    if Permission.MEMBERS_READ not in request[PRINCIPAL].permissions:
        raise NotAllowed("Listing all members needs the scope members:read.")
    name = f"cards|{search.program_id}"
    after = position_of(request, name, search.cursor)
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        cards = await unit.cards.page(search.limit, after, search.program_id)
        found = await _with_customers(unit, cards)
    items = await _shown(request, found)
    if len(cards) < search.limit:
        return json_answer(Cards(items))
    last = cards[-1].opened_at, cards[-1].id
    return json_answer(Cards(items, cursor_of(request, name, last)))


async def _with_customers(unit: Unit, cards: Sequence[stored.Card]) -> _Found:
    return _Found(
        cards,
        await unit.customers.many([card.customer_id for card in cards]),
        business_day(unit.now, await unit.merchants.clock(None)),
    )


async def _shown(request: web.Request, found: _Found) -> list[Card]:
    """Complete cards with what their programs promise.

    Not inside a unit: reading a version takes a second connection, and ten requests that each
    hold one while they wait for another never get it.
    """
    versions = request.app[RESOURCES].database.versions
    merchant_id = request[PRINCIPAL].merchant_id
    items = []
    for card in found.cards:
        version = await versions.of(merchant_id, card.program_version_id)
        contact = found.customers[card.customer_id].contact
        items.append(_card(card.on(version.plan, found.today), version, contact))
    return items


def _card(card: stored.Card, version: ProgramVersion, contact: CustomerContact | None) -> Card:
    return Card(
        id=card.id,
        code=card.code,
        status=card.status,
        program_id=card.program_id,
        customer_id=card.customer_id,
        contact=contact.masked if contact else None,
        progress=shown(progress_of(version.plan, card.balances, card.memory)),
        rules=rules_progress(version.plan, card.balances, card.memory),
        balances=tuple(_balance(card, unit) for unit in _units(card)),
        tier=card.tier,
        opened_at=card.opened_at,
        last_earned_at=card.last_earned_at,
    )


def _units(card: stored.Card) -> list[str]:
    """Return the units that mean something to people, by name."""
    return sorted(unit for unit in card.balances if not unit.startswith(REMAINDER_PREFIX))


def _balance(card: stored.Card, unit: str) -> Balance:
    return Balance(
        unit=unit,
        available=card.available(unit),
        pending=balance(card.balances, unit, Account.PENDING),
        reserved=card.reserved(unit),
    )
