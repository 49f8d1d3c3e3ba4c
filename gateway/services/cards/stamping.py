"""Stamping: a set of cards read together, decided one by one, and written together."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from gateway.domain.cards import Standing, progress
from gateway.domain.earning import Outcome, Visit, evaluate
from gateway.domain.errors import AlreadyRecorded, Busy, KeyReused, NotFound, Refusal
from gateway.domain.events import CardStamped, Event, RewardEarned
from gateway.domain.ledger import Account, TransactionKind, after
from gateway.domain.programs import ProgramVersion
from gateway.domain.reversals import UNDO_SECONDS_MAX
from gateway.presenters.answers import Explained, Stamped, body_of, body_of_refusal, shown
from gateway.presenters.problems import STATUS_OF_KIND
from gateway.services.cards.commands import STATUS_DONE, Answer, StampCard, replay
from gateway.storage.cards.ledger import (
    Announcement,
    Change,
    Ledger,
    Posting,
    Reading,
    StoredAnswer,
    Written,
)
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
    outcome = evaluate(version, standing, Visit(clock=command.clock), reading.now)
    if outcome.refusal is not None:
        return _refused(command, outcome.refusal)
    return _granted(books, command, version, reading, standing, outcome)


def _refused(command: StampCard, refusal: Refusal) -> Posting:
    status = int(STATUS_OF_KIND[refusal.kind])
    return Posting(
        principal=command.principal,
        origin=command.origin,
        key=command.key,
        card_id=command.card_id,
        answer=StoredAnswer(command.fingerprint, status, body_of_refusal(refusal)),
    )


def _granted(  # noqa: PLR0913, PLR0917 -- everything one decision was made of
    books: Books,
    command: StampCard,
    version: ProgramVersion,
    reading: Reading,
    standing: Standing,
    outcome: Outcome,
) -> Posting:
    transaction_id = books.new_id()
    balance = after(standing.balances, outcome.transfers)[Account.AVAILABLE]
    now = reading.now
    answer = Stamped(
        card_id=standing.card_id,
        transaction_id=transaction_id,
        occurred_at=now,
        stamps_given=balance - standing.available,
        rewards_earned=outcome.rewards_earned,
        progress=shown(progress(balance, version.rule.target)),
        undo_until=now + timedelta(seconds=UNDO_SECONDS_MAX),
        explanations=tuple(
            Explained(
                rule=line.rule,
                matched=line.matched,
                wanted=line.wanted,
                given=line.given,
                reason=line.reason,
            )
            for line in outcome.explanations
        ),
    )
    return Posting(
        principal=command.principal,
        origin=command.origin,
        key=command.key,
        card_id=command.card_id,
        answer=StoredAnswer(command.fingerprint, STATUS_DONE, body_of(answer)),
        change=Change(
            transaction_id=transaction_id,
            occurred_at=now,
            kind=TransactionKind.EARN,
            card_id=standing.card_id,
            version=standing.version,
            program_version_id=version.id,
            location_id=command.location_id,
            transfers=outcome.transfers,
            announcements=tuple(
                Announcement(id=books.new_id(), type=fact.type, data=fact.data())
                for fact in _facts(standing, transaction_id, outcome, balance, version)
            ),
            explanations=outcome.explanations,
            earned_before=standing.last_earned_at,
            last_earned_at=outcome.last_earned_at,
            earned_on=outcome.earned_on,
            earned_that_day=outcome.earned_that_day,
            source_event_id=command.source_event_id,
        ),
    )


def _facts(
    standing: Standing,
    transaction_id: UUID,
    outcome: Outcome,
    balance: int,
    version: ProgramVersion,
) -> list[Event]:
    facts: list[Event] = [
        CardStamped(
            card_id=standing.card_id,
            transaction_id=transaction_id,
            stamps=balance - standing.available,
            balance=balance,
        )
    ]
    if outcome.rewards_earned:
        facts.append(
            RewardEarned(card_id=standing.card_id, rewards_ready=balance // version.rule.target)
        )
    return facts
