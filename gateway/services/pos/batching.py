"""Batching: what a till did while it was offline, each thing once, in the order it happened."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from gateway.domain.errors import Refusal
from gateway.services.cards.commands import Answer

CARDS_AT_ONCE_MAX = 4

Reply = Answer | Refusal


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing a till did: when by its clock, the how-many-eth, to which card, and doing it."""

    occurred_at: datetime
    counter: int
    card_id: UUID
    do: Callable[[], Awaitable[Answer]]


async def do_all(deeds: Sequence[Deed]) -> list[Reply]:
    """Do everything in order of time and counter; return a reply for each, as they were given.

    The order holds per card, and a few cards are done at once. A refusal fails no neighbour. An
    outage fails the whole, which may be sent again: what was done is not done twice.
    """
    by_card = sorted(range(len(deeds)), key=lambda n: (deeds[n].card_id, _order(deeds[n])))
    replies: dict[int, Reply] = {}
    turns = asyncio.Semaphore(CARDS_AT_ONCE_MAX)

    async def do_card(numbers: Sequence[int]) -> None:
        async with turns:
            for n in numbers:
                replies[n] = await _reply(deeds[n])

    async with asyncio.TaskGroup() as group:
        for _, numbers in groupby(by_card, key=lambda n: deeds[n].card_id):
            group.create_task(do_card(list(numbers)))
    return [replies[n] for n in range(len(deeds))]


def _order(deed: Deed) -> tuple[datetime, int]:
    return deed.occurred_at, deed.counter


async def _reply(deed: Deed) -> Reply:
    try:
        return await deed.do()
    except Refusal as refusal:
        return refusal
