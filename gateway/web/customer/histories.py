"""A card's history and deadlines in words a customer uses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from gateway.domain.ledger import LOTTED, Account, TransactionKind
from gateway.domain.merging import Part
from gateway.domain.rules.keys import REMAINDER_PREFIX
from gateway.domain.rules.plan import Plan
from gateway.presenters.unit_words import change_words, unit_words
from gateway.storage.cards.transactions import HistoryLine

LINES_MAX = 5
DEADLINES_MAX = 3
# Setting rewards aside and taking anything back is the counter's affair, not the customer's.
_WORDS = {
    TransactionKind.EARN: "Collected",
    TransactionKind.RELEASE: "Can be used now",
    TransactionKind.REDEEM: "Reward collected",
    TransactionKind.EXPIRE: "Expired",
    TransactionKind.REFUND: "Refund of a purchase",
    TransactionKind.ADJUST: "Corrected by the shop",
    TransactionKind.TRANSFER: "Moved between cards",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One thing that happened: what it brought and when, in the shop's own time."""

    words: str
    amounts: str
    moment: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """What can be used up to a day, and until when, in the shop's own time."""

    amount: str
    moment: datetime
    text: str


def tell(history: Sequence[HistoryLine], plan: Plan, time_zone: str) -> list[Told]:
    """Return what happened last, newest first; what was undone did not happen."""
    zone = ZoneInfo(time_zone)
    lines = [line for line in history if line.kind in _WORDS and not line.reversed]
    return [_told(line, plan, zone) for line in lines[:LINES_MAX]]


def tell_deadlines(parts: Sequence[Part], plan: Plan, time_zone: str) -> list[Deadline]:
    """Return what ends, soonest first."""
    zone = ZoneInfo(time_zone)
    ending = [(part, part.expires_at) for part in parts if _is_of_people(part.unit)]
    return [
        Deadline(
            amount=unit_words(plan, part.unit, part.amount),
            moment=moment.astimezone(zone),
            # What ends as a day begins can be used up to the one before.
            text=_day(moment.astimezone(zone) - timedelta(microseconds=1)),
        )
        for part, moment in ending[:DEADLINES_MAX]
        if moment is not None
    ]


def _told(line: HistoryLine, plan: Plan, zone: ZoneInfo) -> Told:
    moment = line.occurred_at.astimezone(zone)
    changes = _changes(line)
    amounts = [change_words(plan, unit, delta) for unit, delta in changes.items() if delta]
    return Told(
        words=_WORDS[line.kind],
        amounts=", ".join(amounts),
        moment=moment,
        text=f"{moment:%a} {moment.day} {moment:%b, %H:%M}",
    )


def _changes(line: HistoryLine) -> Mapping[str, int]:
    """Return what the customer has more or less of, by unit."""
    counted = {
        TransactionKind.REDEEM: frozenset({Account.RESERVED}),
        TransactionKind.RELEASE: frozenset({Account.AVAILABLE}),
    }.get(line.kind, LOTTED)
    changes: dict[str, int] = {}
    for movement in line.movements:
        if movement.account in counted and _is_of_people(movement.unit):
            changes[movement.unit] = changes.get(movement.unit, 0) + movement.delta
    return changes


def _is_of_people(unit: str) -> bool:
    """Say whether a unit means something to people: what is too little for a stamp does not."""
    return not unit.startswith(REMAINDER_PREFIX)


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"
