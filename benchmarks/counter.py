"""What happens to a card at the counter, through the services, once each time it is asked."""

import json
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from benchmarks.plans import FREE_OF_LIMITS, POINTS, STAMPS
from benchmarks.shop import CLOCK, ORIGIN, Shop
from gateway.domain.ledger import TransactionKind
from gateway.domain.rules.faults import read_plan
from gateway.domain.rules.happenings import Line, Sale
from gateway.resources import new_id
from gateway.services.cards.commands import Answer, EndRedemption, ReserveReward, UndoStamp
from gateway.services.cards.stamping import Books, stamp
from gateway.services.cards.undoing import undo_stamp
from gateway.services.cards.viewing import view_card
from gateway.services.rewards.ending import end_redemption
from gateway.services.rewards.reserving import reserve_reward
from gateway.services.sales.selling import record_sale
from gateway.services.sales.settlements import RecordSale

BOTH = read_plan({"rules": [STAMPS, POINTS], "limits": FREE_OF_LIMITS})
"""A stamp for each visit, and points for what was paid."""
SALE = Sale(
    currency="EUR",
    total_paid=1_240,
    lines=(Line(category="coffee", quantity=2, amount=900), Line(category="pastry", amount=340)),
)
REFUNDED = replace(SALE, total_refunded=340)


@dataclass(frozen=True, slots=True)
class Counter:
    """A shop's counter; each of its methods takes a card and asserts that it was done."""

    shop: Shop

    async def visit(self, card_id: UUID) -> UUID:
        """Stamp a card; return the transaction."""
        database = self.shop.resources.database
        books = Books(database.ledger, database.versions, new_id, database.bell.ring)
        (reply,) = await stamp(books, [self.shop.command(card_id)])
        assert isinstance(reply, Answer), reply
        return UUID(_done(reply)["transaction_id"])

    async def undo(self, card_id: UUID, transaction_id: UUID) -> None:
        """Take a visit back."""
        command = UndoStamp(transaction_id=transaction_id, **self._who(card_id))
        _done(await undo_stamp(self.shop.resources.units, command, new_id))

    async def sell(self, card_id: UUID, reference: str | None = None, state: Sale = SALE) -> str:
        """Record a sale, or with a `reference` its later state; return the reference."""
        reference = reference or new_id().hex
        command = RecordSale(
            source="bench",
            reference=reference,
            sale=state,
            location_id=self.shop.location_id,
            clock=CLOCK,
            **self._who(card_id),
        )
        _done(await record_sale(self.shop.resources.units, command, new_id))
        return reference

    async def reserve(self, card_id: UUID) -> None:
        """Set the stamps of the first reward aside, and cancel it."""
        units = self.shop.resources.units
        reserve = ReserveReward(reward_id=self.shop.rewards[0], **self._who(card_id))
        reserved = _done(await reserve_reward(units, reserve, new_id, "K7Q2"))
        cancel = EndRedemption(redemption_id=UUID(reserved["redemption_id"]), **self._who(card_id))
        _done(await end_redemption(units, cancel, TransactionKind.CANCEL, new_id))

    async def show(self, card_id: UUID) -> None:
        """Read everything that is shown of a card."""
        async with self.shop.resources.units(self.shop.principal.merchant_id) as unit:
            await view_card(unit, await unit.cards.one(card_id))

    def _who(self, card_id: UUID) -> dict[str, Any]:
        """Return what every command carries, with a key of its own."""
        return {
            "principal": self.shop.principal,
            "origin": ORIGIN,
            "key": new_id().hex,
            "fingerprint": b"f" * 32,
            "card_id": card_id,
        }


def _done(answer: Answer) -> dict[str, str]:
    assert answer.is_done, answer.body
    body: dict[str, str] = json.loads(answer.body)
    return body
