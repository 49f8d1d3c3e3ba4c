"""A history of what clients asked and were told, and whether one ledger explains all of it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import accumulate
from uuid import UUID


class Outcome(StrEnum):
    """What a client knows of what it asked: done, refused, or neither."""

    OK = "ok"
    FAIL = "fail"
    INFO = "info"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A command under its key: when it was first sent and finally answered.

    `effects` is how many transactions it should have, `shown` the stamps it was told of.
    """

    key: str
    card: UUID
    invoked: float
    completed: float
    outcome: Outcome
    effects: int = 1
    shown: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A card as one snapshot showed it: its last transaction's number, and its accounts."""

    card: UUID
    invoked: float
    completed: float
    number: int
    accounts: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A transaction as it is in the books at the end, and what it did to each account."""

    card: UUID
    number: int
    key: str
    deltas: Mapping[str, int]


@dataclass(slots=True)
class History:
    """Everything that clients asked and saw; `crashes` are errors that nobody expects."""

    operations: list[Operation] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    crashes: list[str] = field(default_factory=list)

    def counted(self) -> Counter[str]:
        """Return how many operations came to each outcome."""
        return Counter(str(each.outcome) for each in self.operations)


def contradictions(history: History, posted: Iterable[Posted]) -> list[str]:
    """Return a sentence for everything in a history that the books cannot explain.

    Each acknowledged command is there once, a refused one never, one without an answer at most
    once, and nothing else is. What was answered before another was sent has the lower number, and
    every answer and snapshot shows a card as it was after one of its transactions.
    """
    books: dict[UUID, list[Posted]] = {}
    for each in sorted(posted, key=lambda each: each.number):
        books.setdefault(each.card, []).append(each)
    found = [*history.crashes, *_miscounted(history, books)]
    for card in {*books, *(seen.card for seen in history.seen)}:
        found += _misplaced(history, card, books.get(card, []))
    return found


def _miscounted(history: History, books: Mapping[UUID, list[Posted]]) -> Iterator[str]:
    there = Counter(each.key for posted in books.values() for each in posted)
    for operation in history.operations:
        times = there.pop(operation.key, 0)
        most = 0 if operation.outcome is Outcome.FAIL else operation.effects
        least = most if operation.outcome is Outcome.OK else 0
        if not least <= times <= most:
            yield f"{operation.outcome} {operation.key} is there {times} times"
    for key, times in there.items():
        yield f"{key} was never asked and is there {times} times"


def _misplaced(history: History, card: UUID, posted: list[Posted]) -> Iterator[str]:
    numbers = {each.key: each.number for each in posted}
    if sorted(each.number for each in posted) != list(range(1, len(posted) + 1)):
        yield f"card {card} has gaps"
        return
    nothing: Mapping[str, int] = {}
    prefixes = list(accumulate((each.deltas for each in posted), _added, initial=nothing))
    operations = [each for each in history.operations if each.card == card]
    spans = [
        (each.invoked, each.completed, numbers[each.key], each.key)
        for each in operations
        if each.outcome is Outcome.OK and each.key in numbers
    ]
    for each in operations:
        if each.shown is not None and each.key in numbers:
            there = prefixes[numbers[each.key]].get("available", 0)
            if max(there, 0) != each.shown:
                yield f"{each.key} was told of {each.shown} stamps and left {there}"
    for seen in (seen for seen in history.seen if seen.card == card):
        spans.append((seen.invoked, seen.completed, seen.number, ""))
        if seen.number > len(posted) or not _same(prefixes[seen.number], seen.accounts):
            yield f"card {card} was seen at #{seen.number} with {dict(seen.accounts)}"
        if sum(seen.accounts.values()):
            yield f"card {card} was seen with {dict(seen.accounts)}, which is not nothing in all"
    yield from _out_of_order(spans)


def _out_of_order(spans: list[tuple[float, float, int, str]]) -> Iterator[str]:
    """Yield what was sent after another was answered, and yet is numbered before it.

    A snapshot may show the number of what came last before it, a command has to have a higher.
    """
    answered = sorted(spans, key=lambda span: span[1])
    place, highest = 0, 0
    for invoked, _, number, key in sorted(spans):
        while place < len(answered) and answered[place][1] < invoked:
            highest = max(highest, answered[place][2])
            place += 1
        if number < highest or (number == highest and key):
            yield f"{key or 'a snapshot'} is #{number}, after #{highest} was answered"


def _added(before: Mapping[str, int], deltas: Mapping[str, int]) -> Mapping[str, int]:
    return {
        account: before.get(account, 0) + deltas.get(account, 0)
        for account in {**before, **deltas}
    }


def _same(one: Mapping[str, int], other: Mapping[str, int]) -> bool:
    return {k: v for k, v in one.items() if v} == {k: v for k, v in other.items() if v}
