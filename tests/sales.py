"""A till to test with: a shop's sales, told of as often and in any order as a test likes."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from gateway.domain.ledger import Account, balance
from gateway.domain.rules.happenings import Line, Sale
from gateway.domain.rules.plan import Plan
from gateway.services.cards.commands import Answer
from gateway.services.sales.selling import record_sale
from gateway.services.sales.settlements import RecordSale
from gateway.services.sales.visiting import RecordVisit, record_visit
from gateway.storage.database import Database
from tests.plans import points_plan
from tests.shops import CLOCK, FINGERPRINT, ORIGIN, Shop, body, open_shop


@dataclass(frozen=True, slots=True)
class Till:
    """A shop that tells of its sales."""

    shop: Shop

    def sale(
        self,
        paid: int,
        refunded: int = 0,
        *,
        reference: str = "receipt-1",
        card: UUID | None = None,
        lines: tuple[Line, ...] = (),
        **more: Any,  # noqa: ANN401 -- whatever a test says beside the amounts
    ) -> RecordSale:
        """Return a command that tells of a sale of the first card unless told otherwise."""
        state = Sale(currency="EUR", total_paid=paid, total_refunded=refunded, lines=lines)
        asked: dict[str, Any] = {
            "principal": self.shop.principal,
            "origin": ORIGIN,
            "key": uuid7().hex,
            "fingerprint": FINGERPRINT,
            "card_id": card or self.shop.cards[0],
            "source": "till",
            "reference": reference,
            "sale": state,
            "location_id": self.shop.location.id,
            "clock": CLOCK,
        }
        return RecordSale(**asked | more)

    async def record(self, command: RecordSale) -> Answer:
        """Tell of a sale."""
        return await record_sale(self.shop.database.units, command, uuid7)

    async def tell(self, paid: int, refunded: int = 0, **more: Any) -> dict[str, Any]:  # noqa: ANN401
        """Tell of a sale and return the answer's JSON."""
        return dict(body(await self.record(self.sale(paid, refunded, **more))))

    async def visit(self, reference: str, occurred_at: datetime | None = None) -> Answer:
        """Tell of a visit of the first card, now unless told otherwise."""
        command = RecordVisit(
            principal=self.shop.principal,
            origin=replace(ORIGIN, source="till"),
            key=uuid7().hex,
            fingerprint=FINGERPRINT,
            card_id=self.shop.cards[0],
            reference=reference,
            location_id=self.shop.location.id,
            clock=CLOCK,
            occurred_at=occurred_at,
        )
        return await record_visit(self.shop.database.units, command, uuid7)

    async def points(self, card: UUID | None = None, account: Account = Account.AVAILABLE) -> int:
        """Return how many points stand on an account of a card."""
        async with self.shop.database.units(self.shop.merchant_id) as unit:
            found = await unit.cards.one(card or self.shop.cards[0])
        return balance(found.balances, "point", account)

    async def age(self, card: UUID, moment: datetime) -> None:
        """Let a card have earned last at a moment."""
        await self.shop.execute(
            "UPDATE cards SET last_earned_at = :moment WHERE id = :card", moment=moment, card=card
        )


async def open_till(
    database: Database, *, plan: Plan | None = None, cards: int = 1, slug: str = "shop"
) -> Till:
    """Return a till of a new shop, with a point for each euro unless told otherwise."""
    plan = plan or points_plan()
    return Till(await open_shop(database, plan=plan, cards=cards, slug=slug))
