"""A card's history in words a customer uses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from gateway.domain.ledger import TransactionKind
from gateway.storage.cards.transactions import HistoryLine

LINES_MAX = 5
# Setting stamps aside and taking them back is the counter's affair, not the customer's.
_WORDS = {TransactionKind.EARN: "Stamp", TransactionKind.REDEEM: "Reward collected"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One visit: what it brought and when, in the shop's own time."""

    words: str
    moment: datetime
    text: str


def tell(history: Sequence[HistoryLine], time_zone: str) -> list[Told]:
    """Return the latest visits, newest first; what was undone did not happen."""
    zone = ZoneInfo(time_zone)
    lines = [line for line in history if line.kind in _WORDS and not line.reversed]
    return [_told(line, zone) for line in lines[:LINES_MAX]]


def _told(line: HistoryLine, zone: ZoneInfo) -> Told:
    moment = line.occurred_at.astimezone(zone)
    return Told(
        words=_WORDS[line.kind], moment=moment, text=f"{moment:%a} {moment.day} {moment:%b, %H:%M}"
    )
