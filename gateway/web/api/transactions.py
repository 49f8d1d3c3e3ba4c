"""A card's history over the API: what happened to what it collects, newest first."""

from datetime import datetime
from uuid import UUID

import msgspec
from aiohttp import web

from gateway.domain.ledger import Account, TransactionKind
from gateway.presenters.answers import Explained, explained
from gateway.web.answers import json_answer
from gateway.web.api.pages import cursor_of, position_of
from gateway.web.keys import PRINCIPAL, RESOURCES
from gateway.web.parsing.queries import PageRows, path_id

PAGE_ROWS = 50


class HistoryPage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which part of the history."""

    limit: PageRows = PAGE_ROWS
    cursor: str | None = None


class Movement(msgspec.Struct, frozen=True, kw_only=True):
    """What a transaction did to one account of a unit, and the account's balance after it."""

    unit: str
    account: Account
    delta: int
    balance_after: int


class Transaction(msgspec.Struct, frozen=True, kw_only=True):
    """What happened and what it moved; `number` counts the card's transactions without a gap.

    `sale_id` is the sale it belongs to, `reason` why somebody corrected something. `source` is the
    door it came through or the software of a till, `staff_id` who did it and `location_id` where.
    `explanations` are what each rule said at the time.
    """

    id: UUID
    kind: TransactionKind
    occurred_at: datetime
    number: int
    movements: tuple[Movement, ...]
    reversed: bool
    sale_id: UUID | None
    reason: str | None
    location_id: UUID | None
    staff_id: UUID | None
    source: str
    explanations: tuple[Explained, ...]


class Transactions(msgspec.Struct, frozen=True):
    """A page of transactions; `next_cursor` is null on the last one."""

    items: list[Transaction]
    next_cursor: str | None = None


async def list_transactions(request: web.Request, page: HistoryPage) -> web.Response:
    """List what happened to a card."""
    card_id = path_id(request, "card_id")
    name = f"transactions|{card_id}"
    before = position_of(request, name, page.cursor)
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        await unit.cards.one(card_id)
        lines = await unit.transactions.history(card_id, page.limit, before)
    items = [
        Transaction(
            id=line.transaction_id,
            kind=line.kind,
            occurred_at=line.occurred_at,
            number=line.number,
            movements=tuple(
                Movement(
                    unit=movement.unit,
                    account=movement.account,
                    delta=movement.delta,
                    balance_after=movement.balance_after,
                )
                for movement in line.movements
            ),
            reversed=line.reversed,
            sale_id=line.sale_id,
            reason=line.reason,
            location_id=line.location_id,
            staff_id=line.staff_id,
            source=line.source,
            explanations=explained(line.explanations),
        )
        for line in lines
    ]
    if len(lines) < page.limit:
        return json_answer(Transactions(items))
    last = lines[-1].occurred_at, lines[-1].transaction_id
    return json_answer(Transactions(items, cursor_of(request, name, last)))
