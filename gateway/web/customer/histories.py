"""A card's history and deadlines in words a customer uses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from gateway.domain.business_day import last_day
from gateway.domain.ledger import LOTTED, Account, TransactionKind
from gateway.domain.merging import Part
from gateway.domain.rules.keys import REMAINDER_PREFIX
from gateway.domain.rules.plan import Plan
from gateway.domain.wording import Language
from gateway.presenters.counting import day_text, moment_text
from gateway.presenters.page_phrases.languages import PAGE_PHRASES
from gateway.presenters.reason_words import nothing_words
from gateway.presenters.unit_words import change_words, unit_words
from gateway.storage.cards.transaction_rows import HistoryLine

LINES_MAX = 5
DEADLINES_MAX = 3


@dataclass(frozen=True, slots=True)
class Reader:
    """In which language a customer reads, and by which clock days are told."""

    language: Language
    zone: ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One thing that happened: what it brought and when, in the shop's own time.

    `why` says why it brought nothing, "" where it did.
    """

    words: str
    amounts: str
    why: str
    moment: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """What can be used up to a day, and until when, in the shop's own time."""

    amount: str
    moment: datetime
    text: str


def tell(history: Sequence[HistoryLine], plan: Plan, reader: Reader) -> list[Told]:
    """Return what happened last, newest first; what was undone did not happen.

    Setting rewards aside and taking anything back is the counter's affair, not the customer's.
    """
    events = PAGE_PHRASES[reader.language].cards.events
    lines = [line for line in history if line.kind in events and not line.reversed]
    return [_told(line, plan, reader) for line in lines[:LINES_MAX]]


def tell_deadlines(parts: Sequence[Part], plan: Plan, reader: Reader) -> list[Deadline]:
    """Return what ends, soonest first."""
    ending = [(part, part.expires_at) for part in parts if _is_of_people(part.unit)]
    return [
        Deadline(
            amount=unit_words(plan, part.unit, part.amount, reader.language),
            moment=moment.astimezone(reader.zone),
            text=day_text(last_day(moment, reader.zone), reader.language),
        )
        for part, moment in ending[:DEADLINES_MAX]
        if moment is not None
    ]


def _told(line: HistoryLine, plan: Plan, reader: Reader) -> Told:
    language, moment = reader.language, line.occurred_at.astimezone(reader.zone)
    amounts = ", ".join(
        change_words(plan, unit, delta, language)
        for unit, delta in _changes(line).items()
        if delta
    )
    said = None
    if line.kind is TransactionKind.EARN and not amounts:
        said = nothing_words(plan, line.explanations, language)
    return Told(
        words=said.words if said else PAGE_PHRASES[language].cards.events[line.kind],
        amounts=amounts,
        why=said.why if said else "",
        moment=moment,
        text=moment_text(moment, language),
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
