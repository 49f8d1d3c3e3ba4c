"""A card's history as the merchant reads it: what happened, who did it, where, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from gateway.domain.ledger import LOTTED, Account, TransactionKind
from gateway.domain.rules.keys import REMAINDER_PREFIX
from gateway.domain.rules.plan import Plan
from gateway.presenters.unit_words import change_words
from gateway.services.cards.viewing import CardView
from gateway.storage.cards.transaction_rows import HistoryLine

_ACCOUNTS = LOTTED | {Account.RESERVED}
_WORDS = {
    TransactionKind.EARN: "Earned",
    TransactionKind.RELEASE: "Released",
    TransactionKind.RESERVE: "Reward set aside",
    TransactionKind.REDEEM: "Reward handed out",
    TransactionKind.CANCEL: "Reservation cancelled",
    TransactionKind.LAPSE: "Reservation ran out",
    TransactionKind.EXPIRE: "Expired",
    TransactionKind.REFUND: "Sale changed",
    TransactionKind.REVERSE: "Taken back",
    TransactionKind.ADJUST: "Adjusted by hand",
    TransactionKind.TRANSFER: "Moved between cards",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CardLine:
    """One transaction; `who` is a name or the door it came through, `where` may be empty."""

    words: str
    is_undone: bool
    moves: Sequence[str]
    moment: datetime
    who: str
    where: str
    why: Sequence[str]


def card_lines(
    view: CardView, people: Mapping[UUID, str], places: Mapping[UUID, str]
) -> list[CardLine]:
    """Return the card's latest history, newest first, with the names of people and places."""
    zone = ZoneInfo(view.time_zone)
    return [
        CardLine(
            words=_WORDS[line.kind],
            is_undone=line.reversed,
            moves=_moves(line, view.version.plan),
            moment=line.occurred_at.astimezone(zone),
            who=people.get(line.staff_id, line.source) if line.staff_id else line.source,
            where=places.get(line.location_id, "") if line.location_id else "",
            why=_why(line),
        )
        for line in view.history
    ]


def _moves(line: HistoryLine, plan: Plan) -> list[str]:
    return [
        f"{change_words(plan, each.unit, each.delta)} {each.account}"
        for each in line.movements
        if each.account in _ACCOUNTS and not each.unit.startswith(REMAINDER_PREFIX)
    ]


def _why(line: HistoryLine) -> list[str]:
    """Return somebody's reason, and what each rule said; when all went as promised only a code."""
    reasons = [(each.rule, each.sentence or each.reason) for each in line.explanations]
    said = [": ".join(filter(None, words)).replace("_", " ") for words in reasons]
    return [line.reason, *said] if line.reason else said
