"""Stamping: a set of cards read together, decided one by one, and written together."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from uuid import UUID

from gateway.domain.earning.evaluation import evaluate
from gateway.domain.errors import AlreadyRecorded, Busy, KeyReused, NotFound, Refusal
from gateway.domain.rules.happenings import Happening
from gateway.presenters.answers import body_of, body_of_refusal
from gateway.presenters.problems import STATUS_OF_KIND
from gateway.services.cards.commands import STATUS_DONE, Answer, StampCard, replay
from gateway.services.cards.earning import Earning, announcements_of, decision_of, stamped
from gateway.services.cards.posting import kept
from gateway.storage.cards.ledger import Ledger
from gateway.storage.cards.postings import Posting, Reading, StoredAnswer, Written
from gateway.storage.cards.versions import Versions

ROUNDS_MAX = 60
PAUSE_SECONDS = 0.002

Reply = Answer | Refusal
"""An answer that is kept for its key, or a refusal that is not."""


@dataclass(frozen=True, slots=True)
class Books:
    """What stamps are written into: the ledger, the versions they are decided by, new ids.

    `ring` wakes the workers after something was written.
    """

    ledger: Callable[[], AbstractAsyncContextManager[Ledger]]
    versions: Versions
    new_id: Callable[[], UUID]
    ring: Callable[[], None]


async def stamp(books: Books, commands: Sequence[StampCard]) -> list[Reply]:
    """Stamp a set of cards; return a reply per command, in order.

    Each reply stands alone: a refusal or an unknown card never fails its neighbours. A card that
    somebody else changed between reading and writing is read and decided again.
    """
    replies: dict[int, Reply] = {}
    waiting = list(range(len(commands)))
    for round_number in range(ROUNDS_MAX):
        turn = _first_of_each(waiting, commands)
        async with books.ledger() as ledger:
            replies |= await _one_round(books, ledger, {n: commands[n] for n in turn})
        waiting = [n for n in waiting if n not in replies]
        if not waiting:
            break
        await asyncio.sleep(PAUSE_SECONDS * min(round_number, 5))
    return [replies.get(n) or Busy() for n in range(len(commands))]


def _first_of_each(waiting: Sequence[int], commands: Sequence[StampCard]) -> list[int]:
    """Return the commands whose card and key are not taken by one before them."""
    seen: set[object] = set()
    turn = []
    for n in waiting:
        command = commands[n]
        names = {
            (command.principal.merchant_id, command.card_id),
            (command.principal.merchant_id, command.principal.name, command.key),
        }
        if seen.isdisjoint(names):
            turn.append(n)
            seen |= names
    return turn


async def _one_round(
    books: Books, ledger: Ledger, commands: dict[int, StampCard]
) -> dict[int, Reply]:
    replies: dict[int, Reply] = {}
    postings: dict[int, Posting] = {}
    readings = await ledger.read([command.question for command in commands.values()])
    for (n, command), reading in zip(commands.items(), readings, strict=True):
        decided = await _decide(books, command, reading)
        if isinstance(decided, Posting):
            postings[n] = decided
        else:
            replies[n] = decided
    if postings:
        written = await ledger.write(list(postings.values()))
        for (n, posting), result in zip(postings.items(), written, strict=True):
            if result is Written.DONE:
                replies[n] = Answer(posting.answer.status, posting.answer.body)
            elif result is Written.RECORDED:
                replies[n] = AlreadyRecorded()
        books.ring()
    return replies


async def _decide(books: Books, command: StampCard, reading: Reading) -> Posting | Reply:
    if reading.answer is not None:
        try:
            return replay(reading.answer, command)
        except KeyReused as refusal:
            return refusal
    if reading.standing is None:
        return NotFound("This card does not exist.")
    standing = reading.standing
    version = await books.versions.of(command.principal.merchant_id, standing.program_version_id)
    visit = Happening(clock=command.clock, location_id=command.location_id)
    outcome = evaluate(version, standing, visit, reading.now)
    if outcome.refusal is not None:
        return _refused(command, outcome.refusal)
    earning = Earning(
        standing=standing,
        version=version,
        outcome=outcome,
        transaction_id=books.new_id(),
        location_id=command.location_id,
        now=reading.now,
    )
    return _granted(books, command, earning)


def _refused(command: StampCard, refusal: Refusal) -> Posting:
    status = int(STATUS_OF_KIND[refusal.kind])
    return kept(command, StoredAnswer(command.fingerprint, status, body_of_refusal(refusal)))


def _granted(books: Books, command: StampCard, earning: Earning) -> Posting:
    body = body_of(stamped(earning, earning.now))
    decision = replace(decision_of(earning), source_event_id=command.source_event_id)
    announcements = announcements_of(earning, books.new_id)
    return kept(
        command,
        StoredAnswer(command.fingerprint, STATUS_DONE, body),
        decision.change_of(earning.standing, earning.now, announcements),
    )
