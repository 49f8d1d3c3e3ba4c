"""Lots: what a balance is made of, and what transfers do to them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from gateway.domain.ledger import LOTTED, Account, Balances, Transfer


class Act(StrEnum):
    """What is done to the lots of one unit of a card."""

    OPEN = "open"
    TAKE = "take"
    RETURN = "return"
    RELEASE = "release"
    SLIDE = "slide"


@dataclass(frozen=True, slots=True, kw_only=True)
class LotMove:
    """One thing done to a card's lots.

    `preferred` are transactions whose lots are taken first, `source` the one whose consumption is
    put back; `expires_at` of a return is what a lot that ran out meanwhile is extended to.
    """

    act: Act
    unit: str
    account: Account = Account.AVAILABLE
    number: int = 0
    amount: int = 0
    usable_from: datetime | None = None
    expires_at: datetime | None = None
    preferred: tuple[UUID, ...] = ()
    source: UUID | None = None


def lot_moves(balances: Balances, transfers: Iterable[Transfer]) -> tuple[LotMove, ...]:
    """Return what the transfers do to the lots of a card with these balances, in order.

    Lots hold what a card has and never what it owes: a debit beyond the balance takes what is
    there, and a credit first pays what is owed, so that open lots always sum to the balance or,
    below zero, to nothing.
    """
    planner = _Planner({unit: dict(accounts) for unit, accounts in balances.items()}, {})
    return tuple(move for transfer in transfers for move in planner.follow(transfer))


@dataclass(frozen=True, slots=True)
class _Planner:
    """The balances as they change from transfer to transfer, and how many lots were opened."""

    balances: dict[str, dict[Account, int]]
    opened: dict[str, int]

    def follow(self, transfer: Transfer) -> Iterator[LotMove]:
        """Yield what one transfer does, and remember the balances after it."""
        accounts = self.balances.setdefault(transfer.unit, {})
        is_release = (transfer.source, transfer.destination) == (
            Account.PENDING,
            Account.AVAILABLE,
        )
        if is_release:
            yield LotMove(act=Act.RELEASE, unit=transfer.unit)
        elif transfer.source in LOTTED:
            yield from self._take(transfer, accounts.get(transfer.source, 0))
        owed = -accounts.get(transfer.destination, 0)
        for account, delta in transfer.moves:
            accounts[account] = accounts.get(account, 0) + delta
        if transfer.destination in LOTTED:
            if not is_release:
                yield self._put(transfer)
            if owed > 0:
                yield LotMove(
                    act=Act.TAKE,
                    unit=transfer.unit,
                    account=transfer.destination,
                    amount=min(owed, transfer.amount),
                )

    def _take(self, transfer: Transfer, there: int) -> Iterator[LotMove]:
        amount = min(transfer.amount, max(there, 0))
        if amount:
            yield LotMove(
                act=Act.TAKE,
                unit=transfer.unit,
                account=transfer.source,
                amount=amount,
                preferred=transfer.takes,
            )

    def _put(self, transfer: Transfer) -> LotMove:
        number = self.opened.get(transfer.unit, 0)
        self.opened[transfer.unit] = number + 1
        return LotMove(
            act=Act.RETURN if transfer.returns else Act.OPEN,
            unit=transfer.unit,
            account=transfer.destination,
            number=number,
            amount=transfer.amount,
            usable_from=transfer.usable_from,
            expires_at=transfer.expires_at,
            source=transfer.returns,
        )
