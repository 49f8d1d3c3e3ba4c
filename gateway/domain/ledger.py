"""Account names, transfers between them, and what must always hold of a ledger."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

AMOUNT_MAX = 10**9
BALANCE_MAX = 10**12


class Account(StrEnum):
    """The accounts each card has per unit.

    `issued` and `adjusted` are where value comes from, so they may be below zero; `available` may
    by a refund alone, when the points were already spent.
    """

    ISSUED = "issued"
    PENDING = "pending"
    AVAILABLE = "available"
    RESERVED = "reserved"
    REDEEMED = "redeemed"
    EXPIRED = "expired"
    ADJUSTED = "adjusted"


SOURCES = frozenset({Account.ISSUED, Account.ADJUSTED})
MAY_BE_NEGATIVE = SOURCES | {Account.AVAILABLE}
LOTTED = frozenset({Account.PENDING, Account.AVAILABLE})
"""The accounts whose balance is made of lots."""


class TransactionKind(StrEnum):
    """What happened to a card."""

    EARN = "earn"
    RELEASE = "release"
    RESERVE = "reserve"
    REDEEM = "redeem"
    CANCEL = "cancel"
    LAPSE = "lapse"
    EXPIRE = "expire"
    REFUND = "refund"
    REVERSE = "reverse"
    ADJUST = "adjust"
    TRANSFER = "transfer"


@dataclass(frozen=True, slots=True)
class Transfer:
    """An amount of one unit that leaves one account of a card and enters another.

    What enters `pending` or `available` is a new lot, usable from `usable_from` and gone at
    `expires_at`; or, with `returns`, the very lots which that transaction consumed. What leaves
    takes first from the lots of the transactions in `takes`, then from the lot that expires
    soonest, then from the oldest; those which never expire come last.
    """

    unit: str
    source: Account
    destination: Account
    amount: int
    expires_at: datetime | None = None
    usable_from: datetime | None = None
    takes: tuple[UUID, ...] = ()
    returns: UUID | None = None

    def __post_init__(self) -> None:
        """Assert what no caller may get wrong: a real amount between two accounts."""
        assert 0 < self.amount <= AMOUNT_MAX, "an amount is a positive integer"
        assert self.source != self.destination, "a transfer moves between two accounts"

    @property
    def moves(self) -> tuple[tuple[Account, int], tuple[Account, int]]:
        """What the transfer does to each of its two accounts: together nothing."""
        return (self.source, -self.amount), (self.destination, self.amount)


def in_transfers(
    unit: str, source: Account, destination: Account, amount: int
) -> tuple[Transfer, ...]:
    """Return an amount as one transfer or, above `AMOUNT_MAX`, as several."""
    starts = range(0, amount, AMOUNT_MAX)
    return tuple(
        Transfer(unit, source, destination, min(amount - start, AMOUNT_MAX)) for start in starts
    )


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of an account: its gapless number, the change, and the balance after it."""

    transaction_id: UUID
    unit: str
    account: Account
    seq: int
    delta: int
    balance_after: int


Balances = Mapping[str, Mapping[Account, int]]
"""By unit and account; what is not there is zero."""


def balance(balances: Balances, unit: str, account: Account) -> int:
    """Return one balance."""
    return balances.get(unit, {}).get(account, 0)


def after(balances: Balances, transfers: Iterable[Transfer]) -> dict[str, dict[Account, int]]:
    """Return the balances once the transfers are made."""
    changed = {unit: dict(accounts) for unit, accounts in balances.items()}
    for transfer in transfers:
        accounts = changed.setdefault(transfer.unit, {})
        for account, delta in transfer.moves:
            accounts[account] = accounts.get(account, 0) + delta
    return changed


def faults(entries: Iterable[Entry]) -> list[str]:
    """Return a sentence for everything about one card's entries that should never be.

    Entries come in any order. Checked: each transaction sums to zero per unit, each account's
    numbers are 1, 2, 3 … without a gap, each balance is the one before plus the change, and no
    account but a source or `available` is ever below zero.
    """
    found: list[str] = []
    sums: dict[tuple[UUID, str], int] = {}
    last: dict[tuple[str, Account], Entry] = {}
    for entry in sorted(entries, key=lambda entry: entry.seq):
        sums[entry.transaction_id, entry.unit] = (
            sums.get((entry.transaction_id, entry.unit), 0) + entry.delta
        )
        before = last.get((entry.unit, entry.account))
        found += _entry_faults(entry, before)
        last[entry.unit, entry.account] = entry
    found += [f"transaction {key[0]} does not sum to zero" for key, total in sums.items() if total]
    return found


def _entry_faults(entry: Entry, before: Entry | None) -> list[str]:
    seq, balance = (before.seq, before.balance_after) if before else (0, 0)
    name = f"{entry.unit}/{entry.account} #{entry.seq}"
    found = []
    if entry.seq != seq + 1:
        found.append(f"{name} follows #{seq}")
    if entry.balance_after != balance + entry.delta:
        found.append(f"{name} says {entry.balance_after}, not {balance + entry.delta}")
    if entry.balance_after < 0 and entry.account not in MAY_BE_NEGATIVE:
        found.append(f"{name} is below zero")
    return found
