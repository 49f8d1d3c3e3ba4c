"""Clients that do what tills do through whatever happens, and write down what they were told."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar
from uuid import UUID

import msgspec

from gateway.domain.errors import Busy
from gateway.domain.ledger import TransactionKind
from gateway.services.cards.commands import Answer, Command
from gateway.storage.database import OUTAGES
from tests.faults.histories import History, Operation, Outcome, Seen
from tests.sales import Till
from tests.shops import ORIGIN, Shop, body

STAMPS_REQUIRED = 3
# Who gives up never learns whether it happened, and some do at once.
TRIES_MAX = 20
IMPATIENT = 0.3
RETRY_SECONDS = 0.1
READS = 0.15
_SNAPSHOT = """
    SELECT c.id, c.chain_number, (
        SELECT jsonb_object_agg(a.account, a.balance)::text FROM accounts a
        WHERE a.merchant_id = c.merchant_id AND a.card_id = c.id)
    FROM cards c
"""

_COME_BACK: tuple[type[Exception], ...] = (*OUTAGES, Busy)

Given = TypeVar("Given", bound=Command)
Ask = Callable[[], Awaitable[object]]


@dataclass(slots=True)
class Counter:
    """A counter with its few busy cards: receipts and reservations that any client may follow."""

    shop: Shop
    history: History
    sales: list[tuple[UUID, str, int]] = field(default_factory=list)
    reserved: list[tuple[UUID, UUID]] = field(default_factory=list)

    async def serve(self, lots: random.Random, until: float) -> None:
        """Do one thing after the other until the time is over."""
        while _now() < until:
            if lots.random() < READS:
                await self._look()
            else:
                command, ask = self._choose(lots)
                tries = 1 if lots.random() < IMPATIENT else lots.randint(2, TRIES_MAX)
                await self._record(command, ask, tries)

    async def _look(self) -> None:
        invoked = _now()
        try:
            rows = await self.shop.rows(_SNAPSHOT)
        except OUTAGES:
            await asyncio.sleep(RETRY_SECONDS)
            return
        self.history.seen += [
            Seen(
                card=card,
                invoked=invoked,
                completed=_now(),
                number=number,
                accounts=msgspec.json.decode(accounts or "{}"),
            )
            for card, number, accounts in rows
        ]

    def _choose(self, lots: random.Random) -> tuple[Command, Ask]:
        card, chance = lots.choice(self.shop.cards), lots.random()
        if self.reserved and chance < 0.25:
            home, redemption = self.reserved.pop(lots.randrange(len(self.reserved)))
            ending = _named(self.shop.end_command(redemption, card=home))
            how = lots.choice((TransactionKind.REDEEM, TransactionKind.CANCEL))
            return ending, partial(self.shop.end, ending, how)
        if chance < 0.4:
            reserving = _named(self.shop.reserve_command(card=card))
            return reserving, partial(self.shop.reserve, reserving)
        if chance < 0.7:
            return self._sale(lots, card)
        stamping = _named(self.shop.stamp_command(card))
        return stamping, partial(self._stamp, stamping)

    def _sale(self, lots: random.Random, card: UUID) -> tuple[Command, Ask]:
        till, refunded = Till(self.shop), 0
        if self.sales and lots.random() < 0.6:
            card, reference, paid = lots.choice(self.sales)
            refunded = lots.choice((0, paid // 2, paid))
        else:
            reference, paid = f"receipt-{lots.random()}", lots.choice((350, 1_000))
            self.sales.append((card, reference, paid))
        telling = _named(till.sale(paid, refunded, reference=reference, card=card))
        return telling, partial(till.record, telling)

    async def _stamp(self, command: Command) -> object:
        (reply,) = await self.shop.stamp(command)  # type: ignore[arg-type]
        return reply

    async def _record(self, command: Command, ask: Ask, tries: int) -> None:
        invoked = _now()
        answer = await self._answer(ask, tries)
        outcome, effects, shown = Outcome.INFO, 1, None
        if answer is not None:
            outcome = Outcome.OK if answer.is_done else Outcome.FAIL
        if answer is not None and answer.is_done:
            told = body(answer)
            effects = int(told.get("transaction_id", "") is not None)
            progress = told["progress"]
            assert isinstance(progress, dict)
            shown = progress["rewards_ready"] * STAMPS_REQUIRED
            shown += progress["count"] % STAMPS_REQUIRED
            if told.get("status") == "reserved":
                self.reserved.append((command.card_id, UUID(str(told["redemption_id"]))))
        self.history.operations.append(
            Operation(
                key=command.key,
                card=command.card_id,
                invoked=invoked,
                completed=_now(),
                outcome=outcome,
                effects=effects,
                shown=shown,
            )
        )

    async def _answer(self, ask: Ask, tries: int) -> Answer | None:
        for _ in range(tries):
            try:
                reply = await ask()
            except _COME_BACK:
                await asyncio.sleep(RETRY_SECONDS)
            except Exception as error:  # noqa: BLE001 -- an error nobody expects is a finding
                self.history.crashes.append(repr(error))
                return None
            else:
                if isinstance(reply, Answer):
                    return reply
        return None


def _named(command: Given) -> Given:
    """Return the command with its key on the transaction it leaves."""
    return replace(command, origin=replace(ORIGIN, user_agent=command.key))


def _now() -> float:
    return asyncio.get_running_loop().time()
