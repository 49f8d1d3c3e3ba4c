"""What the model of the ledger is asked, what it answers, and what it keeps."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One command. `name` is its own number; `target` that of the step it is about.

    `amount` is what was paid, or is adjusted or transferred; `other` another card, or a reward.
    """

    verb: str
    name: int
    card: int
    target: int = 0
    other: int = 0
    amount: int = 0
    refunded: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """What an answer said: `done` or the code of the refusal, what moved, and what is there."""

    code: str
    moved: Mapping[str, int] = field(default_factory=dict)
    shown: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A visit of a card, until it is undone."""

    card: int
    is_undone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """A sale as it stands: what it gave by unit, in which steps, and by what it was judged."""

    card: int
    paid: int
    refunded: int
    room: int
    before: int
    is_held: bool
    given: Mapping[str, int] = field(default_factory=dict)
    by: tuple[int, ...] = ()

    @property
    def net(self) -> int:
        """What was paid and not refunded."""
        return self.paid - self.refunded


@dataclass(frozen=True, slots=True, kw_only=True)
class Redemption:
    """A reward taken from a card by a step."""

    card: int
    unit: str
    cost: int
    status: str = "reserved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """What a ledger shows: balances, open lots by card, unit, account and end, and changes."""

    balances: Mapping[tuple[int, str, str], int]
    lots: Mapping[tuple[int, str, str, int | None], int]
    changes: Mapping[int, int]
