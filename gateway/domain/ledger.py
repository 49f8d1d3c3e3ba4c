"""Account names, transfers between them, and what must always hold of a ledger."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

AMOUNT_MAX = 10**9
BALANCE_MAX = 10**12
STAMP = "stamp"


class Account(StrEnum):
    """The accounts each card has per unit; only `issued` may be below zero."""

    ISSUED = "issued"
    AVAILABLE = "available"
    RESERVED = "reserved"
    REDEEMED = "redeemed"


class TransactionKind(StrEnum):
    """What happened to a card."""

    EARN = "earn"
    RESERVE = "reserve"
    REDEEM = "redeem"
    CANCEL = "cancel"
    EXPIRE = "expire"
    REVERSE = "reverse"


@dataclass(frozen=True, slots=True)
class Transfer:
    """An amount of one unit that leaves one account of a card and enters another."""

    unit: str
    source: Account
    destination: Account
    amount: int

    def __post_init__(self) -> None:
        """Assert what no caller may get wrong: a real amount between two accounts."""
        assert 0 < self.amount <= AMOUNT_MAX, "an amount is a positive integer"
        assert self.source != self.destination, "a transfer moves between two accounts"

    @property
    def moves(self) -> tuple[tuple[Account, int], tuple[Account, int]]:
        """What the transfer does to each of its two accounts: together nothing."""
        return (self.source, -self.amount), (self.destination, self.amount)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of an account: its gapless number, the change, and the balance after it."""

    transaction_id: UUID
    unit: str
    account: Account
    seq: int
    delta: int
    balance_after: int


Balances = Mapping[Account, int]


def after(balances: Balances, transfers: Iterable[Transfer]) -> dict[Account, int]:
    """Return the balances of one unit once the transfers are made."""
    changed = dict(balances)
    for transfer in transfers:
        for account, delta in transfer.moves:
            changed[account] = changed.get(account, 0) + delta
    return changed


def faults(entries: Iterable[Entry]) -> list[str]:
    """Return a sentence for everything about one card's entries that should never be.

    Entries come in any order. Checked: each transaction sums to zero per unit, each account's
    numbers are 1, 2, 3 … without a gap, each balance is the one before plus the change, and no
    account but `issued` is ever below zero.
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
    if entry.balance_after < 0 and entry.account is not Account.ISSUED:
        found.append(f"{name} is below zero")
    return found
