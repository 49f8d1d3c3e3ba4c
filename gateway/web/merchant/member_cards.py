"""A member's card on the merchant's pages: how it stands, and what is done to it by hand."""

import re
from dataclasses import replace
from http import HTTPStatus
from uuid import UUID

from aiohttp import web

from gateway.domain.adjustments import REASON_CHARACTERS_MAX, units_of
from gateway.domain.errors import Invalid, Refusal
from gateway.domain.ledger import Account
from gateway.domain.rules.keys import REMAINDER_PREFIX
from gateway.presenters.problems import STATUS_OF_KIND
from gateway.resources import new_id
from gateway.services.cards import blocking
from gateway.services.cards.blocking import BlockCard
from gateway.services.cards.commands import Answer
from gateway.services.cards.viewing import CardView, view_card
from gateway.services.ledger.adjusting import AdjustCard, adjust
from gateway.services.ledger.joining_cards import join_cards
from gateway.services.ledger.joint_postings import JoinCards
from gateway.services.pos.finding import card_of
from gateway.web.keys import PRINCIPAL, RESOURCES
from gateway.web.merchant.card_lines import card_lines
from gateway.web.merchant.form_commands import asked_by_form, refusal_of
from gateway.web.pages.redirects import see_other
from gateway.web.pages.render import page
from gateway.web.parsing.bodies import Fields
from gateway.web.parsing.queries import path_id

_WHOLE = re.compile(r"[+-]?[0-9]{1,10}")
SHOWN_ACCOUNTS = (Account.AVAILABLE, Account.PENDING, Account.RESERVED)


async def member_card(request: web.Request) -> web.Response:
    """Show a card and what can be done to it."""
    return await _shown(request)


async def adjust_by_form(request: web.Request, fields: Fields) -> web.Response:
    """Give the card something, or take it."""
    try:
        command = AdjustCard(
            **asked_by_form(request, fields, path_id(request, "card_id")),
            unit=fields.get("unit", ""),
            amount=_whole(fields.get("amount", "")),
            reason=fields.get("reason", "").strip(),
        )
        answer = await adjust(request.app[RESOURCES].units, command, new_id)
    except Refusal as refusal:
        return await _mistaken(request, refusal)
    return await _after(request, answer)


async def block_by_form(request: web.Request, fields: Fields) -> web.Response:
    """Block the card, or let it be used again."""
    reason = None if fields.get("do") == "unblock" else fields.get("reason", "").strip()
    try:
        command = BlockCard(
            **asked_by_form(request, fields, path_id(request, "card_id")), reason=reason
        )
        answer = await blocking.block_card(request.app[RESOURCES].units, command, new_id)
    except Refusal as refusal:
        return await _mistaken(request, refusal)
    return await _after(request, answer)


async def transfer_by_form(request: web.Request, fields: Fields) -> web.Response:
    """Move an amount to the card with the code that was typed."""
    try:
        amount = _whole(fields.get("amount", ""))
        command = await _joined(request, fields)
        command = replace(command, unit=fields.get("unit", ""), amount=amount)
        answer = await join_cards(request.app[RESOURCES].units, command, new_id)
    except Refusal as refusal:
        return await _mistaken(request, refusal)
    return await _after(request, answer)


async def merge_by_form(request: web.Request, fields: Fields) -> web.Response:
    """Merge the card into the one with the code that was typed."""
    try:
        command = await _joined(request, fields)
        answer = await join_cards(request.app[RESOURCES].units, command, new_id)
    except Refusal as refusal:
        return await _mistaken(request, refusal)
    return await _after(request, answer, command.counterpart_card_id)


async def _joined(request: web.Request, fields: Fields) -> JoinCards:
    """Return the merger of the card into the one with the code; raises `NotFound`."""
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        other = await card_of(unit, fields.get("code", ""))
    return JoinCards(
        **asked_by_form(request, fields, path_id(request, "card_id")),
        counterpart_card_id=other.id,
        reason=fields.get("reason", "").strip(),
    )


async def _after(
    request: web.Request, answer: Answer, card_id: UUID | None = None
) -> web.Response:
    """Go to the card, or say why nothing happened."""
    if answer.is_done:
        return see_other(f"/merchant/cards/{card_id or path_id(request, 'card_id')}")
    return await _shown(request, mistake=refusal_of(answer), status=answer.status)


async def _mistaken(request: web.Request, refusal: Refusal) -> web.Response:
    status = STATUS_OF_KIND[refusal.kind]
    if status == HTTPStatus.NOT_FOUND:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return await _shown(request, mistake=refusal.sentence, status=status)


async def _shown(request: web.Request, *, mistake: str = "", status: int = 200) -> web.Response:
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        card = await unit.cards.one(path_id(request, "card_id"))
        view = await view_card(unit, card)
        customer = (await unit.customers.many([card.customer_id]))[card.customer_id]
        adjustments = await unit.adjustments.listed(card_id=card.id)
        blocked_reason = await unit.upkeep.blocked_reason(card.id)
        alone_max = await unit.adjustments.alone_max()
        people = await unit.staff.names({each.staff_id for each in view.history if each.staff_id})
        places = {each.id: each.name for each in await unit.merchants.locations()}
    return page(
        request,
        "merchant/card.html",
        status=status,
        merchant=view.merchant,
        view=view,
        contact=customer.contact.masked if customer.contact else "erased",
        balances=_balances(view),
        lines=card_lines(view, people, places),
        units=units_of(view.version.plan),
        adjustments=adjustments,
        blocked_reason=blocked_reason,
        alone_max=alone_max,
        reason_characters_max=REASON_CHARACTERS_MAX,
        form_key=str(new_id()),
        mistake=mistake,
    )


def _balances(view: CardView) -> list[tuple[str, list[int]]]:
    return [
        (unit, [accounts.get(account, 0) for account in SHOWN_ACCOUNTS])
        for unit, accounts in sorted(view.card.balances.items())
        if not unit.startswith(REMAINDER_PREFIX)
    ]


def _whole(text: str) -> int:
    if not _WHOLE.fullmatch(text.strip()):
        raise Invalid("Please give a whole number, like 50 or -50.")
    return int(text)
