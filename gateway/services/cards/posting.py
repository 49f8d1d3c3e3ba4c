"""Carrying out one command on a card inside a unit, where more than the ledger is written."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from gateway.domain.cards import Standing
from gateway.domain.errors import AlreadyRecorded, Busy, Kind, NotFound, Refusal
from gateway.domain.events.base import Event
from gateway.domain.rules.outcomes import Day
from gateway.presenters.answers import body_of_refusal
from gateway.presenters.problems import STATUS_OF_KIND
from gateway.services.cards.commands import STATUS_DONE, Answer, Command, replay
from gateway.storage.cards.postings import (
    Announcement,
    Change,
    Posting,
    Reading,
    StoredAnswer,
    Transaction,
    Written,
)
from gateway.storage.unit import Unit, Units

TRIES_MAX = 20
# The other kinds say nothing about the card, so the same key may be tried again.
FINAL_KINDS = frozenset({Kind.REFUSED, Kind.CONFLICT})


class Lost(Busy):
    """The card changed between reading and writing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(Transaction):
    """What was decided: a transaction, the standing to leave behind, the facts and the answer.

    Of `standing` the version and the balances are those of the reading; what else differs from it
    is kept. When neither transfers nor the day change anything, nothing is posted and only the
    answer is kept.
    """

    standing: Standing
    facts: tuple[Event, ...]
    body: str

    @property
    def is_posted(self) -> bool:
        """Say whether this changes the card's books."""
        return bool(self.transfers) or self.day != Day(day=self.day.day)

    def change_of(
        self, before: Standing, now: datetime, announcements: tuple[Announcement, ...] = ()
    ) -> Change:
        """Return what to post on a card that was read as `before` at `now`.

        What is not announced here, its unit announces.
        """
        return Change(
            transaction=self,
            before=before,
            left=self.standing,
            occurred_at=now,
            announcements=announcements,
        )


Decide = Callable[[Unit, Reading, Standing], Awaitable[Decision]]
Follow = Callable[[Unit], Awaitable[None]]


async def carry_out(
    units: Units, command: Command, decide: Decide, follow: Follow | None = None
) -> Answer:
    """Decide a command inside a unit and post it; a lost race rolls back and is tried again.

    A refusal that is final is kept as the key's answer. `follow` does in the same unit what has
    to come of it once it is posted. Raises `NotFound` for an unknown card, `KeyReused`, and
    `Busy` when the card changed `TRIES_MAX` times.
    """
    for _ in range(TRIES_MAX):
        try:
            async with units(command.principal.merchant_id) as unit:
                answer = await carry_out_in(unit, command, decide)
                if follow is not None and answer.is_done and not answer.replayed:
                    await follow(unit)
                return answer
        except Lost:
            continue
    raise Busy


async def carry_out_in(unit: Unit, command: Command, decide: Decide) -> Answer:
    """Decide a command and post it in a unit that goes on; raises as `carry_out`, and `Lost`."""
    ledger = await unit.ledger()
    (reading,) = await ledger.read([command.question])
    if reading.answer is not None:
        return replay(reading.answer, command)
    if reading.standing is None:
        raise NotFound("This card does not exist.")
    posting = await _posting(unit, command, decide, reading)
    (written,) = await ledger.write([posting])
    if written is Written.RECORDED:
        raise AlreadyRecorded
    if written is not Written.DONE:
        raise Lost
    return Answer(posting.answer.status, posting.answer.body)


async def _posting(unit: Unit, command: Command, decide: Decide, reading: Reading) -> Posting:
    assert reading.standing is not None, "checked before"
    try:
        decision = await decide(unit, reading, reading.standing)
    except Refusal as refusal:
        if isinstance(refusal, Busy) or refusal.kind not in FINAL_KINDS:
            raise
        status = int(STATUS_OF_KIND[refusal.kind])
        return kept(command, StoredAnswer(command.fingerprint, status, body_of_refusal(refusal)))
    answer = StoredAnswer(command.fingerprint, STATUS_DONE, decision.body)
    if not decision.is_posted:
        unit.announce(*decision.facts)
        return kept(command, answer)
    # In the statement that posts what they tell of, which spares one of their own.
    announcements = unit.announced(*decision.facts)
    return kept(command, answer, decision.change_of(reading.standing, reading.now, announcements))


def kept(command: Command, answer: StoredAnswer, change: Change | None = None) -> Posting:
    """Return a command's posting: the answer that is kept for its key, and what it changes."""
    return Posting(
        principal=command.principal,
        origin=command.origin,
        key=command.key,
        card_id=change.before.card_id if change else command.card_id,
        answer=answer,
        change=change,
    )
