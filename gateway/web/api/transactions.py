"""A card's history over the API: what happened to its stamps, newest first."""

from datetime import datetime
from uuid import UUID

import msgspec
from aiohttp import web

from gateway.domain.ledger import TransactionKind
from gateway.web.answers import json_answer
from gateway.web.api.pages import cursor_of, position_of
from gateway.web.keys import PRINCIPAL, RESOURCES
from gateway.web.parsing.queries import PageRows, path_id

PAGE_ROWS = 50


class HistoryPage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which part of the history."""

    limit: PageRows = PAGE_ROWS
    cursor: str | None = None


class Transaction(msgspec.Struct, frozen=True, kw_only=True):
    """What happened: `delta` stamps came or went, and `balance_after` could be spent then."""

    id: UUID
    kind: TransactionKind
    occurred_at: datetime
    delta: int
    balance_after: int
    reversed: bool


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
            delta=line.delta,
            balance_after=line.balance_after,
            reversed=line.reversed,
        )
        for line in lines
    ]
    if len(lines) < page.limit:
        return json_answer(Transactions(items))
    last = lines[-1].occurred_at, lines[-1].transaction_id
    return json_answer(Transactions(items, cursor_of(request, name, last)))
