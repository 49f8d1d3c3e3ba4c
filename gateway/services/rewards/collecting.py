"""Collecting: what comes back to a card first pays what refunds could not take of it meanwhile."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from gateway.domain.cards import Standing
from gateway.domain.ledger import Account, TransactionKind, Transfer
from gateway.domain.redemptions import Redemption, RedemptionStatus
from gateway.domain.rules.keys import POINT
from gateway.domain.rules.outcomes import Day
from gateway.domain.rules.plan import NegativeBalance
from gateway.domain.sales import KnownSale
from gateway.services.cards.commands import Command, EndRedemption
from gateway.services.cards.posting import Decision, Lost, carry_out_in
from gateway.services.sales.sale_facts import refunded
from gateway.storage.cards.postings import Reading
from gateway.storage.unit import Unit

_BACK = frozenset(
    {RedemptionStatus.CANCELLED, RedemptionStatus.EXPIRED, RedemptionStatus.REVERSED}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Debt:
    """How much of a unit a sale is paid of what came back."""

    known: KnownSale
    unit: str
    amount: int


async def owing(unit: Unit, redemption: Redemption) -> Sequence[KnownSale]:
    """Return the sales of which a refund could have taken what a redemption held.

    Only `within_balance` takes what is there and leaves the rest: below zero nothing has to be
    collected, and pending value is never set aside. They are locked, so ask before the card is
    written.
    """
    found = await unit.sales.owing(redemption.card_id, redemption.unit, redemption.reserved_at)
    return [known for known in found if await _is_within_balance(unit, known)]


async def collect(unit: Unit, command: EndRedemption, new_id: Callable[[], UUID]) -> None:
    """Pay what the card's sales owe with what a redemption just gave back, the oldest first."""
    redemption = await unit.redemptions.one(command.redemption_id)
    left = redemption.cost if redemption.status in _BACK else 0
    for known in await owing(unit, redemption) if left else ():
        amount = min(left, known.past.basis.owed[redemption.unit])
        if amount:
            left -= amount
            debt = _Debt(known=known, unit=redemption.unit, amount=amount)
            await _pay(unit, command, debt, new_id)


async def _pay(unit: Unit, command: Command, debt: _Debt, new_id: Callable[[], UUID]) -> None:
    transaction_id = new_id()

    async def decide(unit: Unit, reading: Reading, standing: Standing) -> Decision:
        changed = _paid(debt, transaction_id)
        if not await unit.sales.change(changed, reading.now):
            raise Lost
        return Decision(
            transaction_id=transaction_id,
            kind=TransactionKind.REFUND,
            transfers=(_payment(debt),),
            standing=standing,
            facts=(refunded(debt.known, transaction_id, {debt.unit: -debt.amount}),),
            body="{}",
            day=Day(day=debt.known.past.day, points=-debt.amount if debt.unit == POINT else 0),
            location_id=debt.known.location_id,
            sale_id=debt.known.id,
        )

    own = Command(
        principal=command.principal,
        origin=command.origin,
        key=new_id().hex,
        fingerprint=command.fingerprint,
        card_id=command.card_id,
    )
    await carry_out_in(unit, own, decide)


async def _is_within_balance(unit: Unit, known: KnownSale) -> bool:
    version = await unit.programs.version(known.program_version_id)
    return version.plan.negative_balance is NegativeBalance.WITHIN_BALANCE


def _payment(debt: _Debt) -> Transfer:
    return Transfer(
        debt.unit,
        Account.AVAILABLE,
        Account.ISSUED,
        debt.amount,
        takes=debt.known.past.transactions,
    )


def _paid(debt: _Debt, transaction_id: UUID) -> KnownSale:
    """Return the sale that owes so much less; what it gave was already less by what it owed."""
    past = debt.known.past
    owed = dict(past.basis.owed) | {debt.unit: past.basis.owed[debt.unit] - debt.amount}
    basis = replace(past.basis, owed={unit: amount for unit, amount in owed.items() if amount})
    transactions = (*past.transactions, transaction_id)
    return replace(
        debt.known,
        past=replace(past, basis=basis, transactions=transactions),
        revision=debt.known.revision + 1,
    )
